"""Signatures of the platform (ed25519): roots of the audit, certificates of erasure."""

from __future__ import annotations

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from crossclaim.security.keys import EpochKeystore

_PURPOSE = "platform signature ed25519"


class Signer:
    """Signs under a key derived from the keystore: it stands in no database and in no backup."""

    def __init__(self, keystore: EpochKeystore) -> None:
        self._keystore = keystore

    @property
    def public_key(self) -> str:
        """Hex, as it is published."""
        return self._private().public_key().public_bytes_raw().hex()

    def sign(self, content: bytes) -> str:
        """Hex."""
        return self._private().sign(content).hex()

    def _private(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(self._keystore.platform_key(_PURPOSE))


def is_signed(public_key: str, content: bytes, signature: str) -> bool:
    """Whether ``signature`` is that of the holder of ``public_key``; both hex."""
    try:
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(public_key))
        key.verify(bytes.fromhex(signature), content)
    except (InvalidSignature, ValueError):
        return False
    return True
