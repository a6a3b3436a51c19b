"""How a system proves who it is at the token endpoint: a JWT signed by its own key (RFC 7523)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import import_key
from joserfc.jws import extract_compact
from pydantic import BaseModel, ConfigDict

ALGORITHMS = ("ES256", "ES384", "PS256", "RS384")
"""Asymmetric ones alone: a public key can never be taken for a shared secret."""
LIFE_MAX_S = 300
LEEWAY_S = 60


class ProvenAssertion(BaseModel):
    """An assertion that holds; whether it was shown before is for the caller's table to say."""

    model_config = ConfigDict(frozen=True)

    jti_sha256: str
    expires_at: datetime


def issuer_of(assertion: str) -> str | None:
    """Whose it says it is, unproven: finds the keys to prove it with."""
    try:
        claims = json.loads(extract_compact(assertion.encode()).payload)
    except (JoseError, ValueError, TypeError, UnicodeError):
        return None
    issuer = claims.get("iss") if isinstance(claims, dict) else None
    return issuer if isinstance(issuer, str) else None


def proven(
    assertion: str,
    keys: Sequence[dict[str, Any]],
    *,
    client_id: str,
    audience: str,
    now: Callable[[], datetime],
) -> ProvenAssertion | None:
    """None for a foreign key, another audience or party, a life that is over or too long."""
    at = int(now().timestamp())
    exactly_client = {"essential": True, "value": client_id}
    registry = jwt.JWTClaimsRegistry(
        now=lambda: at,
        leeway=LEEWAY_S,
        iss=exactly_client,  # type: ignore[arg-type]
        sub=exactly_client,  # type: ignore[arg-type]
        aud={"essential": True, "value": audience},
        exp={"essential": True},
        jti={"essential": True},
    )
    told = _signed_by_one_of(assertion, keys)
    if told is None:
        return None
    try:
        registry.validate(told)
    except (JoseError, ValueError, TypeError):
        return None
    expires, jti = int(told["exp"]), told["jti"]
    if expires > at + LIFE_MAX_S + LEEWAY_S or not isinstance(jti, str) or not jti:
        return None
    return ProvenAssertion(
        jti_sha256=hashlib.sha256(jti.encode()).hexdigest(),
        expires_at=datetime.fromtimestamp(expires + LEEWAY_S, UTC),
    )


def _signed_by_one_of(assertion: str, keys: Sequence[dict[str, Any]]) -> dict[str, Any] | None:
    """The claims; each key is tried, since an assertion need not name its own."""
    for key in keys:
        try:
            return jwt.decode(assertion, import_key(key), algorithms=ALGORITHMS).claims
        except (JoseError, ValueError, TypeError, KeyError):
            continue
    return None
