"""A certificate authority of this data directory, and the certificate the simulators show."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from crossclaim.stack.secret import write_private

VALID_FOR = timedelta(days=825)
RENEW_BEFORE = timedelta(days=30)
CLOCK_SLACK = timedelta(hours=1)
LOCAL = "127.0.0.1"


@dataclass(frozen=True)
class Certificates:
    """Files in PEM: whom to trust, and what a server on this machine shows."""

    authority: Path
    certificate: Path
    key: Path


def ensure(folder: Path, *, host: str = LOCAL, now: datetime | None = None) -> Certificates:
    """The certificates under ``folder``, made anew when absent, near their end or without ``host``.

    They always hold for ``localhost`` and 127.0.0.1 as well.
    """
    now = now or datetime.now(UTC)
    paths = Certificates(folder / "ca.pem", folder / "server.pem", folder / "server-key.pem")
    if not _holds(paths, host, now):
        _issue(paths, host, now)
    return paths


def _holds(paths: Certificates, host: str, now: datetime) -> bool:
    try:
        authority = x509.load_pem_x509_certificate(paths.authority.read_bytes())
        server = x509.load_pem_x509_certificate(paths.certificate.read_bytes())
        server.verify_directly_issued_by(authority)
        paths.key.read_bytes()
        names = server.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except (OSError, ValueError, TypeError, InvalidSignature, x509.ExtensionNotFound):
        return False
    if any(name not in names for name in _alternatives(host)):
        return False
    return now + RENEW_BEFORE < min(authority.not_valid_after_utc, server.not_valid_after_utc)


def _alternatives(host: str) -> list[x509.GeneralName]:
    names: list[x509.GeneralName] = [
        x509.DNSName("localhost"),
        x509.IPAddress(ipaddress.ip_address(LOCAL)),
    ]
    return names if host == LOCAL else [*names, x509.DNSName(host)]


def _issue(paths: Certificates, host: str, now: datetime) -> None:
    authority_key = ec.generate_private_key(ec.SECP256R1())
    authority_name = _name("crossclaim local authority")
    authority = (
        _builder(authority_name, authority_name, authority_key.public_key(), now)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs_certificates=True), critical=True)
        .add_extension(_key_id(authority_key), critical=False)
        .sign(authority_key, hashes.SHA256())
    )
    key = ec.generate_private_key(ec.SECP256R1())
    issuer_id = x509.AuthorityKeyIdentifier.from_issuer_public_key(authority_key.public_key())
    server = (
        _builder(_name("localhost"), authority_name, key.public_key(), now)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.SubjectAlternativeName(_alternatives(host)), critical=False)
        .add_extension(_usage(signs_certificates=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(_key_id(key), critical=False)
        .add_extension(issuer_id, critical=False)
        .sign(authority_key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    # The authority's own key is not kept: renewing makes a new authority.
    write_private(paths.key, _private_pem(key))
    write_private(paths.certificate, server.public_bytes(pem))
    write_private(paths.authority, authority.public_bytes(pem))


def _private_pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )


def _name(common_name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])


def _key_id(key: ec.EllipticCurvePrivateKey) -> x509.SubjectKeyIdentifier:
    return x509.SubjectKeyIdentifier.from_public_key(key.public_key())


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey, now: datetime
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - CLOCK_SLACK)
        .not_valid_after(now + VALID_FOR)
    )


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=True,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        encipher_only=False,
        decipher_only=False,
    )
