"""What the matching of bank entries needs of our rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, Protocol

from crossclaim.domain.bank_account import AccountKey
from crossclaim.domain.bank_statement import Piece
from crossclaim.domain.matching import Expected, Known, Matching, Stated
from crossclaim.domain.matching_tally import Tally
from crossclaim.domain.statement_chain import StatementFault
from crossclaim.domain.statement_intake import AccountOwners, Stored

Engine = Callable[[list[Expected], list[Stated], Known, datetime | None], Matching]


class BankBooks(Protocol):
    """Statements entry by entry, and what they were matched with."""

    def store_statement(
        self,
        sha256: str,
        bank: str,
        pieces: Iterable[Piece],
        owners: AccountOwners,
        at: datetime,
    ) -> Stored:
        """A whole file in one transaction, once. Raises ``Final``, with nothing kept of it."""
        ...

    def match_account(self, key: AccountKey, source: str, engine: Engine, at: datetime) -> Tally:
        """Open items of one account through the engine, under the account's lock."""
        ...

    def bank_accounts(self, bank: str = "") -> list[AccountKey]: ...

    def unseen(self, bank: str) -> list[tuple[AccountKey, str]]:
        """(account, source) with entries that no run has looked at: after a crash."""
        ...

    def note_fault(
        self, bank: str, fault: StatementFault, sha256: str, name: str, detail: str, at: datetime
    ) -> None: ...

    def file_name(self, sha256: str) -> str: ...


class MatchOrders(Protocol):
    """What people order of the matching."""

    def open_orders(self) -> list[str]:
        """Orders that nothing has applied yet: the engine was down when they came."""
        ...

    def apply_order(self, order_id: str, at: datetime) -> dict[str, Any]:
        """The order's outcome; a second time, what the first came to."""
        ...
