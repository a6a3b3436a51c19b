"""What two sets of plans pay of the same claims, summed by payer, hospital and month.

All amounts are fen. A payer is a plan, or the patient. What an insurer owes the patient later
counts as the insurer's; a refused bill counts as the patient's, who has nobody else to pay it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, fields
from heapq import nlargest
from typing import NamedTuple

from crossclaim.domain.allocation import AllocationResult, BillFacts, FunderTotal
from crossclaim.domain.plan import PlanSet
from crossclaim.domain.submission import CoverageClaimed, FunderKind
from crossclaim.domain.voucher import service_day

PATIENT = "patient"
MOVED_KEPT = 10
Payments = dict[str, int]
"""Payer → fen."""


class Place(NamedTuple):
    """Where a sum belongs."""

    payer: str
    hospital: str
    month: str
    """``2026-03``, of the admission or the service."""


@dataclass(slots=True)
class Sums:
    """Counts of claims, and fen, under the running and under the changed plans."""

    claims: int = 0
    running_fen: int = 0
    changed_fen: int = 0
    pays_less: int = 0
    """Claims in which this payer gains."""
    pays_more: int = 0
    refused_running: int = 0
    refused_changed: int = 0

    @property
    def difference_fen(self) -> int:
        return self.changed_fen - self.running_fen

    def add(self, other: Sums) -> None:
        for one in fields(self):
            setattr(self, one.name, getattr(self, one.name) + getattr(other, one.name))


class Moved(NamedTuple):
    """One claim whose patient pays another amount."""

    by_fen: int
    hospital: str
    bill: str
    month: str
    running_fen: int
    changed_fen: int


@dataclass(slots=True)
class Tally:
    """The outcome of a back-test; two tallies add up to that of all their claims."""

    claims: int = 0
    moved: int = 0
    """Claims in which somebody pays another amount, or that are newly refused or newly paid."""
    refused_running: int = 0
    refused_changed: int = 0
    sums: dict[Place, Sums] = field(default_factory=dict)
    most_moved: list[Moved] = field(default_factory=list)

    def at(self, place: Place) -> Sums:
        return self.sums.setdefault(place, Sums())

    def add(self, other: Tally) -> None:
        self.claims += other.claims
        self.moved += other.moved
        self.refused_running += other.refused_running
        self.refused_changed += other.refused_changed
        for place, sums in other.sums.items():
            self.at(place).add(sums)
        self.keep(other.most_moved)

    def keep(self, moved: Iterable[Moved]) -> None:
        found = [*self.most_moved, *moved]
        self.most_moved = nlargest(MOVED_KEPT, found, key=lambda one: (abs(one.by_fen), one))

    def count(
        self, facts: BillFacts, running: AllocationResult, changed: AllocationResult, plans: PlanSet
    ) -> None:
        """Adds one claim as it came out under both."""
        now, then = payments(facts, running, plans), payments(facts, changed, plans)
        hospital, month = facts.episode.hospital, _month(facts)
        for payer in dict.fromkeys([*now, *then]):
            before, after = now.get(payer, 0), then.get(payer, 0)
            sums = self.at(Place(payer, hospital, month))
            sums.claims += 1
            sums.running_fen += before
            sums.changed_fen += after
            sums.pays_less += after < before
            sums.pays_more += after > before
            sums.refused_running += running.refused
            sums.refused_changed += changed.refused
        self.claims += 1
        self.refused_running += running.refused
        self.refused_changed += changed.refused
        self.moved += now != then or running.refused != changed.refused
        before, after = now[PATIENT], then[PATIENT]
        if before != after:
            bill = facts.bill.number
            self.keep([Moved(after - before, hospital, bill, month, before, after)])


def payments(facts: BillFacts, result: AllocationResult, plans: PlanSet) -> Payments:
    """What each payer finally pays of a claim; every plan that was claimed is named."""
    claimed = [(coverage, _plan_of(coverage, plans)) for coverage in facts.episode.coverages]
    paid: Payments = {plan: 0 for _, plan in claimed}
    paid[PATIENT] = 0
    if result.refused:
        paid[PATIENT] = facts.bill.total.amount_minor
        return paid
    for payer, fen in _carried(result, claimed):
        paid[payer] = paid.get(payer, 0) + fen
    return paid


Claimed = list[tuple[CoverageClaimed, str]]


def _carried(result: AllocationResult, claimed: Claimed) -> Iterator[tuple[str, int]]:
    for total in result.totals:
        yield _payer_of(total, claimed), total.amount.amount_minor
    later = result.later_reimbursement
    if later is not None:
        yield _payer_of(later, claimed), later.amount.amount_minor
        yield PATIENT, -later.amount.amount_minor


def _payer_of(total: FunderTotal, claimed: Claimed) -> str:
    """The plan of the coverage that a total stands for."""
    if total.funder is FunderKind.PATIENT:
        return PATIENT
    same = [(c, plan) for c, plan in claimed if c.funder is total.funder]
    exact = [plan for c, plan in same if c.organisation == total.organisation]
    return next(iter(exact or [plan for _, plan in same]), total.funder.value)


def _plan_of(coverage: CoverageClaimed, plans: PlanSet) -> str:
    if coverage.plan:
        return coverage.plan
    only = plans.of_funder(coverage.funder)
    return only.id if only else coverage.funder.value


def _month(facts: BillFacts) -> str:
    return f"{facts.admitted_on or service_day(facts):%Y-%m}"
