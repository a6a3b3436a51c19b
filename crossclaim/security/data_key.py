"""Data keys: one per episode or family binding, and one of the system for what is about nobody."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Protocol

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from pydantic import BaseModel, ConfigDict

from crossclaim.security.errors import Undecipherable
from crossclaim.security.sealing import seal, unseal

SYSTEM = "system"
"""Scope of everything that is about nobody: it may hold ids and amounts only."""

_SCOPE = re.compile(r"^[A-Za-z0-9_-]{1,80}$")
_SUBJECT = re.compile(r"^(?:ep|fb|fc)_[A-Za-z0-9]+")


class WrappedKey(BaseModel):
    """A data key as it may be stored; ``wrapped`` is empty once the key is destroyed.

    The row stays after a destruction, so that nobody makes a new key under the old scope.
    """

    model_config = ConfigDict(frozen=True)

    key_id: str
    epoch: str
    wrapped: bytes


class DataKeyStore(Protocol):
    """Where wrapped data keys stand: one row per scope, for ever."""

    def wrapped_key(self, scope: str) -> WrappedKey | None: ...

    def wrapped_keys(self, scopes: Collection[str]) -> dict[str, WrappedKey]:
        """Of those that have one."""
        ...

    def create(self, scope: str, wrapped: WrappedKey) -> None:
        """Stores the key unless the scope has one; never replaces."""
        ...


class DataKey:
    """An open data key, ready to use; holds the cipher so that it is set up once."""

    __slots__ = ("_cipher", "key_id", "key_id_bytes", "scope")

    def __init__(self, scope: str, key_id: str, secret: bytes) -> None:
        self.scope = scope
        self.key_id = key_id
        self.key_id_bytes = key_id.encode()
        self._cipher = AESGCM(secret)

    def seal(self, plaintext: bytes, field: str) -> bytes:
        return seal(self._cipher, plaintext, self._bound_to(field))

    def unseal(self, sealed: bytes, field: str) -> bytes:
        """Raises ``Undecipherable`` for another field, another key or a changed byte."""
        return unseal(self._cipher, sealed, self._bound_to(field))

    def _bound_to(self, field: str) -> bytes:
        return f"{self.scope}|{field}|{self.key_id}".encode()


def scope_of_workflow(workflow_id: str | None) -> str:
    """The episode, binding or code link that a workflow id begins with (``ep_…``, ``fb_…``,
    ``ep_…/claim/1``), else the system."""
    subject = _SUBJECT.match(workflow_id or "")
    return subject[0] if subject else SYSTEM


def scope_of_key(key_id: str) -> str:
    """The scope in front of the last dot of a key id."""
    return check_scope(key_id.rpartition(".")[0])


def check_scope(scope: str) -> str:
    if not _SCOPE.match(scope):
        raise Undecipherable("a scope is 1 to 80 letters, digits, '_' or '-'")
    return scope
