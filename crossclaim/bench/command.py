"""``crossclaim bench``: a stack of its own, a load, and the figures."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from crossclaim.bench import reach
from crossclaim.bench.plan import BenchPlan, Kind
from crossclaim.bench.reach import ReachPlan
from crossclaim.bench.report import report_of, show, surroundings_of
from crossclaim.bench.run import measure
from crossclaim.domain.errors import CrossclaimError

KINDS = {
    "outpatient": (Kind.OUTPATIENT,),
    "inpatient": (Kind.INPATIENT,),
    "both": (Kind.OUTPATIENT, Kind.INPATIENT),
    "all": (Kind.OUTPATIENT, Kind.INPATIENT, Kind.BASIC),
    "voucher": (Kind.OUTPATIENT,),
    "basic": (Kind.BASIC,),
    "basic-at-once": (Kind.BASIC_AT_ONCE,),
}


def bench(
    episodes: Annotated[int, typer.Option(min=1, help="Episodes of each kind, a side.")] = 60,
    kind: Annotated[str, typer.Option(help=f"{', '.join(KINDS)}.")] = "outpatient",
    concurrency: Annotated[int, typer.Option(min=1, help="Episodes at a time.")] = 8,
    rate: Annotated[float | None, typer.Option(help="Episodes a second, instead.")] = None,
    workers: Annotated[str, typer.Option(help="Worker processes; 1,2,4 compares them.")] = "1",
    party_latency: Annotated[float, typer.Option(help="Seconds an outside party takes.")] = 0.0,
    slots: Annotated[int | None, typer.Option(help="Steps at a time, a queue and worker.")] = None,
    treatment: Annotated[
        float | None, typer.Option(help="Seconds from opening to the first bill.")
    ] = None,
    bare: Annotated[bool, typer.Option(help="Measure the bare workflow beside ours.")] = True,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON and nothing else.")] = False,
    keep: Annotated[bool, typer.Option(help="Keep the data directory.")] = False,
    data_dir: Annotated[
        Path | None, typer.Option(help="An empty directory; a temporary one if absent.")
    ] = None,
    reads: Annotated[
        float | None,
        typer.Option(help="Measure the doors instead: so many reads a second beside episodes."),
    ] = None,
    submits: Annotated[float, typer.Option(help="FHIR claims a second beside the reads.")] = 0.0,
    seconds: Annotated[float, typer.Option(min=1.0, help="How long the reads go on.")] = 60.0,
) -> None:
    """Measures episodes on a stack of its own, beside a bare workflow with the same round trips;
    or with --reads how soon the doors answer, beside --rate episodes a second (2)."""
    plan = plan_of(
        episodes, kind, concurrency, rate, workers, party_latency, slots, treatment, bare
    )
    if data_dir is not None and data_dir.exists() and any(data_dir.iterdir()):
        typer.echo(f"{data_dir} is not empty, and the bench empties it: name another", err=True)
        raise typer.Exit(2)
    place = data_dir or Path(tempfile.mkdtemp(prefix="crossclaim-bench-"))
    if reads is not None:
        wanted = ReachPlan(reads, 2.0 if rate is None else rate, submits, seconds)
        _reach(wanted, place, as_json=as_json, keep=keep)
        return
    around = surroundings_of(plan)
    try:
        with _progress(quiet=as_json) as bar:
            figures = measure(plan, place, _advance(bar, plan))
    except CrossclaimError as error:
        typer.echo(error.detail, err=True)
        raise typer.Exit(1) from None
    finally:
        if not keep:
            shutil.rmtree(place, ignore_errors=True)
    report = report_of(around, figures)
    if as_json:
        typer.echo(report.model_dump_json(indent=2))
    else:
        show(report, Console())
        if keep:
            typer.echo(f"kept: {place}")


def _reach(plan: ReachPlan, place: Path, *, as_json: bool, keep: bool) -> None:
    try:
        with _progress(quiet=as_json) as bar:
            task = bar.add_task("reads", total=int(plan.reads * plan.seconds))
            found = reach.measure(plan, place, lambda: bar.advance(task))
    except CrossclaimError as error:
        typer.echo(error.detail, err=True)
        raise typer.Exit(1) from None
    finally:
        if not keep:
            shutil.rmtree(place, ignore_errors=True)
    if as_json:
        typer.echo(found.model_dump_json(indent=2))
        return
    for sentence in reach.sentences(found):
        typer.echo(sentence)


def plan_of(
    episodes: int,
    kind: str,
    concurrency: int,
    rate: float | None,
    workers: str,
    party_latency_s: float,
    slots: int | None,
    treatment_s: float | None,
    bare: bool,
) -> BenchPlan:
    """Raises ``typer.BadParameter`` in one sentence."""
    if kind not in KINDS:
        raise typer.BadParameter(f"--kind is one of {', '.join(KINDS)}")
    try:
        counts = tuple(int(count) for count in workers.split(","))
    except ValueError:
        counts = ()
    if not counts or min(counts) < 1:
        raise typer.BadParameter("--workers is a number, or several with commas between them")
    if rate is not None and rate <= 0:
        raise typer.BadParameter("--rate is more than 0")
    if treatment_s is None:
        treatment_s = 0.0 if rate is None else 1.0
    return BenchPlan(
        episodes=episodes,
        kinds=KINDS[kind],
        concurrency=concurrency,
        rate=rate,
        workers=counts,
        party_latency_s=party_latency_s,
        slots=slots,
        treatment_s=treatment_s,
        bare=bare,
    )


def _progress(*, quiet: bool) -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=Console(stderr=True),
        disable=quiet,
    )


def _advance(bar: Progress, plan: BenchPlan) -> Callable[[str], Callable[[], None]]:
    sides = 2 if plan.bare else 1
    task = bar.add_task("", total=plan.episodes * sides * len(plan.kinds) * len(plan.workers))

    def name(what: str) -> Callable[[], None]:
        bar.update(task, description=what)
        counted = "block" in what

        def told() -> None:
            if counted:
                bar.advance(task)

        return told

    return name
