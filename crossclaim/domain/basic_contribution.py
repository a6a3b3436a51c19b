"""What a late enrolment cost, beside what the plan asks of who comes late."""

from __future__ import annotations

from crossclaim.domain.allocation import TraceStep
from crossclaim.domain.contribution import contribution_due
from crossclaim.domain.insured import Enrolment
from crossclaim.domain.plan import PlanAt
from crossclaim.domain.sentences_basic import BasicReason
from crossclaim.domain.trace import traced
from crossclaim.domain.waiting import is_late

_KEYS = ["contribution.personal", "contribution.subsidy", "contribution.late_pays_subsidy"]


def late_contribution(enrolment: Enrolment, plan: PlanAt) -> list[TraceStep]:
    """Nothing where the plan states no contribution, or nobody says what was paid.

    It refuses nothing: whether the insurance is in force is the bureau's word.
    """
    stated = all(plan.find(key) is not None for key in _KEYS)
    if enrolment.paid is None or not stated or not is_late(enrolment, plan):
        return []
    due = contribution_due(plan, late=True)
    words = {"paid": enrolment.paid, "due": due}
    reason = BasicReason.BASIC_LATE_CONTRIBUTION
    return [traced(plan, _KEYS, reason, enrolment.paid, words=words, inputs={"due": due})]
