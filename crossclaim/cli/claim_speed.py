"""``crossclaim claims speed``: how soon claims are decided, and which of them without a person."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from crossclaim.cli.options import AsJson


def speed(
    claims: Annotated[int, typer.Option(min=1, help="Claims to send.")] = 300,
    rate: Annotated[float, typer.Option(min=0.1, help="Claims a second.")] = 5.0,
    seed: Annotated[int, typer.Option(min=0, help="The same seed sends the same claims.")] = 7,
    as_json: AsJson = False,
) -> None:
    """Send invented claims, one in twenty of them not honest, to a stack of its own."""
    from crossclaim.bench.claim_speed import measure

    place = Path(tempfile.mkdtemp(prefix="crossclaim-claims-"))
    columns = (TextColumn("claims"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    try:
        with Progress(*columns, console=Console(stderr=True), disable=as_json) as bar:
            task = bar.add_task("claims", total=claims)
            found = measure(claims, rate, seed, place / "home", lambda: bar.advance(task))
    finally:
        shutil.rmtree(place, ignore_errors=True)
    if as_json:
        typer.echo(found.model_dump_json(indent=2))
        return
    typer.echo(
        f"{found.claims} claims at {found.rate:g} a second: a clean one is decided after"
        f" {found.decision_p50_s:.2f} s (median), {found.decision_p99_s:.2f} s (99th percentile);"
        f" {found.decided_alone:.1%} of the clean ones without a person;"
        f" {found.dirty_approved} of the others approved by themselves"
    )
    for kind, ends in found.ends.items():
        told = ", ".join(f"{count} {state}" for state, count in ends.items())
        typer.echo(f"  {kind:<16} {told}")
