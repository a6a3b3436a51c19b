"""``crossclaim soak``: mixed episodes while everything around them fails, and what came of them."""

from __future__ import annotations

import secrets
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from crossclaim.domain.errors import CrossclaimError
from crossclaim.soak.plan import SoakPlan
from crossclaim.soak.run import soak as run
from crossclaim.soak.verdict import Verdict


def soak(
    episodes: Annotated[int, typer.Option(min=1, max=100_000, help="Of all kinds.")] = 200,
    seed: Annotated[
        int | None, typer.Option(help="Gives the same episodes and faults again.")
    ] = None,
    concurrency: Annotated[int, typer.Option(min=1, help="Episodes sent at a time.")] = 12,
    workers: Annotated[int, typer.Option(min=1, max=16, help="Worker processes.")] = 2,
    restart_every: Annotated[
        float, typer.Option(min=0, help="Seconds between kills of a worker; 0 for never.")
    ] = 60.0,
    faults: Annotated[
        float, typer.Option(min=0.001, max=20, help="How much more often parties fail.")
    ] = 1.0,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON and nothing else.")] = False,
    keep: Annotated[bool, typer.Option(help="Keep the data directory.")] = False,
) -> None:
    """Runs mixed episodes with random faults, and proves that no fen and no episode was lost.

    Leaves with 1 when an episode stands still without a reason, or when the banks' books differ
    from the ledger.
    """
    chosen = secrets.randbelow(2**31) if seed is None else seed
    plan = SoakPlan(
        episodes=episodes,
        seed=chosen,
        concurrency=concurrency,
        workers=workers,
        restart_every_s=restart_every,
        times_as_often=faults,
    )
    place = Path(tempfile.mkdtemp(prefix="crossclaim-soak-"))
    typer.echo(f"seed {chosen}", err=True)
    try:
        with _bar(quiet=as_json) as bar:
            verdict = run(plan, place, _told(bar, episodes))
    except CrossclaimError as error:
        typer.echo(error.detail, err=True)
        raise typer.Exit(1) from None
    finally:
        if keep:
            typer.echo(f"kept: {place}", err=True)
        else:
            shutil.rmtree(place, ignore_errors=True)
    if as_json:
        typer.echo(verdict.model_dump_json(indent=2))
    else:
        show(verdict, Console())
    if verdict.faults:
        raise typer.Exit(1)


def show(verdict: Verdict, out: Console) -> None:
    """The verdict in sentences."""
    paid = f"{verdict.paid_fen // 100:,}.{verdict.paid_fen % 100:02d}"
    out.print(f"{verdict.episodes} episodes: {verdict.ended} ended, the others wait for a person:")
    for code, count in verdict.waiting.items():
        out.print(f"  {code} {count}")
    out.print(f"{verdict.payouts} payouts were executed; payees have CNY {paid}.")
    out.print(f"{verdict.restarts} workers were killed; faults that struck:")
    for name, count in verdict.struck.items():
        out.print(f"  {name} {count}")
    for fault in verdict.faults:
        out.print(f"[red]{fault}[/red]")
    if not verdict.faults:
        out.print("Every fen is where the ledger says, and no episode stands still unexplained.")


def _bar(*, quiet: bool) -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=Console(stderr=True),
        disable=quiet,
    )


def _told(bar: Progress, episodes: int) -> Callable[[str, int], None]:
    task = bar.add_task("", total=episodes)

    def told(what: str, count: int) -> None:
        bar.update(task, description=what, completed=count)

    return told
