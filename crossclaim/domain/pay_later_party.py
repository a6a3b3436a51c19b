"""What we say to 惠民就医 and what it answers, free of its wire format. Amounts are CNY."""

from __future__ import annotations

from datetime import date, datetime

from crossclaim.domain.allocation import Frozen
from crossclaim.domain.insured import InsuredStatus, Relation
from crossclaim.domain.money import Money
from crossclaim.domain.pay_later import Tender


class SignUpOrder(Frozen):
    """The holder has authorised, confirmed the particulars and passed the face check."""

    reference: str
    channel: str
    name: str
    id_number: str
    birth_date: date
    mobile: str
    authorised_at: datetime
    details_confirmed_at: datetime
    face_check: str


class PlatformAccount(Frozen):
    """An account as the platform has it. None: the holder has no such means of payment."""

    number: str
    open: bool
    status: InsuredStatus
    balance: Money | None = None
    """Of the personal account, 金卡."""
    card_tail: str | None = None
    credit: str = "none"
    """``none``, ``in_review``, ``granted``, ``refused`` or ``withdrawn``."""
    limit: Money | None = None
    available: Money | None = None


class CardBinding(Frozen):
    reference: str
    bound: bool
    """False: a text message with a code is on its way to the holder."""
    tail: str


class CreditDecision(Frozen):
    reference: str
    state: str
    """``in_review``, ``granted`` or ``refused``."""
    limit: Money | None = None
    code: str = ""


class ChargeOrder(Frozen):
    """What a hospital is to be paid. ``reference`` is ours, for ever the same for one charge."""

    reference: str
    account_number: str
    hospital: str
    bill_number: str
    service_day: date
    relation: Relation | None
    parts: dict[Tender, Money]

    @property
    def total_minor(self) -> int:
        return sum(part.amount_minor for part in self.parts.values())


class ChargeReceipt(Frozen):
    reference: str
    number: str
    """The platform's own, of its transaction."""
    parts: dict[Tender, Money]
    refunded: bool = False
    balance_after: Money | None = None
    credit_after: Money | None = None
    settled_on: date | None = None
    """When the hospital had the money; None: not yet."""


class RefundOrder(Frozen):
    """``number``: the platform's of the charge. ``repaid``: what of its draw was repaid, by us."""

    reference: str
    number: str
    reason: str
    repaid: Money


class InstalmentsAnswer(Frozen):
    """The bank's own calendar of a draw."""

    reference: str
    due: list[date]
    amounts: list[Money]


class RepaymentOrder(Frozen):
    reference: str
    account_number: str
    source: Tender
    amount: Money


class RepaymentReceipt(Frozen):
    reference: str
    number: str
    amount: Money


class StatedCharge(Frozen):
    reference: str
    number: str
    credit: Money
    refunded: bool
    settled_on: date | None = None


class PlatformStatement(Frozen):
    """All charges of an account, what was repaid and what is owed, by the platform's books."""

    charges: list[StatedCharge]
    repaid: Money
    owed: Money
