"""Who sees what of a shared account: money may be shared, medical records are not.

The relative whose bill was paid sees the bill; the authoriser sees that an amount was taken, when,
and whether it came back, and never where, for what or with which diagnosis.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from enum import StrEnum

from crossclaim.domain.allocation import Frozen
from crossclaim.domain.family_account import FamilySharing
from crossclaim.domain.money import Money
from crossclaim.domain.stay import local_day
from crossclaim.domain.submission import IdentityDocument


class Side(StrEnum):
    AUTHORISER = "authoriser"
    USER = "user"


class SharingInForce(Frozen):
    """A binding that holds on a day, as the rules of a bill look at it.

    ``authoriser`` is the document under which the account's balance is asked for.
    """

    binding_id: str
    authoriser: IdentityDocument
    sharing: FamilySharing


class SharedUse(Frozen):
    """What one version of a bill took (CNY), or gave back."""

    bill_id: str
    version: int
    reversal: bool
    amount: Money
    at: datetime


class SeenUse(Frozen):
    """A use as one of the two may see it; ``bill_id`` is empty for the authoriser, and for whoever
    may not see the bill."""

    on: date
    amount: Money
    given_back: bool
    bill_id: str = ""


def seen_by(side: Side, uses: Iterable[SharedUse]) -> list[SeenUse]:
    """The uses as this side may see them, in their order."""
    own = side is Side.USER
    return [
        SeenUse(
            on=local_day(use.at),
            amount=use.amount,
            given_back=use.reversal,
            bill_id=use.bill_id if own else "",
        )
        for use in uses
    ]


def may_read_visit(side: Side) -> bool:
    """Whether this side may read the visit itself: bill lines, department, diagnoses."""
    return side is Side.USER
