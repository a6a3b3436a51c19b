"""Signed manifests: Ed25519 over canonical JSON, verified with the public key and nothing else."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from typing import Any

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_public_key,
)
from pydantic import ValidationError

from crossclaim.domain.errors import CrossclaimError
from crossclaim.domain.manifest import Manifest
from crossclaim.security.keys import EpochKeystore

_PURPOSE = "manifest-signature"
_MEMBERS = {"algorithm", "key", "manifest", "signature"}
_ALGORITHM = "Ed25519"
MAX_BYTES = 4 * 1024 * 1024


class ManifestRefused(CrossclaimError):
    """The manifest is not one of ours, or not as it was signed."""

    status = 422
    code = "MANIFEST_REFUSED"


class ManifestKey:
    """Signs as the platform; the key is derived from the platform's secret and never stored."""

    def __init__(self, keystore: EpochKeystore) -> None:
        self._keystore = keystore

    def signed(self, manifest: Manifest) -> bytes:
        """The same manifest is signed to the same bytes."""
        told = manifest.model_dump(mode="json")
        signature = self._private().sign(_canonical(told))
        whole = {
            "algorithm": _ALGORITHM,
            "key": key_id(self._private().public_key()),
            "manifest": told,
            "signature": base64.b64encode(signature).decode(),
        }
        return (json.dumps(whole, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()

    def public_pem(self) -> str:
        """What is given to the other side, once, by another way than the papers."""
        public = self._private().public_key()
        return public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()

    def _private(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(self._keystore.platform_key(_PURPOSE))


def key_id(public: Ed25519PublicKey) -> str:
    raw = public.public_bytes(Encoding.Raw, PublicFormat.Raw)
    return hashlib.sha256(raw).hexdigest()[:16]


def read_public(pem: bytes) -> Ed25519PublicKey:
    """Raises ``ManifestRefused`` for anything but an Ed25519 public key."""
    try:
        public = load_pem_public_key(pem)
    except (ValueError, UnsupportedAlgorithm):
        raise ManifestRefused("The key is no public key in PEM form.") from None
    if not isinstance(public, Ed25519PublicKey):
        raise ManifestRefused("The key is no Ed25519 key.")
    return public


def verified(signed: bytes, public: Ed25519PublicKey) -> Manifest:
    """What was signed. Raises ``ManifestRefused``; nothing is believed before the signature.

    The algorithm is ours, whatever the file says; the key is the caller's, whatever it names.
    """
    whole = _opened(signed)
    try:
        signature = base64.b64decode(str(whole["signature"]), validate=True)
        public.verify(signature, _canonical(whole["manifest"]))
    except (InvalidSignature, binascii.Error, ValueError):
        raise ManifestRefused("The signature is not that of this key over this manifest.") from None
    try:
        return Manifest.model_validate(whole["manifest"])
    except ValidationError:
        raise ManifestRefused("The manifest is of another form than this command knows.") from None


def _opened(signed: bytes) -> dict[str, Any]:
    if len(signed) > MAX_BYTES:
        raise ManifestRefused("The manifest is too large.")
    try:
        whole = json.loads(signed, object_pairs_hook=_once)
    except (ValueError, RecursionError):
        raise ManifestRefused("The manifest is no JSON in which each member stands once.") from None
    right = isinstance(whole, dict) and set(whole) == _MEMBERS
    if not right or whole["algorithm"] != _ALGORITHM or not isinstance(whole["manifest"], dict):
        raise ManifestRefused("The file is no signed manifest.")
    return dict(whole)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("a member stands twice")
    return members


def _canonical(manifest: Any) -> bytes:
    return json.dumps(
        manifest, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
    ).encode("utf-8", "surrogatepass")
