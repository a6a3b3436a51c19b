"""Whether a rule file can take its place among those that run."""

from __future__ import annotations

from collections.abc import Collection

from crossclaim.domain.plan import Plan, PlanSet
from crossclaim.plans.fault import PlanFault


def misfits(plan: Plan, running: PlanSet, own: Collection[str] | None = None) -> list[PlanFault]:
    """Coverages that name no plan would find none, or one of another funder; or the plan is none
    of its proposer's (``own``: those that may be changed, None for all)."""
    file, faults = f"{plan.id}.yaml", []
    known = running.find(plan.id)
    if known is not None and known.funder is not plan.funder:
        why = (
            f"{plan.id} is a plan of {known.funder.value} and cannot become one of"
            f" {plan.funder.value}; give the new plan an id of its own"
        )
        faults.append(
            PlanFault(file=file, line=1, key="funder", reason=why, allowed=known.funder.value)
        )
    alone = running.of_funder(plan.funder)
    if alone is not None and alone.id != plan.id:
        why = f"{alone.id} is the only plan of {plan.funder.value}; coverages may leave it out"
        faults.append(PlanFault(file=file, line=1, key="id", reason=why, allowed=alone.id))
    if own is not None and plan.id not in own:
        allowed = ", ".join(sorted(own)) or "none"
        why = "is no plan of your organisation"
        faults.append(PlanFault(file=file, line=1, key="id", reason=why, allowed=allowed))
    return faults
