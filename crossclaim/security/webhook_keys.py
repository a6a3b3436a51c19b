"""Signatures of Standard Webhooks that a receiver verifies by a public key: v1a, ed25519."""

from __future__ import annotations

import base64
import os

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

PRIVATE, PUBLIC = "whsk_", "whpk_"
_SEED_BYTES = 32


def new_private_key() -> str:
    """``whsk_`` and the seed; it never leaves us."""
    return f"{PRIVATE}{base64.b64encode(os.urandom(_SEED_BYTES)).decode()}"


def public_key_of(private_key: str) -> str:
    """``whpk_`` and the 32 bytes that verify."""
    public = _opened(private_key).public_key().public_bytes_raw()
    return f"{PUBLIC}{base64.b64encode(public).decode()}"


def is_private_key(secret: str) -> bool:
    return secret.startswith(PRIVATE)


def signature(private_key: str, message_id: str, seconds: int, body: bytes) -> str:
    """``v1a,`` and the signature over ``id.timestamp.body``."""
    signed = _opened(private_key).sign(f"{message_id}.{seconds}.".encode() + body)
    return f"v1a,{base64.b64encode(signed).decode()}"


def _opened(private_key: str) -> Ed25519PrivateKey:
    seed = base64.b64decode(private_key.removeprefix(PRIVATE))
    return Ed25519PrivateKey.from_private_bytes(seed)
