"""Payments and refunds of the patient: what the steps write, and days of them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Protocol

from crossclaim.domain.acquirer_day import DayDifference, DayHeld, OurMovement
from crossclaim.domain.tender_rows import PaymentRow, RefundRow


class TenderTransaction(Protocol):
    """Part of a transaction about one episode."""

    def add_payment(self, episode_id: str, payment: PaymentRow, payer_code: str) -> None: ...
    def payer_code(self, reference: str, episode_id: str) -> str:
        """Empty once the payment is over."""
        ...

    def change_payment(self, reference: str, **fields: object) -> None: ...
    def add_tender(
        self,
        episode_id: str,
        bill_id: str,
        method: str,
        amount_minor: int,
        reference: str,
        at: datetime,
    ) -> int:
        """The new tender's id."""
        ...

    def reverse_tender(self, tender_id: int) -> None: ...
    def add_refund(self, episode_id: str, refund: RefundRow) -> None:
        """Raises when refunds of the tender would add up to more than it paid."""
        ...

    def change_refund(self, reference: str, **fields: object) -> None: ...
    def acquired(self, hospital: str, day: date) -> list[OurMovement]:
        """What the acquirer took and gave back for one hospital on one day, by its own times."""
        ...

    def our_movement(self, hospital: str, reference: str) -> OurMovement | None:
        """A payment or refund of ours by its reference, whatever its state or day."""
        ...

    def second_payments_due(self) -> list[str]:
        """Episodes in which a second payment waits to be given back."""
        ...

    def note_acquirer_day(self, held: DayHeld, equal: bool, at: datetime) -> int: ...

    def acquirer_days_noted(self, day: date, at: datetime) -> dict[str, int]:
        """Hospital → differences of the comparison of a day that was begun ``at``."""

    def note_acquirer_difference(
        self, comparison: int, hospital: str, found: DayDifference
    ) -> None: ...
