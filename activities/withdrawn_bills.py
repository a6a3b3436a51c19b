"""A bill after a withdrawn consent: the insurer that it cut off carries nothing of it."""

from __future__ import annotations

from activities.case import Case
from crossclaim.domain.allocation import AllocationResult, TraceStep
from crossclaim.domain.plan import RuleMissing
from crossclaim.domain.records import EpisodeRows
from crossclaim.domain.sentences_withdrawal import WithdrawalReason
from crossclaim.domain.stay import local_day
from crossclaim.domain.submission import BillSubmission, FunderKind
from crossclaim.domain.trace import traced
from crossclaim.domain.withdrawal import WITHDRAWAL_PLAN
from crossclaim.domain.withdrawn_split import without_insurer


def chosen_places(rows: EpisodeRows, bill: BillSubmission) -> tuple[int, ...] | None:
    """Coverages that the bill is laid on; None: all. With another insurer left, the withdrawn one
    is judged too, so that what the other pays is what it would have been, and taken out after."""
    named = None if bill.coverages is None else tuple(bill.coverages)
    ended = rows.ended_covers()
    out = {c.ordinal for c in rows.insurers() if c.organisation_id in ended}
    if not out or any(c.organisation_id not in ended for c in rows.insurers()):
        return named
    places = tuple(c.ordinal for c in rows.coverages) if named is None else named
    return tuple(place for place in places if place not in out)


def without_withdrawn(case: Case, result: AllocationResult) -> AllocationResult:
    """The split with the part of every insurer that a withdrawn consent has ended on the patient,
    and with the reason for people."""
    ended = sorted(case.rows.ended_covers())
    if not ended or result.refused:
        return result
    for insurer in ended:
        result = without_insurer(result, insurer, [])
    return result.model_copy(update={"trace": [*result.trace, *_why(case, result)]})


def _why(case: Case, result: AllocationResult) -> list[TraceStep]:
    plan, days = case.world.plans.find(WITHDRAWAL_PLAN), {}
    for one in case.rows.withdrawals:
        if one.organisation_id in case.rows.ended_covers():
            days[one.organisation_id] = local_day(one.withdrawn_at)
    patient = result.of(FunderKind.PATIENT)
    reason, keys = WithdrawalReason.WITHDRAWN_BEFORE_CLAIM, ["withdrawal.stops_insurer"]
    steps: list[TraceStep] = []
    for day in sorted(set(days.values())) if plan is not None else ():
        assert plan is not None
        try:
            words = {"patient": patient}
            steps.append(traced(plan.on(day), keys, reason, patient, words=words))
        except RuleMissing:
            continue
    return steps
