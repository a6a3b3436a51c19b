"""Payments and refunds of an episode's patient as our rows hold them."""

from __future__ import annotations

from datetime import datetime

from crossclaim.domain.allocation import Frozen


class CardEvidence(Frozen):
    """A foreign card's own side of a movement, as it was told; texts, never computed on."""

    card_currency: str = ""
    card_amount: str = ""
    card_rate: str = ""
    card_rate_by: str = ""
    card_rate_at: datetime | None = None


class PaymentRow(CardEvidence):
    """One order to the acquirer.

    ``due`` → ``sent`` (taken or not, nobody knows yet) → ``paying`` → ``paid``, or ``refused``, or
    ``closed``: given up, and can no longer be paid.
    """

    reference: str
    """A second payment of the same order is told apart by what follows a dot."""
    bill_id: str
    method: str
    window_reference: str = ""
    """What the window calls it."""
    amount_minor: int
    state: str
    code: str = ""
    number: str = ""
    asked: int = 0
    """How often the acquirer was called in vain since it last told something."""
    again_at: datetime | None = None
    """Not to be asked before."""
    ordered_at: datetime
    close_at: datetime
    """From then on the order is closed when it is not paid."""
    paid_at: datetime | None = None

    @property
    def open(self) -> bool:
        return self.state in ("due", "sent", "paying")

    @property
    def order_reference(self) -> str:
        """What the acquirer knows the order by."""
        return self.reference.partition(".")[0]


class RefundRow(CardEvidence):
    """A part of one tender on its way back. ``due`` → ``sent`` → ``pending`` → ``refunded``, or
    ``refused``: the cashier then has an order of his own."""

    reference: str
    bill_id: str
    tender_id: int
    method: str
    route: str
    """``acquirer``, or ``cashier``: by hand, and confirmed by somebody."""
    amount_minor: int
    cause: str
    state: str
    code: str = ""
    number: str = ""
    """The acquirer's, or that of the cashier's receipt."""
    asked: int = 0
    again_at: datetime | None = None
    ordered_at: datetime
    refunded_at: datetime | None = None

    @property
    def open(self) -> bool:
        return self.state in ("due", "sent", "pending")

    @property
    def counts(self) -> bool:
        """The money is back, or on its way back."""
        return self.state != "refused"
