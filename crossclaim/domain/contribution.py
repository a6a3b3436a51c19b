"""What a resident pays into basic insurance for a year, in time or late."""

from __future__ import annotations

from crossclaim.domain.money import Money
from crossclaim.domain.plan import PlanAt


def contribution_due(plan: PlanAt, *, late: bool) -> Money:
    """The person's own part (CNY); who pays late pays the subsidy too where the plan says so.

    Raises RuleMissing when the plan states no contribution.
    """
    personal = plan.amount("contribution.personal")
    if late and plan.rule("contribution.late_pays_subsidy").value:
        return personal + plan.amount("contribution.subsidy")
    return personal
