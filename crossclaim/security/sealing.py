"""AES-256-GCM with a random 96-bit nonce in front of the ciphertext."""

from __future__ import annotations

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from crossclaim.security.errors import Undecipherable

KEY_BYTES = 32
NONCE_BYTES = 12
_TAG_BYTES = 16


def seal(key: AESGCM, plaintext: bytes, bound_to: bytes) -> bytes:
    """Nonce, ciphertext and tag; opens only with the same key and the same ``bound_to``."""
    nonce = os.urandom(NONCE_BYTES)
    return nonce + key.encrypt(nonce, plaintext, bound_to)


def unseal(key: AESGCM, sealed: bytes, bound_to: bytes) -> bytes:
    """The plaintext. Raises ``Undecipherable`` when a byte, the key or ``bound_to`` differs."""
    if len(sealed) < NONCE_BYTES + _TAG_BYTES:
        raise Undecipherable("sealed data are shorter than a nonce and a tag")
    try:
        return key.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], bound_to)
    except InvalidTag:
        # The library's exception carries no text worth keeping, and no chain may carry the data.
        raise Undecipherable("sealed data do not open under this key and context") from None
