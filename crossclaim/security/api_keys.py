"""API keys of organisations: shown once, kept as an argon2 hash.

A key reads ``cc_<environment>_<prefix>_<secret>``. The prefix finds the row and is no secret. The
secret has 256 random bits; the hash is slow all the same, so whoever checks keys remembers which
one it has checked. A key of an older build is kept as a SHA-256 until it is shown the next time.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from pydantic import BaseModel, ConfigDict

from crossclaim.domain.errors import NotAuthenticated

_SHAPE = re.compile(r"^cc_[a-z0-9]{1,16}_([0-9a-f]{12})_[0-9a-f]{64}$")
_ENVIRONMENT = re.compile(r"^[a-z0-9]{1,16}$")
# Argon2id. What it hashes here is random and long, not chosen by people, so no guess gets cheaper
# by a faster hash; these cost about 5 ms, and a stranger cannot make us spend them (``verify``).
_HASHER = PasswordHasher(time_cost=1, memory_cost=8_192, parallelism=1)


class ApiKeyRecord(BaseModel):
    """What is kept of a key: one of the two hashes."""

    model_config = ConfigDict(frozen=True)

    prefix: str
    argon2: str | None = None
    sha256: str | None = None


def new_key(environment: str) -> tuple[str, ApiKeyRecord]:
    """A fresh key, to be shown once, and its record. ``environment`` is e.g. ``live``, ``demo``."""
    if not _ENVIRONMENT.match(environment):
        raise ValueError("an environment is 1 to 16 lower-case letters or digits")
    prefix = secrets.token_hex(6)
    plaintext = f"cc_{environment}_{prefix}_{secrets.token_hex(32)}"
    return plaintext, ApiKeyRecord(prefix=prefix, argon2=slow_hash(plaintext))


def prefix_of(plaintext: str) -> str:
    """The prefix to look the record up by. Raises ``NotAuthenticated`` for any other shape."""
    shape = _SHAPE.match(plaintext)
    if shape is None:
        raise NotAuthenticated("this is not an API key of this platform")
    return shape[1]


def verify(plaintext: str, record: ApiKeyRecord | None) -> bool:
    """Whether the key is the record's. An unknown prefix is refused at once: prefixes are no
    secret, and a slow refusal would let strangers spend our processor."""
    if record is None:
        return False
    if record.argon2 is not None:
        return is_hash_of(record.argon2, plaintext)
    return hmac.compare_digest(_digest(plaintext), record.sha256 or "")


def slow_hash(secret: str) -> str:
    """An argon2id hash with its parameters and salt in it."""
    return _HASHER.hash(secret)


def is_hash_of(kept: str, secret: str) -> bool:
    """Whether ``kept`` was made of ``secret``; False for what is no hash at all."""
    try:
        return _HASHER.verify(kept, secret)
    except (VerificationError, InvalidHashError):
        return False


def _digest(plaintext: str) -> str:
    return hashlib.sha256(plaintext.encode()).hexdigest()
