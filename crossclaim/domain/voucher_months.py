"""A month's reimbursement against our claims, claim by claim. Pure; amounts are HK cents.

Money is booked only for a claim that stands, under its own number, with exactly its amount, listed
once, in a statement that adds up.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from enum import StrEnum

from crossclaim.domain.allocation import Frozen
from crossclaim.domain.party import ReimbursedClaim, ReimbursementStatement


class Outcome(StrEnum):
    PAID = "paid"
    UNCONFIRMED = "unconfirmed"
    UNVALIDATED = "unvalidated"
    UNKNOWN = "unknown"
    """The line is about no claim of ours, or names another number than ours has."""
    AMOUNT_DIFFERS = "amount_differs"
    MISSING = "missing"
    """A claim that stands is not on the statement."""
    VOIDED = "voided"
    """Paid for a claim that does not stand."""


class ClaimKnown(Frozen):
    """A voucher claim of ours, as its row has it."""

    reference: str
    episode_id: str
    number: str
    state: str
    claimed_minor: int
    in_month: bool
    """It was made in the month of the statement."""
    reimbursed: bool = False
    """It was found paid before."""
    paid_by: str = ""
    """The number of the statement that it was found paid in."""


class MonthLine(Frozen):
    reference: str
    outcome: Outcome
    episode_id: str | None = None
    claimed_minor: int | None = None
    paid_minor: int | None = None


class Month(Frozen):
    """``adds_up`` is false for a statement whose total is not the sum of its paid lines: nothing
    of it is booked."""

    hospital: str
    month: str
    statement: str | None = None
    """None: the Department has no statement of the month yet."""
    total_minor: int = 0
    adds_up: bool = True
    lines: list[MonthLine] = []

    def of(self, outcome: Outcome) -> list[MonthLine]:
        return [line for line in self.lines if line.outcome is outcome]

    @property
    def differences(self) -> list[MonthLine]:
        return [line for line in self.lines if line.outcome is not Outcome.PAID]


class MonthAsked(Frozen):
    """Reconcile one hospital's month, at business time."""

    hospital: str
    month: str
    at: datetime


def reconcile_month(statement: ReimbursementStatement, known: Sequence[ClaimKnown]) -> Month:
    """Every line of the statement and every claim of ours that it leaves out."""
    ours = {claim.reference: claim for claim in known}
    listed = list(dict.fromkeys(line.reference for line in statement.claims))
    paid = sum(line.amount.amount_minor for line in statement.claims if line.state == "paid")
    lines = [
        _compared(reference, [c for c in statement.claims if c.reference == reference], ours)
        for reference in listed
    ]
    lines += _left_out(known, set(listed))
    return Month(
        hospital=statement.institution,
        month=statement.month,
        statement=statement.number,
        total_minor=statement.total.amount_minor,
        adds_up=paid == statement.total.amount_minor,
        lines=sorted(lines, key=lambda line: line.reference),
    )


def _compared(
    reference: str, said: Sequence[ReimbursedClaim], ours: dict[str, ClaimKnown]
) -> MonthLine:
    claim = ours.get(reference)
    paid = [line for line in said if line.state == "paid"]
    paid_minor = sum(line.amount.amount_minor for line in paid)
    if claim is None or any(line.transaction_number != claim.number for line in said):
        return MonthLine(reference=reference, outcome=Outcome.UNKNOWN, paid_minor=paid_minor)
    return MonthLine(
        reference=reference,
        outcome=_outcome(claim, said, paid_minor, bool(paid)),
        episode_id=claim.episode_id,
        claimed_minor=claim.claimed_minor,
        paid_minor=paid_minor,
    )


def _outcome(
    claim: ClaimKnown, said: Sequence[ReimbursedClaim], paid_minor: int, paid: bool
) -> Outcome:
    if not paid:
        return Outcome(said[0].state)
    if claim.state == "queued":
        # Paid there, yet we have not learned that it is complete: a later look will tell.
        return Outcome.UNCONFIRMED
    if claim.state != "approved":
        return Outcome.VOIDED
    exact = paid_minor == claim.claimed_minor and len(said) == 1
    return Outcome.PAID if exact else Outcome.AMOUNT_DIFFERS


def _left_out(known: Iterable[ClaimKnown], listed: set[str]) -> list[MonthLine]:
    return [
        MonthLine(
            reference=claim.reference,
            outcome=Outcome.MISSING,
            episode_id=claim.episode_id,
            claimed_minor=claim.claimed_minor,
        )
        for claim in known
        if claim.in_month
        and claim.reference not in listed
        and claim.state in ("approved", "queued")
        and not claim.reimbursed
    ]
