"""A data key store in memory, for tests of what stands above it; it counts the look-ups."""

from __future__ import annotations

import threading
from collections.abc import Collection

from crossclaim.security.data_key import WrappedKey


class DataKeyShelf:
    """Keeps the first key of each scope, as the table does; rows may be taken away by a test."""

    def __init__(self) -> None:
        self.rows: dict[str, WrappedKey] = {}
        self.look_ups = 0
        self._lock = threading.Lock()

    def wrapped_key(self, scope: str) -> WrappedKey | None:
        with self._lock:
            self.look_ups += 1
            return self.rows.get(scope)

    def wrapped_keys(self, scopes: Collection[str]) -> dict[str, WrappedKey]:
        with self._lock:
            self.look_ups += 1
            return {scope: self.rows[scope] for scope in scopes if scope in self.rows}

    def create(self, scope: str, wrapped: WrappedKey) -> None:
        with self._lock:
            self.rows.setdefault(scope, wrapped)


class Hand:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now_s = 1000.0

    def __call__(self) -> float:
        return self.now_s
