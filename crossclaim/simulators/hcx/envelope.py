"""Messages of the exchange as this participant reads and writes them."""

from __future__ import annotations

import base64
import hashlib
import json
import time
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from joserfc import jwe, jwt
from joserfc.errors import JoseError
from joserfc.jwk import RSAKey

from crossclaim.simulators.hcx.keys import Keys

_NEEDED = ("sender_code", "recipient_code", "api_call_id", "correlation_id", "timestamp")


class _Registry(jwe.JWERegistry):
    max_protected_header_length = 8192
    max_ciphertext_length = 8 * 1024 * 1024


_ALGORITHMS = ["RSA-OAEP", "RSA-OAEP-256", "A256GCM"]
_REGISTRY = _Registry(algorithms=_ALGORITHMS, strict_check_header=False)


class Refused(Exception):
    """What this participant does not take: code of the catalogue and HTTP status."""

    def __init__(self, code: str, status: int = 400, trace: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.status = status
        self.trace = trace


@dataclass(frozen=True)
class Message:
    headers: dict[str, Any]
    content: bytes

    def said(self, name: str) -> str:
        return str(self.headers.get(f"x-hcx-{name}", ""))


def read(raw: bytes, authorization: str, keys: Keys, code: str) -> Message:
    """Raises ``Refused``."""
    try:
        compact = str(json.loads(raw)["payload"])
        front = compact.split(".")[0]
        headers = json.loads(base64.urlsafe_b64decode(front + "=" * (-len(front) % 4)))
    except (ValueError, KeyError, TypeError):
        raise Refused("ERR_INVALID_PAYLOAD") from None
    if any(not headers.get(f"x-hcx-{name}") for name in _NEEDED):
        raise Refused("ERR_MANDATORY_HEADER_MISSING")
    if headers["x-hcx-recipient_code"] != code:
        raise Refused("ERR_INVALID_RECIPIENT")
    _uuids(headers)
    said = datetime.fromisoformat(headers["x-hcx-timestamp"])
    if abs((datetime.now(UTC) - said).total_seconds()) > 300:
        raise Refused("ERR_INVALID_TIMESTAMP")
    _proved(authorization, compact, headers, keys)
    try:
        opened = jwe.decrypt_compact(compact, keys.opening, registry=_REGISTRY)
    except (JoseError, ValueError):
        raise Refused("ERR_INVALID_ENCRYPTION") from None
    return Message(headers, opened.plaintext or b"")


def _uuids(headers: dict[str, Any]) -> None:
    for name in ("api_call_id", "correlation_id"):
        try:
            uuid.UUID(headers[f"x-hcx-{name}"])
        except ValueError:
            raise Refused(f"ERR_INVALID_{name.upper()}") from None


def _proved(authorization: str, compact: str, headers: dict[str, Any], keys: Keys) -> None:
    digest = hashlib.sha256(compact.encode()).hexdigest()
    for key in keys.peer("sig"):
        try:
            claims = jwt.decode(
                authorization.removeprefix("Bearer "), key, algorithms=["PS256"]
            ).claims
        except (JoseError, ValueError):
            continue
        about = (claims["iss"], claims["jti"], claims["sha256"])
        wanted = (headers["x-hcx-sender_code"], headers["x-hcx-api_call_id"], digest)
        if about == wanted and claims["exp"] > time.time():
            return
    raise Refused("ERR_ACCESS_DENIED", 401)


def write(headers: dict[str, Any], content: str, key: RSAKey, signing: RSAKey) -> tuple[bytes, str]:
    """Body and ``Authorization``."""
    protected = {"alg": "RSA-OAEP-256", "enc": "A256GCM", "kid": key.kid, **headers}
    compact = jwe.encrypt_compact(protected, content.encode(), key, registry=_REGISTRY)
    now = int(time.time())
    claims = {
        "iss": headers["x-hcx-sender_code"],
        "aud": headers["x-hcx-recipient_code"],
        "jti": headers["x-hcx-api_call_id"],
        "iat": now,
        "exp": now + 300,
        "sha256": hashlib.sha256(compact.encode()).hexdigest(),
    }
    signed = jwt.encode(
        {"alg": "PS256", "typ": "JWT", "kid": signing.kid}, claims, signing, algorithms=["PS256"]
    )
    return json.dumps({"payload": compact}).encode(), f"Bearer {signed}"
