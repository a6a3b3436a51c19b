"""What changes hands when a bill is allocated anew: the differences only, never the whole again.

A late charge, a reversal, an appeal or a corrected rule gives a new allocation. Each difference is
its own movement between two parties in the currency that was paid: more to pay, a refund to the
patient, or money that a funder claws back. Differences of different funders are never netted.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import NamedTuple

from crossclaim.domain.allocate import allocate
from crossclaim.domain.allocation import AllocationResult, BillFacts, Fault, Frozen, FunderTotal
from crossclaim.domain.money import Currency, Money
from crossclaim.domain.plan import PlanSet
from crossclaim.domain.submission import FunderKind


class Party(StrEnum):
    """Whom a funder pays: the hospital directly, or the patient afterwards."""

    HOSPITAL = "hospital"
    PATIENT = "patient"


class MovementKind(StrEnum):
    EXTRA_PAYMENT = "extra_payment"
    """The funder pays more to the payee."""
    REFUND = "refund"
    """The hospital gives back to the patient."""
    CLAW_BACK = "claw_back"
    """The payee gives back to the funder."""


class Leg(NamedTuple):
    """One funder's payments to one party in one currency."""

    funder: FunderKind
    organisation: str | None
    payee: Party
    currency: Currency


class Movement(Frozen):
    """``amount``: what changes hands, above zero, in the currency that was paid before."""

    kind: MovementKind
    funder: FunderKind
    organisation: str | None = None
    payee: Party
    """Who is paid by the funder; with a refund or claw-back, who gives back."""
    amount: Money

    @property
    def leg(self) -> Leg:
        return Leg(self.funder, self.organisation, self.payee, self.amount.currency)

    @property
    def signed(self) -> int:
        """Minor units that the funder pays more (above zero) or less."""
        more = self.kind is MovementKind.EXTRA_PAYMENT
        return self.amount.amount_minor if more else -self.amount.amount_minor


class LineChange(Frozen):
    """How one funder's part of one line changes (CNY; below zero: less)."""

    line: int
    funder: FunderKind
    organisation: str | None = None
    change: Money


class TrueUp(Frozen):
    """``movements`` change hands in the currency of the payment: RMB, for vouchers HKD.

    ``counted`` says how the other count of the same money changes: the insurer's benefit in HKD,
    the worth of vouchers in RMB. With ``faults`` the new facts cannot be allocated, nothing moves.
    """

    movements: list[Movement] = []
    counted: list[Movement] = []
    lines: list[LineChange] = []
    total_change: Money
    """CNY, the new bill − the old one."""
    faults: list[Fault] = []

    def undone(self) -> TrueUp:
        """The true-up that takes this one back."""
        return TrueUp(
            movements=[_reverse(one) for one in self.movements],
            counted=[_reverse(one) for one in self.counted],
            lines=[one.model_copy(update={"change": -one.change}) for one in self.lines],
            total_change=-self.total_change,
        )


Balances = dict[Leg, int]
"""Minor units that each funder pays to each party; no leg stands with nothing."""


def balances(result: AllocationResult) -> Balances:
    """What an allocation makes each funder pay: vouchers in HKD, all else in CNY.

    A refused one makes nobody pay.
    """
    return _summed(_legs(result, counted=False))


def counts(result: AllocationResult) -> Balances:
    """The same in the other currency that it is counted in, where there is one."""
    return _summed(_legs(result, counted=True))


def parts(result: AllocationResult) -> dict[tuple[int, FunderKind, str | None], int]:
    """Fen of each line by funder."""
    found: dict[tuple[int, FunderKind, str | None], int] = {}
    for share in result.shares:
        key = (share.line, share.funder, share.organisation)
        found[key] = found.get(key, 0) + share.amount.amount_minor
    return {key: amount for key, amount in found.items() if amount}


def true_up(old: AllocationResult, new: AllocationResult) -> TrueUp:
    """The differences from a confirmed allocation to a new one of the same case.

    A bill that is taken back is the difference to ``nothing(old)``.
    """
    if new.faults:
        return TrueUp(total_change=Money(amount_minor=0, currency=Currency.CNY), faults=new.faults)
    was, now = parts(old), parts(new)
    return TrueUp(
        movements=list(_movements(balances(old), balances(new))),
        counted=list(_movements(counts(old), counts(new))),
        lines=[
            LineChange(
                line=line,
                funder=funder,
                organisation=organisation,
                change=_fen(now.get((line, funder, organisation), 0) - before),
            )
            for line, funder, organisation in sorted({*was, *now}, key=str)
            if (before := was.get((line, funder, organisation), 0))
            != now.get((line, funder, organisation), 0)
        ],
        total_change=new.total - (_fen(0) if old.refused else old.total),
    )


def true_up_facts(old: AllocationResult, facts: BillFacts, plans: PlanSet) -> TrueUp:
    """Allocates the new facts by the plans and gives the differences to the confirmed split."""
    return true_up(old, allocate(facts, plans))


def nothing(old: AllocationResult) -> AllocationResult:
    """The allocation of a bill that was taken back: nobody pays."""
    return AllocationResult(total=_fen(0), rules=old.rules)


def applied(before: Mapping[Leg, int], movements: list[Movement]) -> Balances:
    """Balances after some movements. Raises ValueError when a leg would fall below zero."""
    after = dict(before)
    for one in movements:
        after[one.leg] = after.get(one.leg, 0) + one.signed
    if any(amount < 0 for amount in after.values()):
        raise ValueError("more would be given back than was paid")
    return {leg: amount for leg, amount in after.items() if amount}


def _fen(amount: int) -> Money:
    return Money(amount_minor=amount, currency=Currency.CNY)


def _legs(result: AllocationResult, *, counted: bool) -> Iterator[tuple[Leg, int]]:
    first = [result.later_reimbursement] if result.later_reimbursement else []
    paid: list[tuple[FunderTotal, Party]] = [(t, Party.HOSPITAL) for t in result.totals]
    paid += [(t, Party.PATIENT) for t in (*first, *result.further_reimbursements)]
    for funder, payee in paid:
        own = funder.in_funder_currency
        in_own = funder.funder is FunderKind.VOUCHER and own is not None
        amount = own if counted is not in_own else funder.amount
        if amount is not None:
            leg = Leg(funder.funder, funder.organisation, payee, amount.currency)
            yield leg, amount.amount_minor


def _summed(legs: Iterator[tuple[Leg, int]]) -> Balances:
    found: Balances = {}
    for leg, amount in legs:
        found[leg] = found.get(leg, 0) + amount
    return {leg: amount for leg, amount in found.items() if amount}


def _movements(was: Balances, now: Balances) -> Iterator[Movement]:
    for leg in sorted({*was, *now}, key=str):
        change = now.get(leg, 0) - was.get(leg, 0)
        if change:
            yield Movement(
                kind=_kind(leg, change),
                funder=leg.funder,
                organisation=leg.organisation,
                payee=leg.payee,
                amount=Money(amount_minor=abs(change), currency=leg.currency),
            )


def _kind(leg: Leg, change: int) -> MovementKind:
    if change > 0:
        return MovementKind.EXTRA_PAYMENT
    return MovementKind.REFUND if leg.funder is FunderKind.PATIENT else MovementKind.CLAW_BACK


def _reverse(one: Movement) -> Movement:
    kind = _kind(one.leg, -one.signed)
    return one.model_copy(update={"kind": kind})
