"""What a late enrolment cost: the own part, and the public one where the plan lays it on him."""

from __future__ import annotations

from crossclaim.domain.allocation import TraceStep
from crossclaim.domain.insured import Enrolment
from crossclaim.domain.plan import PlanAt
from crossclaim.domain.sentences_basic import BasicReason
from crossclaim.domain.trace import traced
from crossclaim.domain.waiting import is_late

_SWITCH = "contribution.late_pays_subsidy"


def late_contribution(enrolment: Enrolment, plan: PlanAt) -> list[TraceStep]:
    """What was paid beside what the plan asks of who comes late; nothing where either is not known.

    It refuses nothing: whether the insurance is in force is the bureau's word.
    """
    if enrolment.paid is None or plan.find(_SWITCH) is None or not is_late(enrolment, plan):
        return []
    keys, due = ["contribution.personal"], plan.amount("contribution.personal")
    if plan.rule(_SWITCH).value is True:
        keys = [*keys, "contribution.subsidy", _SWITCH]
        due = due + plan.amount("contribution.subsidy")
    words = {"paid": enrolment.paid, "due": due}
    reason = BasicReason.BASIC_LATE_CONTRIBUTION
    return [traced(plan, keys, reason, enrolment.paid, words=words, inputs={"due": due})]
