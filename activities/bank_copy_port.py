"""What the watch of a bank's folder needs so that no copy of a file lies there in the open."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol


class BankCopies(Protocol):
    def tidy(self, bank: str, go_on: Callable[[], bool]) -> int:
        """Seals processed files that lie in the open, some at a time and more while ``go_on``
        says so, and drops orders of who was erased; how many files were changed. Safe to repeat
        after a crash at any point, and while other files are being processed."""
        ...
