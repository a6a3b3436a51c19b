"""What the watch of a bank's folder needs so that no copy of a file lies there in the open."""

from __future__ import annotations

from typing import Protocol


class BankCopies(Protocol):
    def tidy(self, bank: str) -> int:
        """Seals every processed file that lies in the open and drops orders of who was erased; how
        many files were changed. Safe to repeat after a crash at any point."""
        ...
