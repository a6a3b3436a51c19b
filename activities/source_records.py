"""What the comparisons with other sources leave in our rows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from crossclaim.domain.source_items import SourceItem, SourceScope


class SourceTransaction(Protocol):
    def open_exceptions_of(self, code: str, references: Sequence[str]) -> set[str]:
        """Which of these references have an exception that stands."""
        ...

    def keep_source_items(
        self, scope: SourceScope, items: Sequence[SourceItem], at: datetime
    ) -> None:
        """The scope as it stands now; what a person said of an item holds while it is the same."""
        ...
