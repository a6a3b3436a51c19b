"""``crossclaim plans``: the rule files, checked and read."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from crossclaim.cli.options import AsJson
from crossclaim.domain.errors import CrossclaimError

if TYPE_CHECKING:
    from crossclaim.domain.plan import PlanAt

app = typer.Typer(no_args_is_help=True, help="Rule files: dated values with their sources.")


@app.callback()
def begin() -> None:
    """Rule files: dated values with their sources."""


@app.command("check")
def check(
    folder: Annotated[
        Path | None, typer.Argument(help="Holds *.yaml; by default those of the program.")
    ] = None,
) -> None:
    """Check rule files; every fault comes with its file, line and key."""
    from crossclaim.plans.fault import PlanInvalid
    from crossclaim.plans.loader import DATA, load_plans

    try:
        plans = load_plans(folder or DATA, demonstration=True).plans
    except PlanInvalid as invalid:
        for fault in invalid.faults:
            typer.echo(str(fault), err=True)
        raise typer.Exit(1) from None
    for plan in plans:
        typer.echo(f"{plan.id}  version {plan.version}  {len(plan.parameters)} rules")


@app.command("show")
def show(
    plan_id: Annotated[str, typer.Argument(metavar="ID")],
    on: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="By default today.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Print the values of one plan that are in force on a day."""
    from crossclaim.plans.loader import load_plans

    plans = {plan.id: plan for plan in load_plans(demonstration=True).plans}
    if plan_id not in plans:
        raise CrossclaimError(f"There is no plan {plan_id}; there are {', '.join(plans)}.")
    day = on.date() if on else date.today()
    found = plans[plan_id].on(day)
    if as_json:
        typer.echo(found.model_dump_json(indent=2))
    else:
        _print(found)


def _print(found: PlanAt) -> None:
    typer.echo(f"{found.plan} on {found.on.isoformat()}, version {found.version}\n")
    for rule in found.rules.values():
        if rule.value is not None:
            assumed = "  (assumption)" if rule.assumption else ""
            typer.echo(f"{rule.key:<48} {rule.text:<28} {rule.source}{assumed}")
