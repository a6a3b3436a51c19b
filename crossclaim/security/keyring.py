"""The keyring seals and opens with the data key of a scope, and answers exact look-ups.

Sealed form: ``CK``, version 1, length of the key id, key id, nonce, ciphertext with tag. Scope,
field and key id are bound to the ciphertext, so it opens nowhere else.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Collection
from contextlib import suppress

from crossclaim.domain.mentions import record_of
from crossclaim.security.blind_index import BlindIndex
from crossclaim.security.data_key import (
    SYSTEM,
    DataKey,
    DataKeyStore,
    WrappedKey,
    check_scope,
    scope_of_key,
)
from crossclaim.security.errors import KeyDestroyed, KeyMissing, Undecipherable
from crossclaim.security.expiring_cache import ExpiringCache
from crossclaim.security.keys import KEY_AGE_MAX_S, EpochKeystore
from crossclaim.security.sealing import KEY_BYTES

__all__ = ["SYSTEM", "DataKeyStore", "Keyring", "WrappedKey"]

_HEADER = b"CK\x01"


class Keyring:
    """Data keys by scope, kept open for at most 60 seconds; one object serves all threads.

    Every use of a scope raises ``KeyMissing`` when it has no key, and ``KeyDestroyed`` when its
    key or the epoch key above it was destroyed.
    """

    def __init__(
        self,
        store: DataKeyStore,
        keystore: EpochKeystore,
        *,
        entries_max: int = 4096,
        age_max_s: float = KEY_AGE_MAX_S,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._store = store
        self._keystore = keystore
        self._open: ExpiringCache[str, DataKey] = ExpiringCache(
            entries_max=entries_max, age_max_s=min(age_max_s, KEY_AGE_MAX_S), clock=clock
        )
        self._index = BlindIndex(keystore)

    def new_key(self, scope: str) -> WrappedKey:
        """A fresh key for ``scope`` under the current epoch; the caller stores it with the row."""
        key_id = f"{check_scope(scope)}.{secrets.token_hex(4)}"
        epoch = self._keystore.current_epoch()
        wrapped = self._keystore.wrap(
            secrets.token_bytes(KEY_BYTES), epoch, scope=scope, key_id=key_id
        )
        return WrappedKey(key_id=key_id, epoch=epoch, wrapped=wrapped)

    def rewrap(self, scope: str, key: WrappedKey) -> WrappedKey:
        """The same data key under the current epoch: what survives before an epoch is destroyed."""
        secret = self._unwrap(scope, key)
        epoch = self._keystore.current_epoch()
        wrapped = self._keystore.wrap(secret, epoch, scope=scope, key_id=key.key_id)
        return WrappedKey(key_id=key.key_id, epoch=epoch, wrapped=wrapped)

    def ensure(self, scope: str) -> None:
        """Gives ``scope`` a stored key when it has none; the first of several makers wins."""
        if self._store.wrapped_key(scope) is None:
            self._store.create(scope, self.new_key(scope))

    def adopt(self, scope: str, key: WrappedKey) -> None:
        """Keeps a key open that was just committed, which saves the look-up of its first use."""
        self._open.put(scope, self._opened(scope, key))

    def open_all(self, scopes: Collection[str]) -> None:
        """Opens those that have a living key by one look-up; the others fail when they are used."""
        closed = [scope for scope in scopes if self._open.get(scope) is None]
        for scope, key in self._store.wrapped_keys(closed).items() if closed else ():
            with suppress(KeyDestroyed):
                self._open.put(scope, self._opened(scope, key))

    def forget(self, scope: str) -> None:
        """Closes the key of ``scope`` in this process before its time, after a destruction."""
        self._open.forget(scope)

    def cached(self, scope: str) -> DataKey | None:
        """The open key, without any look-up."""
        return self._open.get(scope)

    def key(self, scope: str) -> DataKey:
        """The key of ``scope``, looked up in the store when it is not open; blocks then."""
        key = self._open.get(scope)
        if key is None:
            key = self._look_up(scope)
            self._open.put(scope, key)
        return key

    def encrypt(
        self, scope: str, plaintext: bytes, field: str, *, key: WrappedKey | None = None
    ) -> bytes:
        """Seals ``plaintext``; ``key`` is the scope's key while its row is not yet committed."""
        data_key = self.key(scope) if key is None else self._opened(scope, key)
        length = bytes([len(data_key.key_id_bytes)])
        return _HEADER + length + data_key.key_id_bytes + data_key.seal(plaintext, field)

    def decrypt(
        self, scope: str, data: bytes, field: str, *, key: WrappedKey | None = None
    ) -> bytes:
        """The plaintext. ``Undecipherable`` for another scope or field, or a changed byte.

        What a record says of another person opens with that record, by that person's own key.
        """
        key_id, sealed = _parts(data)
        named = scope_of_key(key_id)
        if key is None and record_of(named) == scope:
            scope = named
        data_key = self.key(scope) if key is None else self._opened(scope, key)
        if data_key.key_id != key_id:
            raise Undecipherable(f"sealed under another key than that of {scope}")
        return data_key.unseal(sealed, field)

    def is_sealed_for(self, scope: str, data: bytes) -> bool:
        """Whether these bytes were sealed under a key of this very scope."""
        return scope_of_key(_parts(data)[0]) == scope

    def blind_index(self, value: str, field: str) -> bytes:
        """What an exact look-up of ``value`` compares; see ``BlindIndex``."""
        return self._index.of(value, field)

    def name_tokens(self, name: str) -> list[bytes]:
        """What a search for a person's name compares; see ``BlindIndex``."""
        return self._index.of_name(name)

    def search_tokens(self, name: str) -> list[bytes]:
        """As few of these as say the same."""
        return self._index.of_search(name)

    def _look_up(self, scope: str) -> DataKey:
        wrapped = self._store.wrapped_key(scope)
        if wrapped is None and scope == SYSTEM:
            self.ensure(SYSTEM)
            wrapped = self._store.wrapped_key(SYSTEM)
        if wrapped is None:
            raise KeyMissing(f"{check_scope(scope)} has no key")
        try:
            return self._opened(scope, wrapped)
        except KeyDestroyed:
            # Its epoch may have ended between our reading of the row and of the epoch's key.
            anew = self._store.wrapped_key(scope)
            if anew is None or anew.epoch == wrapped.epoch:
                raise
            return self._opened(scope, anew)

    def _opened(self, scope: str, key: WrappedKey) -> DataKey:
        return DataKey(scope, key.key_id, self._unwrap(scope, key))

    def _unwrap(self, scope: str, key: WrappedKey) -> bytes:
        if not key.wrapped:
            raise KeyDestroyed(f"the key of {check_scope(scope)} was destroyed")
        return self._keystore.unwrap(key.wrapped, key.epoch, scope=scope, key_id=key.key_id)


def _parts(data: bytes) -> tuple[str, bytes]:
    """Key id and sealed bytes. Raises ``Undecipherable`` for anything that we did not seal."""
    start = len(_HEADER) + 1
    if len(data) < start or data[: len(_HEADER)] != _HEADER:
        raise Undecipherable("not sealed by this program")
    end = start + data[len(_HEADER)]
    try:
        return data[start:end].decode("ascii"), data[end:]
    except UnicodeDecodeError:
        raise Undecipherable("not sealed by this program") from None
