"""``crossclaim bank speed``: how long a large statement takes, and how much memory."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import Annotated

import typer

from crossclaim.cli.options import AsJson


def speed(
    entries: Annotated[
        int, typer.Option(min=10, help="Payouts that the statement is of.")
    ] = 100_000,
    as_json: AsJson = False,
) -> None:
    """Take an invented statement in and match it, on a database of its own."""
    from crossclaim.bench.statement import measure

    place = Path(tempfile.mkdtemp(prefix="crossclaim-statement-"))
    try:
        found = measure(entries, place / "home")
    finally:
        shutil.rmtree(place, ignore_errors=True)
    if as_json:
        typer.echo(found.model_dump_json(indent=2))
        return
    typer.echo(
        f"{found.entries} payouts, a file of {found.file_mib} MiB: taken and matched in"
        f" {found.store_and_match_s} s, matched again in {found.rematch_s} s;"
        f" largest process {found.peak_mib} MiB"
    )
    for status, count in sorted(found.statuses.items()):
        typer.echo(f"  {status:<16} {count:>8}")
