"""Epoch keys: each wraps the data keys of its time, and is itself wrapped by the master key.

They stand in files of their own directory, which no database backup may contain: who destroys an
epoch key makes every data key wrapped by it worthless, in every copy of the database.
"""

from __future__ import annotations

import base64
import re
import secrets
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from pydantic import BaseModel, ConfigDict, ValidationError

from crossclaim.security.errors import KeyDestroyed, KeyMissing, KeystoreUnsafe
from crossclaim.security.exclusive_file import create_exclusively, replace_and_wipe
from crossclaim.security.expiring_cache import ExpiringCache
from crossclaim.security.master_key import FileMasterKey, KmsMasterKey, MasterKey
from crossclaim.security.sealing import KEY_BYTES, seal, unseal

__all__ = ["EpochKeystore", "FileMasterKey", "KmsMasterKey", "MasterKey"]

KEY_AGE_MAX_S = 60.0
_EPOCH_FILE = re.compile(r"^(ek_[0-9]{6})\.json$")
_PLATFORM = "platform"


class _KeyFile(BaseModel):
    """One wrapped key as it stands on disk; ``wrapped_key`` is empty once it is destroyed."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    key_id: str
    wrapped_key: str
    created_at: datetime
    destroyed_at: datetime | None = None


class EpochKeystore:
    """The keys of one directory; safe for many threads and processes at once.

    Raises ``KeyMissing`` for an unknown epoch and ``KeyDestroyed`` for one that was destroyed.
    """

    def __init__(
        self,
        directory: Path,
        master: MasterKey | None = None,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Without ``master`` the master key is the file ``master.key`` of the same directory."""
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._directory = directory
        self._master = master or FileMasterKey(
            directory / "master.key", create=not any(directory.glob("*.json"))
        )
        # The file's identity is part of the cache's key, so a destruction counts at once.
        self._opened: ExpiringCache[tuple[str, int, int], bytes] = ExpiringCache(
            entries_max=64, age_max_s=KEY_AGE_MAX_S, clock=clock
        )

    def epochs(self) -> list[str]:
        """All epochs, the oldest first, the destroyed ones included."""
        names = (_EPOCH_FILE.match(path.name) for path in self._directory.iterdir())
        return sorted(name[1] for name in names if name)

    def current_epoch(self) -> str:
        """The newest epoch; the first one is made when there is none."""
        epochs = self.epochs()
        if epochs:
            return epochs[-1]
        self._create("ek_000001")
        return self.current_epoch()

    def new_epoch(self) -> str:
        """Makes a new epoch key, under which keys are wrapped from now on."""
        while True:
            epochs = self.epochs()
            number = int(epochs[-1].removeprefix("ek_")) + 1 if epochs else 1
            name = f"ek_{number:06d}"
            if self._create(name):
                return name

    def destroy_epoch(self, epoch: str) -> None:
        """Destroys an epoch key for good; a second call does nothing.

        The caller answers for it that every key worth keeping, those of open transactions
        included, has been re-wrapped under a newer epoch.
        """
        file = self._read(epoch)
        if file.destroyed_at is not None:
            return
        if epoch == self.current_epoch():
            self.new_epoch()
        emptied = file.model_copy(update={"wrapped_key": "", "destroyed_at": datetime.now(UTC)})
        replace_and_wipe(self._path(epoch), emptied.model_dump_json().encode())

    def wrap(self, data_key: bytes, epoch: str, *, scope: str, key_id: str) -> bytes:
        return seal(AESGCM(self._key(epoch)), data_key, _bound_to(epoch, scope, key_id))

    def unwrap(self, wrapped: bytes, epoch: str, *, scope: str, key_id: str) -> bytes:
        """Raises ``Undecipherable`` when the wrapping is of another epoch, scope or key id."""
        return unseal(AESGCM(self._key(epoch)), wrapped, _bound_to(epoch, scope, key_id))

    def platform_key(self, purpose: str) -> bytes:
        """A key of the whole platform for one purpose, the same for ever (HKDF-SHA256).

        It is derived from a secret that the master key wraps, because a master key inside a key
        service cannot be derived from.
        """
        if not self._path(_PLATFORM).exists():
            self._create(_PLATFORM)
        derivation = HKDF(
            algorithm=hashes.SHA256(), length=KEY_BYTES, salt=None, info=purpose.encode()
        )
        return derivation.derive(self._key(_PLATFORM))

    def _create(self, name: str) -> bool:
        wrapped = self._master.wrap(secrets.token_bytes(KEY_BYTES), f"epoch|{name}")
        file = _KeyFile(
            key_id=name,
            wrapped_key=base64.b64encode(wrapped).decode(),
            created_at=datetime.now(UTC),
        )
        return create_exclusively(self._path(name), file.model_dump_json().encode())

    def _key(self, name: str) -> bytes:
        try:
            status = self._path(name).stat()
        except FileNotFoundError:
            raise KeyMissing(f"the keystore has no key {name}") from None
        version = (name, status.st_ino, status.st_mtime_ns)
        key = self._opened.get(version)
        if key is None:
            key = self._open(self._read(name))
            self._opened.put(version, key)
        return key

    def _open(self, file: _KeyFile) -> bytes:
        if file.destroyed_at is not None:
            raise KeyDestroyed(f"the key {file.key_id} was destroyed")
        return self._master.unwrap(base64.b64decode(file.wrapped_key), f"epoch|{file.key_id}")

    def _read(self, name: str) -> _KeyFile:
        try:
            return _KeyFile.model_validate_json(self._path(name).read_bytes())
        except FileNotFoundError:
            raise KeyMissing(f"the keystore has no key {name}") from None
        except ValidationError:
            raise KeystoreUnsafe(f"the key file {name} is damaged; put back its copy") from None

    def _path(self, name: str) -> Path:
        return self._directory / f"{name}.json"


def _bound_to(epoch: str, scope: str, key_id: str) -> bytes:
    return f"{epoch}|{scope}|{key_id}".encode()
