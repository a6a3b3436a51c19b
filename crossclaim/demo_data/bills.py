"""Bills of the demonstration data: invented claims, each split by the rules that are in force.

A million episodes share some thousand bills, so every figure and every reason on a page is one that
the rules gave, and the million cost no million decisions.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from random import Random

from crossclaim.backtest.claim import Claim
from crossclaim.backtest.synthetic import synthetic_claim
from crossclaim.domain.allocate import split
from crossclaim.domain.allocation import AllocationResult, Frozen
from crossclaim.domain.plan import PlanSet
from crossclaim.domain.reference import Reference
from crossclaim.domain.submission import CoverageClaimed, FunderKind

BILLS = 3_000
SEED = 41
LINES_MOST = 6


class DecidedBill(Frozen):
    """One bill of the pool and what the rules make of it."""

    claim: Claim
    result: AllocationResult

    @property
    def insurer(self) -> str | None:
        """The insurer that pays a part of it."""
        return next((t.organisation for t in self.result.totals if t.organisation), None)


def decided_bills(
    plans: PlanSet, reference: Reference, last_day: date, count: int = BILLS
) -> Sequence[DecidedBill]:
    """Bills of the year before ``last_day`` that the rules split; what they refuse is left out."""
    found: list[DecidedBill] = []
    for number in range(count):
        claim = _at_home(synthetic_claim(SEED, number), reference, number)
        if claim is None or len(claim.bill.lines) > LINES_MOST or not _within(claim, last_day):
            continue
        result = split(claim, plans, claim.links)
        if not result.refused:
            found.append(DecidedBill(claim=claim, result=result))
    return found


def _within(claim: Claim, last_day: date) -> bool:
    issued = claim.bill.issued_at.date()
    return last_day - timedelta(days=365) <= issued <= last_day


def _at_home(claim: Claim, reference: Reference, number: int) -> Claim | None:
    """The claim at a hospital and an insurer that the installation knows; none for others."""
    random = Random(number)
    hospitals = {hospital.id: hospital for hospital in reference.hospitals}
    episode = claim.episode
    stay = any(c.funder is FunderKind.INSURER for c in episode.coverages)
    if stay:
        wards = [h for h in reference.hospitals if len(h.departments) > 1]
        ward = random.choice(wards)
        department = random.choice(ward.departments).id
        visit = episode.visit.model_copy(update={"department": department})
        episode = episode.model_copy(update={"hospital": ward.id, "visit": visit})
    if episode.hospital not in hospitals:
        return None
    insurers = [insurer.id for insurer in reference.insurers]
    coverages = [_covered(c, random.choice(insurers)) for c in episode.coverages]
    return claim.model_copy(update={"episode": episode.model_copy(update={"coverages": coverages})})


def _covered(coverage: CoverageClaimed, insurer: str) -> CoverageClaimed:
    if coverage.funder is not FunderKind.INSURER:
        return coverage
    return coverage.model_copy(update={"organisation": insurer})
