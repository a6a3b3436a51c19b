"""The master key: the one secret that opens all others, in a file or in a key service."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any, Protocol

from botocore.exceptions import BotoCoreError, ClientError
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from crossclaim.domain.errors import CrossclaimError, Unavailable
from crossclaim.security.errors import KeyMissing, KeystoreUnsafe, Undecipherable
from crossclaim.security.exclusive_file import create_exclusively
from crossclaim.security.sealing import KEY_BYTES, seal, unseal


class MasterKey(Protocol):
    """Wraps and unwraps short secrets; ``context`` binds a wrapping to what it is for."""

    def wrap(self, secret: bytes, context: str) -> bytes: ...

    def unwrap(self, wrapped: bytes, context: str) -> bytes:
        """Raises ``Undecipherable`` when the wrapping is of another key or context."""
        ...


class FileMasterKey:
    """32 random bytes in a file that only its owner may read; made at first use, once for ever."""

    def __init__(self, path: Path, *, create: bool = True) -> None:
        """``create=False`` where keys wrapped by it exist: a new one could not open them."""
        self._path = path
        self._create = create
        self._lock = threading.Lock()
        self._key: AESGCM | None = None

    def wrap(self, secret: bytes, context: str) -> bytes:
        return seal(self._open(), secret, context.encode())

    def unwrap(self, wrapped: bytes, context: str) -> bytes:
        return unseal(self._open(), wrapped, context.encode())

    def _open(self) -> AESGCM:
        with self._lock:
            if self._key is None:
                self._key = AESGCM(self._read())
            return self._key

    def _read(self) -> bytes:
        if not self._path.exists():
            if not self._create:
                raise KeyMissing(
                    "the master key file is gone while keys wrapped by it exist; "
                    "put back its copy, no new one can open them"
                )
            create_exclusively(self._path, AESGCM.generate_key(bit_length=KEY_BYTES * 8))
        if self._path.stat().st_mode & 0o077:
            raise KeystoreUnsafe("others may read the master key file; allow its owner only (0600)")
        content = self._path.read_bytes()
        if len(content) != KEY_BYTES:
            raise KeystoreUnsafe(f"the master key file does not hold {KEY_BYTES} bytes")
        return content


class KmsMasterKey:
    """A symmetric key in AWS KMS, which never leaves it; ``client`` is boto3's KMS client.

    Tested against an imitation of the protocol only, never against AWS itself.
    """

    def __init__(self, client: Any, key_id: str) -> None:
        self._client = client
        self._key_id = key_id

    def wrap(self, secret: bytes, context: str) -> bytes:
        try:
            answer = self._client.encrypt(
                KeyId=self._key_id, Plaintext=secret, EncryptionContext={"crossclaim": context}
            )
        except (BotoCoreError, ClientError) as error:
            raise _explained(error) from None
        return bytes(answer["CiphertextBlob"])

    def unwrap(self, wrapped: bytes, context: str) -> bytes:
        try:
            answer = self._client.decrypt(
                KeyId=self._key_id,
                CiphertextBlob=wrapped,
                EncryptionContext={"crossclaim": context},
            )
        except (BotoCoreError, ClientError) as error:
            raise _explained(error) from None
        return bytes(answer["Plaintext"])


_NOT_OURS = {"InvalidCiphertextException", "IncorrectKeyException"}


def _explained(error: BotoCoreError | ClientError) -> CrossclaimError:
    code = (
        error.response["Error"]["Code"] if isinstance(error, ClientError) else type(error).__name__
    )
    if code in _NOT_OURS:
        return Undecipherable("the key service does not open this wrapping under this context")
    return Unavailable(f"the key service does not answer: {code}")
