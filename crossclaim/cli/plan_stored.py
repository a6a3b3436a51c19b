"""A plan of a running system by its version: ``ID@VERSION``, or ``ID@now`` for what is in force."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from crossclaim.cli.plan_activation import running_house
from crossclaim.domain.errors import CrossclaimError

if TYPE_CHECKING:
    from crossclaim.domain.plan import Plan
    from crossclaim.wiring import House

NOW = "now"


def plan_said(name: str, data_dir: Path) -> Plan:
    """A rule file, a plan of the program, or one that the running system had in force.

    Raises PlanInvalid for a file with faults, CrossclaimError for a name that is none of these.
    """
    from crossclaim.plans.loader import load_plans
    from crossclaim.plans.named import plan_named

    if "@" not in name or Path(name).is_file():
        return plan_named(name, load_plans(demonstration=True))
    plan_id, _, version = name.rpartition("@")
    with running_house(data_dir) as house:
        return _stored(house, plan_id, version)


def _stored(house: House, plan_id: str, version: str) -> Plan:
    from crossclaim.plans.loader import load_plans, read_stored
    from crossclaim.store.plan_tables import SqlPlans

    running = house.plan_shelf.plans().find(plan_id)
    if running is not None and (version == NOW or _is(running, version)):
        return running
    shipped = load_plans(demonstration=True).find(plan_id)
    if shipped is not None and _is(shipped, version):
        return shipped
    activated = SqlPlans(house.database)
    found = activated.of_version(plan_id, version) if version else []
    if len(found) == 1 and found[0].content is not None:
        return read_stored(found[0].content, f"{plan_id}.yaml", demonstration=True)
    known = [one.version for one in activated.history(plan_id) if one.content is not None]
    known += [plan.version for plan in (running, shipped) if plan is not None]
    listed = ", ".join(dict.fromkeys(known)) or "none"
    what = "more than one version" if found else "no version"
    raise CrossclaimError(
        f"{what.capitalize()} of {plan_id} begins with {version!r}; kept are: {listed}."
        f" {plan_id}@{NOW} is the one in force."
    )


def _is(plan: Plan, version: str) -> bool:
    return bool(version) and plan.version.startswith(version)
