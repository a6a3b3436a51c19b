"""The figures as tables for people and as JSON for programs."""

from __future__ import annotations

import os
from collections.abc import Sequence

import psutil
from pydantic import BaseModel, ConfigDict
from rich.console import Console
from rich.table import Table

from crossclaim.bench.figures import Figures, SideFigures
from crossclaim.bench.plan import BenchPlan
from crossclaim.config import Settings
from crossclaim.stack import postgres, temporal


class Surroundings(BaseModel):
    """What the figures depend on."""

    model_config = ConfigDict(frozen=True)

    cores: int
    memory_gib: float
    load_before: float
    """Processes that wanted a core in the minute before."""
    dynamic_config: dict[str, str]
    sqlite: str = "journal_mode=wal, synchronous=1"
    postgres: dict[str, str]
    worker_threads: int
    cached_workflows: int
    episodes: int
    load: str
    party_latency_s: float
    treatment_s: float


class Report(BaseModel):
    """Everything that one run of the bench found."""

    model_config = ConfigDict(frozen=True)

    surroundings: Surroundings
    figures: list[Figures]
    scale: dict[str, dict[int, float]]
    """Kind → number of workers → throughput, as a multiple of the first number's."""


def surroundings_of(plan: BenchPlan) -> Surroundings:
    defaults = Settings.model_fields
    threads = plan.slots or int(defaults["worker_threads"].default)
    load = f"{plan.concurrency} at a time" if plan.rate is None else f"{plan.rate:g} a second"
    return Surroundings(
        cores=psutil.cpu_count() or 1,
        memory_gib=round(psutil.virtual_memory().total / 2**30, 1),
        load_before=round(os.getloadavg()[0], 2),
        dynamic_config=dict(temporal.DYNAMIC_CONFIG),
        postgres=dict(postgres.OPTIONS),
        worker_threads=threads,
        cached_workflows=int(defaults["max_cached_workflows"].default),
        episodes=plan.episodes,
        load=load,
        party_latency_s=plan.party_latency_s,
        treatment_s=plan.treatment_s,
    )


def report_of(surroundings: Surroundings, figures: Sequence[Figures]) -> Report:
    scale: dict[str, dict[int, float]] = {}
    for found in figures:
        of_kind = scale.setdefault(found.kind, {})
        first = next(f for f in figures if f.kind == found.kind).ours.episodes_per_second
        of_kind[found.workers] = round(found.ours.episodes_per_second / first, 2)
    return Report(surroundings=surroundings, figures=list(figures), scale=scale)


def show(report: Report, console: Console) -> None:
    """Prints the surroundings and one table a kind and number of workers."""
    around = report.surroundings
    config = ", ".join(f"{k}={v}" for k, v in around.dynamic_config.items())
    console.print(
        f"{around.cores} cores, {around.memory_gib} GiB, load before {around.load_before};"
        f" {around.episodes} episodes a side, {around.load}; outside parties take"
        f" {around.party_latency_s:g} s; {around.treatment_s:g} s from opening to the first bill;"
        f" {around.worker_threads} threads a queue and worker; engine: SQLite {around.sqlite},"
        f" {config}",
        highlight=False,
    )
    for figures in report.figures:
        console.print(_heading(figures), highlight=False)
        console.print(_table(figures))
    for kind, multiples in report.scale.items():
        if len(multiples) > 1:
            told = ", ".join(f"{n} workers {m:.2f} ×" for n, m in multiples.items())
            console.print(f"{kind}: {told}", highlight=False)


def _heading(figures: Figures) -> str:
    heading = f"{figures.kind}, {figures.workers} worker(s)"
    if figures.ratio is not None:
        heading += f"; throughput {figures.ratio:.2f} of bare"
    if figures.processor_ratio is not None:
        heading += f"; by processor time {figures.processor_ratio:.2f}"
    return heading


def _table(figures: Figures) -> Table:
    table = Table()
    table.add_column("")
    sides = [side for side in (figures.ours, figures.bare) if side is not None]
    for name, _ in zip(("ours", "bare"), sides, strict=False):
        table.add_column(name, justify="right")
    columns = [_rows(side) for side in sides]
    for rows in zip(*columns, strict=True):
        table.add_row(rows[0][0], *(value for _, value in rows))
    parts = list(dict.fromkeys(part for side in sides for part in side.cpu_ms))
    for part in parts:
        shown = (f"{side.cpu_ms.get(part, 0.0):.1f}" for side in sides)
        table.add_row(f"processor ms an episode: {part}", *shown)
    return table


def _rows(side: SideFigures) -> list[tuple[str, str]]:
    return [
        ("episodes/s, median of blocks", f"{side.episodes_per_second:.2f}"),
        ("episodes/s by block", " ".join(f"{s:.1f}" for s in side.blocks_per_second)),
        ("whole episode p50, ms", f"{side.episode_p50_ms:.0f}"),
        ("window answer p50, ms", f"{side.answer_p50_ms:.0f}"),
        ("window answer p99, ms", f"{side.answer_p99_ms:.0f}"),
        ("guarantee answered p95, ms", f"{side.guarantee_p95_ms:.0f}"),
        ("history events", f"{side.history_events:g}"),
        ("history bytes", f"{side.history_bytes:g}"),
        ("billable actions (server's count)", f"{side.actions:.1f}"),
        ("billable actions (in the history)", f"{side.actions_by_history:g}"),
        ("database transactions", f"{side.transactions:.1f}"),
        ("largest worker process, MiB", f"{side.worker_mib:.0f}"),
    ]
