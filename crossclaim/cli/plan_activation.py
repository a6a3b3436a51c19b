"""``crossclaim plans activate | withdraw | activations``: rules changed on a running system."""

from __future__ import annotations

import getpass
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from crossclaim.cli.connection import settings_for
from crossclaim.cli.options import DATA_DIR, AsJson, DataDir
from crossclaim.cli.said import say
from crossclaim.domain.errors import CrossclaimError

if TYPE_CHECKING:
    from crossclaim.domain.plan import Plan, PlanSet
    from crossclaim.wiring import House

Reason = Annotated[
    str, typer.Option(help="Why; it is kept with the activation.", show_default=False)
]
By = Annotated[str, typer.Option(help="Who decided it; by default the user of this computer.")]


def activate(
    file: Annotated[Path, typer.Argument(help="A rule file; its name is the plan's id.")],
    reason: Reason,
    by: By = "",
    as_json: AsJson = False,
    data_dir: DataDir = DATA_DIR,
) -> None:
    """Check a rule file and use it from now on, without a new version of the program.

    A file with a fault changes nothing. Splits that were made stay as they are; each names the
    version that it used.
    """
    from crossclaim.store.plan_tables import SqlPlans

    with running_house(data_dir) as house:
        plan = _checked(file, demonstration=house.settings.demonstration)
        running = house.plan_shelf.plans()
        _fits(plan, running)
        known = running.find(plan.id)
        before = known.version if known else ""
        if before == plan.version:
            same = f"{plan.id} version {plan.version} is in force already; nothing changed."
            say(as_json, {"plan": plan.id, "version": plan.version, "changed": False}, same)
            return
        text = file.read_text(encoding="utf-8")
        SqlPlans(house.database).activate(plan.id, plan.version, text, _who(by), reason)
    say(
        as_json,
        {"plan": plan.id, "before": before or None, "version": plan.version, "changed": True},
        f"{plan.id}: version {before or 'none'} is followed by {plan.version}."
        " Workers use it within five seconds.",
    )


def withdraw(
    plan_id: Annotated[str, typer.Argument(metavar="ID")],
    reason: Reason,
    by: By = "",
    as_json: AsJson = False,
    data_dir: DataDir = DATA_DIR,
) -> None:
    """Go back to the rule file that came with the program."""
    from crossclaim.plans.loader import load_plans
    from crossclaim.store.plan_tables import SqlPlans

    with running_house(data_dir) as house:
        plans = SqlPlans(house.database)
        held = {one.plan_id: one for one in plans.newest() if one.content is not None}
        if plan_id not in held:
            names = ", ".join(held) or "none"
            raise CrossclaimError(f"No activation of {plan_id} is in force; there are: {names}.")
        shipped = load_plans(demonstration=house.settings.demonstration).find(plan_id)
        version = shipped.version if shipped else ""
        plans.activate(plan_id, version, None, _who(by), reason)
    say(
        as_json,
        {"plan": plan_id, "version": version or None, "changed": True},
        f"{plan_id}: back to version {version} of the program. Workers use it within five seconds."
        if shipped
        else f"{plan_id}: the program has no such plan, so none is in force within five seconds.",
    )


def activations(
    plan_id: Annotated[str | None, typer.Argument(metavar="[ID]")] = None,
    as_json: AsJson = False,
    data_dir: DataDir = DATA_DIR,
) -> None:
    """List what was activated and withdrawn, newest first: when, by whom and why."""
    from crossclaim.store.plan_tables import SqlPlans

    with running_house(data_dir) as house:
        found = SqlPlans(house.database).history(plan_id)
    if as_json:
        listed = [one.model_dump(mode="json", exclude={"content"}) for one in found]
        typer.echo(json.dumps(listed, indent=2, ensure_ascii=False))
        return
    if not found:
        typer.echo("Nothing was ever activated: the rule files of the program are in force.")
    for one in found:
        what = "activated" if one.content is not None else "withdrawn, back to"
        at = one.activated_at.astimezone().isoformat(timespec="seconds")
        typer.echo(
            f"{at}  {one.plan_id}  {what} {one.version}  by {one.activated_by}: {one.reason}"
        )


@contextmanager
def running_house(data_dir: Path) -> Iterator[House]:
    """The running system's database and rules, while the command is at work."""
    from crossclaim.wiring import worker_house

    house = worker_house(settings_for(data_dir))
    try:
        yield house
    finally:
        house.database.close()


def _checked(file: Path, *, demonstration: bool) -> Plan:
    """The plan of a file; every fault is printed and nothing is changed."""
    from crossclaim.plans.fault import PlanInvalid
    from crossclaim.plans.loader import load_plan

    try:
        return load_plan(file, demonstration=demonstration)
    except FileNotFoundError:
        raise CrossclaimError(f"There is no file {file}.") from None
    except PlanInvalid as invalid:
        for fault in invalid.faults:
            typer.echo(str(fault), err=True)
        count = len(invalid.faults)
        raise CrossclaimError(
            f"{count} fault(s) to put right; nothing was activated, the running version stays."
        ) from None


def _fits(plan: Plan, running: PlanSet) -> None:
    """Raises when coverages that name no plan would find none, or one of another funder."""
    from crossclaim.plans.fitting import misfits

    if faults := misfits(plan, running):
        raise CrossclaimError(
            "; ".join(f"{plan.id}: {fault.reason} ({fault.allowed})" for fault in faults)
        )


def _who(by: str) -> str:
    return by or getpass.getuser()
