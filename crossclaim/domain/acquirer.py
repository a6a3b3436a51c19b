"""What we say to a hospital's acquirer and what it answers, free of its wire format."""

from __future__ import annotations

import json
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Literal

from crossclaim.domain.allocation import Frozen
from crossclaim.domain.errors import GatewayError
from crossclaim.domain.money import Money

AcquiredMethod = Literal["wechat", "alipay", "ecny", "bank_card", "foreign_card"]
"""Means of payment that an acquirer takes; cash never goes through one."""


class AnswerNotBelieved(GatewayError):
    """An answer that cannot be ours: badly signed, or about another order or amount. Nothing of
    ``document`` is believed."""

    code = "ACQUIRER_ANSWER_DIFFERS"

    def __init__(self, detail: str, *, code: str, document: object) -> None:
        super().__init__(detail, code=code)
        self.document = json.dumps(document, ensure_ascii=False, sort_keys=True, default=str)


class CardSide(Frozen):
    """What a foreign card was charged or given back, in its own currency, as evidence.

    Our money is the RMB of the order; nothing is computed from these figures.
    """

    amount: Decimal
    currency: str
    rate: Decimal
    """Units of the card's currency for one CNY."""
    rate_by: Literal["scheme", "acquirer"]
    """Who fixed the rate: the card scheme, or the acquirer with the holder's choice (DCC)."""
    rate_at: datetime


class PayOrder(Frozen):
    """One order is charged once for ever, under its reference."""

    reference: str
    hospital: str
    method: AcquiredMethod
    payer_code: str
    """What the window scanned or the terminal read; good for one payment and some seconds."""
    amount: Money


class PaymentState(StrEnum):
    PAID = "paid"
    PAYING = "paying"
    """The payer is still entering his password."""
    REFUSED = "refused"
    CLOSED = "closed"


class PaymentTold(Frozen):
    """An order as the acquirer has it."""

    reference: str
    state: PaymentState
    number: str = ""
    """Of the acquirer's transaction."""
    paid_at: datetime | None = None
    code: str = ""
    """Why it was refused."""
    card: CardSide | None = None


class RefundOrder(Frozen):
    """Gives a part of a paid order back to what paid it. RMB, whatever the card's currency is."""

    reference: str
    hospital: str
    payment_reference: str
    payment_number: str
    """Of the transaction: an order that was paid twice has two."""
    paid: Money
    amount: Money


class RefundState(StrEnum):
    REFUNDED = "refunded"
    PENDING = "pending"
    REFUSED = "refused"


class RefundTold(Frozen):
    reference: str
    state: RefundState
    number: str = ""
    refunded_at: datetime | None = None
    code: str = ""
    card: CardSide | None = None


class StatementKind(StrEnum):
    PAYMENT = "payment"
    REFUND = "refund"


class StatementLine(Frozen):
    """One movement of a day as the acquirer's statement has it. ``reference`` is ours."""

    kind: StatementKind
    reference: str
    number: str
    amount_minor: int
    at: datetime


class DayStatement(Frozen):
    hospital: str
    day: date
    lines: list[StatementLine] = []
