"""Our own access tokens (RFC 9068): short JWTs signed with ES256, and nothing else is believed."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import datetime, timedelta

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, KeySet
from pydantic import BaseModel, ConfigDict

ALGORITHM = "ES256"
TYPE = "at+jwt"
LEEWAY_S = 60


class ReadToken(BaseModel):
    """What a token that is ours and in force says."""

    model_config = ConfigDict(frozen=True)

    client_id: str
    issued_at: int
    scopes: frozenset[str] | None = None


def new_signing_key() -> ECKey:
    return ECKey.generate_key("P-256", {"kid": secrets.token_hex(8), "use": "sig"}, private=True)


def minted(
    key: ECKey,
    *,
    issuer: str,
    client_id: str,
    scopes: frozenset[str] | None,
    at: datetime,
    life: timedelta,
) -> str:
    """A token for our own API alone. It names the client, whose rights are read from its row."""
    claims: dict[str, object] = {
        "iss": issuer,
        "aud": issuer,
        "sub": client_id,
        "client_id": client_id,
        "iat": int(at.timestamp()),
        "exp": int((at + life).timestamp()),
        "jti": secrets.token_hex(16),
    }
    if scopes is not None:
        claims["scope"] = " ".join(sorted(scopes))
    header = {"alg": ALGORITHM, "typ": TYPE, "kid": key.kid}
    return jwt.encode(header, claims, key, algorithms=[ALGORITHM])


def read(token: str, keys: KeySet, *, issuer: str, now: Callable[[], datetime]) -> ReadToken | None:
    """None for another algorithm, key, type, issuer or audience, and before or after its time."""
    registry = jwt.JWTClaimsRegistry(
        now=lambda: int(now().timestamp()),
        leeway=0,
        iss={"essential": True, "value": issuer},
        aud={"essential": True, "value": issuer},
        sub={"essential": True},
        client_id={"essential": True},
        iat={"essential": True},
        exp={"essential": True},
    )
    try:
        told = jwt.decode(token, keys, algorithms=[ALGORITHM])
        if told.header.get("typ") != TYPE:
            return None
        registry.validate(told.claims)
    except (JoseError, ValueError, TypeError, KeyError):
        return None
    client_id, scope = told.claims["client_id"], told.claims.get("scope")
    if client_id != told.claims["sub"]:
        return None
    scopes = None if scope is None else frozenset(str(scope).split())
    return ReadToken(client_id=client_id, issued_at=int(told.claims["iat"]), scopes=scopes)
