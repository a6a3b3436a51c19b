"""``crossclaim plans``: the rule files, checked, read, compared and tried on claims."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from crossclaim.cli import backtest, speed
from crossclaim.cli.options import DATA_DIR, AsJson, DataDir

if TYPE_CHECKING:
    from crossclaim.domain.plan import Plan, PlanAt
    from crossclaim.plans.difference import Difference
    from crossclaim.plans.fault import PlanFault

app = typer.Typer(no_args_is_help=True, help="Rule files: dated values with their sources.")
Named = Annotated[
    str,
    typer.Argument(
        help="A rule file, the id of a plan of the program, or ID@VERSION of the running system"
        " (the first digits do; ID@now is the one in force)."
    ),
]


@app.callback()
def begin() -> None:
    """Rule files: dated values with their sources."""


@contextmanager
def faults_told() -> Iterator[None]:
    """A refused rule file ends the command with one line for each of its faults."""
    from crossclaim.plans.fault import PlanInvalid

    try:
        yield
    except PlanInvalid as invalid:
        _tell(invalid.faults)
        raise typer.Exit(1) from None


def _tell(faults: list[PlanFault]) -> None:
    for fault in faults:
        typer.echo(str(fault), err=True)


@app.command("check")
def check(
    place: Annotated[
        Path | None,
        typer.Argument(
            metavar="[FILE|FOLDER]", help="Rule files to check; by default those of the program."
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Check rule files; every fault comes with its file, line and key."""
    from crossclaim.domain.errors import CrossclaimError
    from crossclaim.plans.fault import PlanInvalid
    from crossclaim.plans.loader import DATA, load_plan, load_plans

    place = place or DATA
    if not place.exists():
        raise CrossclaimError(f"There is no file or folder {place}.")
    plans: tuple[Plan, ...] = ()
    faults: list[PlanFault] = []
    try:
        if place.is_dir():
            plans = load_plans(place, demonstration=True).plans
        else:
            plans = (load_plan(place, demonstration=True),)
    except PlanInvalid as invalid:
        faults = invalid.faults
    if as_json:
        typer.echo(_json({"plans": _summaries(plans), "faults": [f.model_dump() for f in faults]}))
    else:
        _tell(faults)
        _print_summaries(plans)
    if faults:
        raise typer.Exit(1)


def _summaries(plans: tuple[Plan, ...]) -> list[dict[str, object]]:
    return [
        {
            "id": plan.id,
            "version": plan.version,
            "funder": plan.funder.value,
            "rules": len(plan.parameters),
            "assumptions": sum(p.assumption for p in plan.parameters.values()),
            "last_reviewed": plan.last_reviewed.isoformat(),
            "example": plan.example,
        }
        for plan in plans
    ]


def _print_summaries(plans: tuple[Plan, ...]) -> None:
    from crossclaim.cli.tables import console, table

    if not plans:
        return
    numbers = ("rules", "assumptions")
    shown = table("plan", "version", "funder", *numbers, "last reviewed", numbers=numbers)
    for row in _summaries(plans):
        cells = [str(value) for name, value in row.items() if name != "example"]
        shown.add_row(*cells)
    console().print(shown)


@app.command("show")
def show(
    named: Named,
    on: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="By default today.")
    ] = None,
    as_json: AsJson = False,
    data_dir: DataDir = DATA_DIR,
) -> None:
    """Print the values of one plan that are in force on a day."""
    from crossclaim.cli.plan_stored import plan_said

    with faults_told():
        plan = plan_said(named, data_dir)
    found = plan.on(on.date() if on else date.today())
    if as_json:
        typer.echo(found.model_dump_json(indent=2))
    else:
        _print(plan, found)


def _print(plan: Plan, found: PlanAt) -> None:
    from crossclaim.cli.tables import console, table

    out = console()
    out.print(f"{found.plan} on {found.on.isoformat()}, version {found.version}")
    out.print(f"{plan.title.en} · {plan.owner} · last reviewed {plan.last_reviewed.isoformat()}")
    shown = table("rule", "value", "since", "source")
    for rule in found.rules.values():
        if rule.value is not None:
            assumed = " (assumption)" if rule.assumption else ""
            shown.add_row(rule.key, rule.text, rule.since.isoformat(), f"{rule.source}{assumed}")
    if shown.row_count:
        out.print(shown)
    else:
        out.print("No value of this plan is in force on that day.")


@app.command("diff")
def diff(
    before: Named, after: Named, as_json: AsJson = False, data_dir: DataDir = DATA_DIR
) -> None:
    """Compare two versions of a plan by key and date."""
    from crossclaim.cli.plan_stored import plan_said
    from crossclaim.plans.difference import difference

    with faults_told():
        found = difference(plan_said(before, data_dir), plan_said(after, data_dir))
    if as_json:
        typer.echo(found.model_dump_json(indent=2))
    else:
        _print_difference(found)


def _print_difference(found: Difference) -> None:
    from crossclaim.cli.tables import console, table

    out = console()
    out.print(f"{found.before} → {found.after}")
    if found.none:
        out.print("Nothing differs.")
    if found.values:
        shown = table("rule", "from", "to", "before", "after", "by", title="Values")
        for change in found.values:
            until = change.until.isoformat() if change.until else "open"
            cells = [change.before or "none", change.after or "none", change.by]
            shown.add_row(change.key, change.since.isoformat(), until, *cells)
        out.print(shown)
    if found.texts:
        shown = table("place", "before", "after", title="Words, sources and reviews")
        for text in found.texts:
            shown.add_row(text.place, text.before or "none", text.after or "none")
        out.print(shown)


app.command("backtest")(backtest.backtest)
app.command("speed")(speed.speed)


def _json(found: object) -> str:
    return json.dumps(found, indent=2, ensure_ascii=False)
