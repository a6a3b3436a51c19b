"""What a bank's statement or notification says, piece by piece, so that none is held as a whole."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from crossclaim.domain.party import PaymentReport

STATEMENT, NOTIFICATION = "statement", "notification"


@dataclass(frozen=True, slots=True)
class MessageHead:
    """First of all pieces."""

    message_type: str
    message_id: str
    created_at: datetime
    source: Literal["statement", "notification"]


@dataclass(frozen=True, slots=True)
class AccountHead:
    """One account's part begins; balances and times are a statement's alone."""

    account: str
    """The number itself; it is kept as a digest only."""
    number: int | None = None
    covers_from: datetime | None = None
    covers_to: datetime | None = None
    opening_minor: int = 0
    closing_minor: int = 0
    currency: str = ""
    complete: bool = True


@dataclass(frozen=True, slots=True)
class StatementLine:
    """One booked transaction; or a ``report`` alone where nothing is booked yet."""

    position: int
    booked: bool
    direction: Literal["debit", "credit"]
    amount_minor: int
    currency: str
    booked_on: date
    reference: str
    group: str
    look: str
    booking: str
    counterparty: str
    charges_minor: int
    code: str
    reports: tuple[PaymentReport, ...]


@dataclass(frozen=True, slots=True)
class AccountTail:
    """An account's part ends."""

    lines: int
    debit_minor: int
    credit_minor: int
    digest: str
    """Of all its lines in their order."""
    nameless: bool
    """A debit has no end-to-end id: the absence of a payment is not proved by this part."""


Piece = MessageHead | AccountHead | StatementLine | AccountTail
