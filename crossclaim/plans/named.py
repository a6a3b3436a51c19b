"""Finds the rule files that somebody names: a file, or a plan of the program by its id."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from crossclaim.domain.errors import CrossclaimError
from crossclaim.domain.plan import Plan, PlanSet
from crossclaim.plans.loader import load_plan


class PlanNotFound(CrossclaimError):
    """Neither a rule file nor the id of a plan."""

    status = 404
    code = "PLAN_NOT_FOUND"


def plan_named(name: str, running: PlanSet) -> Plan:
    """The plan in a file, or the running one of that id.

    Raises PlanInvalid for a file with faults, PlanNotFound for a name that is neither.
    """
    found = running.find(name)
    if found is not None:
        return found
    path = Path(name)
    if path.is_file():
        return load_plan(path, demonstration=True)
    ids = ", ".join(sorted(plan.id for plan in running.plans))
    raise PlanNotFound(f"{name} is neither a rule file nor a plan; the plans are {ids}.")


def changed_plans(names: Sequence[Path], running: PlanSet) -> list[Plan]:
    """The plans of files and of folders of files, each in place of the running one of its id.

    Raises PlanInvalid or PlanNotFound, the latter also when a plan would replace none.
    """
    files = [file for name in names for file in _files(name)]
    plans = [load_plan(file, demonstration=True) for file in files]
    ids = [plan.id for plan in plans]
    for plan in plans:
        if ids.count(plan.id) > 1:
            raise PlanNotFound(f"The changed plan {plan.id} is given twice.")
        if running.find(plan.id) is None:
            known = ", ".join(sorted(known.id for known in running.plans))
            raise PlanNotFound(f"{plan.id} changes no running plan; those are {known}.")
    return plans


def _files(name: Path) -> list[Path]:
    if name.is_dir():
        found = sorted(name.glob("*.yaml"))
        if not found:
            raise PlanNotFound(f"The folder {name} holds no rule file (*.yaml).")
        return found
    if not name.is_file():
        raise PlanNotFound(f"There is no file {name}.")
    return [name]
