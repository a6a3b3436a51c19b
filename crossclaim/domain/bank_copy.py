"""A processed file of a bank that is kept sealed."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass


@dataclass(frozen=True)
class NewCopy:
    """One processed file; its scope is a digest of where it came from and what it is."""

    scope: str
    bank: str
    folder: str
    name: str
    sha256: str
    stored: str = ""

    @classmethod
    def of(cls, bank: str, folder: str, name: str, sha256: str) -> NewCopy:
        told = "\x1f".join((bank, folder, name, sha256))
        scope = f"bc_{hashlib.sha256(told.encode()).hexdigest()[:40]}"
        return cls(scope, bank, folder, name, sha256)

    def field(self, number: int, last: str = "") -> str:
        """Binds a piece to its place in this file."""
        return f"bank_copy:{self.scope}:{last}{number}"
