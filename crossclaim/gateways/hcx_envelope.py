"""An HCX message as it travels: a JWE for the recipient, and a token that proves its sender.

A JWE shows nobody's hand, since everybody may encrypt under a public key. So each message carries
``Authorization: Bearer`` with a short JWT that the sender signs over recipient, call id and the
SHA-256 of the JWE.
"""

from __future__ import annotations

import base64
import hashlib
import json
from datetime import datetime
from typing import Any

from joserfc import jwe, jwt
from joserfc.errors import JoseError
from joserfc.jwk import RSAKey

from crossclaim.domain.hcx import Headers
from crossclaim.domain.hcx_errors import HcxCode, HcxError
from crossclaim.gateways import strict_json
from crossclaim.gateways.hcx_keys import KeyBook, OwnKey

CONTENT = "A256GCM"
KEY_WRAPS = ("RSA-OAEP-256", "RSA-OAEP")
SIGNATURE = "PS256"
TOKEN_LIFE_S = 300
PAYLOAD_LIMIT_BYTES = 8 * 1024 * 1024
_HEADER_LIMIT_BYTES = 8 * 1024


class _Registry(jwe.JWERegistry):
    """Takes documents inside the payload; what it may open is named, so nothing is unpacked."""

    max_protected_header_length = _HEADER_LIMIT_BYTES
    max_ciphertext_length = PAYLOAD_LIMIT_BYTES


_REGISTRY = _Registry(algorithms=[*KEY_WRAPS, CONTENT], strict_check_header=False)


def seal(headers: Headers, content: bytes, key: RSAKey) -> str:
    """The JWE in compact form, for the holder of ``key``."""
    protected = {"alg": KEY_WRAPS[0], "enc": CONTENT, "kid": key.kid, **headers.wire()}
    return jwe.encrypt_compact(protected, content, key, registry=_REGISTRY)


def protected_headers(compact: str) -> dict[str, Any]:
    """What stands in front, unproved. Raises ``HcxError``."""
    parts = compact.split(".")
    if len(parts) != 5 or not all(parts):
        raise HcxError(HcxCode.PAYLOAD, "not five parts")
    if len(parts[0]) > _HEADER_LIMIT_BYTES:
        raise HcxError(HcxCode.TOO_LARGE, "protected header")
    try:
        raw = base64.urlsafe_b64decode(parts[0] + "=" * (-len(parts[0]) % 4))
        said = strict_json.loads(raw)
    except ValueError:
        raise HcxError(HcxCode.PAYLOAD, "the protected header is not JSON") from None
    if not isinstance(said, dict):
        raise HcxError(HcxCode.PAYLOAD, "the protected header is no object")
    if said.get("alg") not in KEY_WRAPS or said.get("enc") != CONTENT or "zip" in said:
        raise HcxError(HcxCode.ENCRYPTION, "alg, enc or zip is not allowed")
    return said


def opened(compact: str, keys: list[OwnKey]) -> bytes:
    """The content, by one of the recipient's keys in force. Raises ``HcxError``."""
    kid = protected_headers(compact).get("kid")
    fitting = [key for key in keys if kid in (None, key.kid)]
    for key in fitting:
        try:
            found = jwe.decrypt_compact(compact, key.key, registry=_REGISTRY)
        except (JoseError, ValueError, TypeError):
            continue
        if found.plaintext is not None:
            return found.plaintext
    raise HcxError(HcxCode.ENCRYPTION, "no key in force opens it" if fitting else "unknown key")


def token(headers: Headers, compact: str, key: OwnKey, at: datetime) -> str:
    """Says that the sender sent this very message, now."""
    issued = int(at.timestamp())
    claims = {
        "iss": headers.sender,
        "aud": headers.recipient,
        "jti": headers.api_call_id,
        "iat": issued,
        "exp": issued + TOKEN_LIFE_S,
        "sha256": _digest(compact),
    }
    protected = {"alg": SIGNATURE, "typ": "JWT", "kid": key.kid}
    return jwt.encode(protected, claims, key.key, algorithms=[SIGNATURE])


def check_token(
    authorization: str, headers: Headers, compact: str, book: KeyBook, at: datetime
) -> None:
    """Raises ``HcxError`` unless the sender himself signed this message a moment ago."""
    scheme, _, text = authorization.partition(" ")
    if scheme.lower() != "bearer" or not text:
        raise HcxError(HcxCode.ACCESS, "no bearer token")
    for key in book.signing_keys(headers.sender, at):
        try:
            claims = jwt.decode(text.strip(), key, algorithms=[SIGNATURE]).claims
        except (JoseError, ValueError, TypeError):
            continue
        _check_claims(claims, headers, compact, at)
        return
    raise HcxError(HcxCode.ACCESS, "not signed by a key of the sender in force")


def _check_claims(claims: dict[str, Any], headers: Headers, compact: str, at: datetime) -> None:
    expected = {
        "iss": headers.sender,
        "aud": headers.recipient,
        "jti": headers.api_call_id,
        "sha256": _digest(compact),
    }
    wrong = sorted(name for name, value in expected.items() if claims.get(name) != value)
    if wrong:
        raise HcxError(HcxCode.ACCESS, f"the token is about another message: {', '.join(wrong)}")
    now, issued, ends = at.timestamp(), claims.get("iat"), claims.get("exp")
    if not isinstance(issued, int) or not isinstance(ends, int):
        raise HcxError(HcxCode.ACCESS, "the token has no iat or exp")
    if not (issued - TOKEN_LIFE_S <= now < ends <= issued + TOKEN_LIFE_S):
        raise HcxError(HcxCode.ACCESS, "the token is too old or not yet good")


def _digest(compact: str) -> str:
    return hashlib.sha256(compact.encode()).hexdigest()


def body(compact: str) -> bytes:
    return json.dumps({"payload": compact}).encode()


def compact_of(raw: bytes) -> str:
    """The JWE of a request's body. Raises ``HcxError``."""
    try:
        said = strict_json.loads(raw)
    except ValueError:
        raise HcxError(HcxCode.PAYLOAD, "not JSON") from None
    payload = said.get("payload") if isinstance(said, dict) else None
    if not isinstance(payload, str) or not payload.isascii() or set(said) != {"payload"}:
        raise HcxError(HcxCode.PAYLOAD)
    return payload
