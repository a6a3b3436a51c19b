"""API keys of organisations: shown once, kept as a SHA-256, compared in constant time.

A key reads ``cc_<environment>_<prefix>_<secret>``. The prefix finds the row and is no secret; the
secret has 256 random bits, so a fast hash is enough.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets

from pydantic import BaseModel, ConfigDict

from crossclaim.domain.errors import NotAuthenticated

_SHAPE = re.compile(r"^cc_[a-z0-9]{1,16}_([0-9a-f]{12})_[0-9a-f]{64}$")
_ENVIRONMENT = re.compile(r"^[a-z0-9]{1,16}$")


class ApiKeyRecord(BaseModel):
    """What is kept of a key."""

    model_config = ConfigDict(frozen=True)

    prefix: str
    sha256: str


_NOBODY = ApiKeyRecord(prefix="0" * 12, sha256="0" * 64)


def new_key(environment: str) -> tuple[str, ApiKeyRecord]:
    """A fresh key, to be shown once, and its record. ``environment`` is e.g. ``live``, ``demo``."""
    if not _ENVIRONMENT.match(environment):
        raise ValueError("an environment is 1 to 16 lower-case letters or digits")
    prefix = secrets.token_hex(6)
    plaintext = f"cc_{environment}_{prefix}_{secrets.token_hex(32)}"
    return plaintext, ApiKeyRecord(prefix=prefix, sha256=_digest(plaintext))


def prefix_of(plaintext: str) -> str:
    """The prefix to look the record up by. Raises ``NotAuthenticated`` for any other shape."""
    shape = _SHAPE.match(plaintext)
    if shape is None:
        raise NotAuthenticated("this is not an API key of this platform")
    return shape[1]


def verify(plaintext: str, record: ApiKeyRecord | None) -> bool:
    """Whether the key is the record's; an unknown prefix (``None``) takes as long to refuse."""
    kept = record or _NOBODY
    same = hmac.compare_digest(_digest(plaintext), kept.sha256)
    return same and record is not None


def _digest(plaintext: str) -> str:
    return hashlib.sha256(plaintext.encode()).hexdigest()
