"""``crossclaim plans speed``: the median time of a decision."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from crossclaim.cli.options import AsJson


def speed(
    claims: Annotated[
        Path | None,
        typer.Option("--claims", help="A claims file; else two invented bills."),
    ] = None,
    lines: Annotated[int, typer.Option(min=1, max=500, help="Of the invented bills.")] = 30,
    times: Annotated[int, typer.Option(min=2, help="Decisions of each claim.")] = 1000,
    as_json: AsJson = False,
) -> None:
    """Measure how long the rules take to decide a bill, on one core."""
    from crossclaim.backtest.claims import claim_of, raw_claims
    from crossclaim.backtest.speed import long_stay, long_visit, speed_of
    from crossclaim.cli.tables import console, table
    from crossclaim.plans.loader import load_plans

    plans = load_plans(demonstration=True)
    if claims is not None:
        measured = [claim_of(raw) for raw in raw_claims(claims)]
    else:
        measured = [long_stay(lines), long_visit(lines)]
    found = [speed_of(facts, plans, times) for facts in measured]
    if as_json:
        typer.echo(json.dumps([one.model_dump() for one in found], indent=2))
        return
    numbers = ("lines", "funders", "median ms", "p95 ms", "processor ms")
    shown = table("bill", *numbers, numbers=numbers)
    for one in found:
        figures = (one.median_ms, one.p95_ms, one.processor_ms)
        name = f"{one.bill} (refused)" if one.refused else one.bill
        shown.add_row(name, str(one.lines), str(one.funders), *(f"{ms:.3f}" for ms in figures))
    console().print(shown)
