"""The rows of a payout's rail, approval, recall and finding, as the steps need them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Protocol

from crossclaim.domain.account_check import AccountAsked
from crossclaim.domain.ledger import Entry
from crossclaim.domain.payout_rows import ApprovalRow, EvidenceRow, FindingRow, RailRow


class PayoutWordTransaction(Protocol):
    """Part of one step's transaction."""

    def hold_rail_limits(self, episode_id: str) -> None:
        """Whoever counts for the same person waits until this transaction has ended."""
        ...

    def rail_use(self, episode_id: str, rail: str, debtor: str, day: date) -> tuple[int, int]:
        """HK cents that went over a rail for the episode's person on that day, and in its year."""
        ...

    def add_rail(self, episode_id: str, row: RailRow) -> None: ...
    def rail_of(self, reference: str) -> str:
        """Empty for an intent that was written before rails were chosen."""
        ...

    def rail_day(self, reference: str) -> date | None:
        """The day on which an intent counts against its rail; None: it has no rail."""
        ...

    def maker_of(self, episode_id: str, organisation: str) -> str:
        """The key whose word of that organisation led to a payout; empty: none did."""
        ...

    def paid_before(self, asked: AccountAsked) -> bool:
        """The same payee was paid to this account, and it has not come back."""
        ...

    def matched_before(self, asked: AccountAsked) -> bool:
        """A bank has said that an account is the same payee's."""
        ...

    def add_approval(
        self, episode_id: str, reference: str, made_by: str, why: str, at: datetime
    ) -> None: ...
    def approval(self, reference: str) -> ApprovalRow | None:
        """Locked; None: none was asked for."""
        ...

    def decide_approval(
        self, reference: str, decided_by: str, approved: bool, reason: str, at: datetime
    ) -> None: ...
    def add_recall(
        self,
        episode_id: str,
        reference: str,
        number: str,
        reason: str,
        asked_by: str,
        at: datetime,
        *,
        state: str,
    ) -> None: ...
    def recall_reason(self, reference: str) -> str: ...
    def change_recall(self, reference: str, **fields: object) -> None: ...
    def add_finding(
        self,
        episode_id: str,
        reference: str,
        row: FindingRow,
        at: datetime,
    ) -> None: ...
    def finding(self, reference: str, number: str) -> FindingRow | None:
        """Locked; None: there is none."""
        ...

    def proved_before(self, reference: str, bank_entry: int) -> bool:
        """Two keys have found by this entry before that it was paid."""
        ...

    def post_anew(self, episode_id: str, entry: Entry, at: datetime) -> None:
        """As ``post``, of what may happen again once it was reversed: ``2-KEY`` the second time."""
        ...

    def reverse_anew(self, episode_id: str, key: str, at: datetime) -> None:
        """Reverses whichever of them stands; nothing where none does."""
        ...

    def decide_finding(
        self,
        reference: str,
        number: str,
        decided_by: str,
        approved: bool,
        reason: str,
        at: datetime,
    ) -> None: ...
    def evidence(self, reference: str) -> list[EvidenceRow]:
        """What the statements of the payer's account list under the payout's reference."""
        ...
