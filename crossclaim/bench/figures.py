"""The figures of one kind of episode, ours beside the bare workflow."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from statistics import median

from pydantic import BaseModel, ConfigDict

from crossclaim.bench.load import Load
from crossclaim.bench.measure import Meter, Run, percentile
from crossclaim.bench.plan import Kind


class Side(StrEnum):
    OURS = "ours"
    BARE = "bare"


@dataclass(frozen=True)
class Block:
    """What was measured while one side had the machine."""

    side: Side
    load: Load
    cost: Meter
    runs: list[Run]
    worker_mib: float


class SideFigures(BaseModel):
    """Medians over blocks for throughput; over all bills, runs and episodes for the rest."""

    model_config = ConfigDict(frozen=True)

    episodes: int
    episodes_per_second: float
    blocks_per_second: list[float]
    episode_p50_ms: float
    answer_p50_ms: float
    answer_p99_ms: float
    guarantee_p95_ms: float = 0.0
    """Of kinds that ask for one."""
    history_events: float
    history_bytes: float
    actions: float
    """A run's billable actions by the server's counter, schedules left out."""
    actions_by_history: float
    """The same, counted in the histories."""
    actions_of: dict[str, float]
    transactions: float
    cpu_ms: dict[str, float]
    """Processor milliseconds an episode, by part."""
    worker_mib: float
    """The largest worker process after the last block."""


class Figures(BaseModel):
    """One kind of episode with one number of workers."""

    model_config = ConfigDict(frozen=True)

    kind: str
    workers: int
    ours: SideFigures
    bare: SideFigures | None = None
    ratio: float | None = None
    """Our throughput to that of bare, median of blocks; None at a given rate, which both keep."""
    processor_ratio: float | None = None
    """Bare's processor time an episode to ours: what the ratio comes to when the cores are busy."""


def figures_of(kind: Kind, workers: int, blocks: list[Block], *, paced: bool) -> Figures:
    """``paced``: the episodes came at a given rate."""
    ours = [b for b in blocks if b.side is Side.OURS]
    bare = [b for b in blocks if b.side is Side.BARE]
    if not bare:
        return Figures(kind=kind.value, workers=workers, ours=_side(ours))
    pairs = zip(ours, bare, strict=True)
    ratio = median(o.load.per_second / b.load.per_second for o, b in pairs)
    our_side, bare_side = _side(ours), _side(bare)
    return Figures(
        kind=kind.value,
        workers=workers,
        ours=our_side,
        bare=bare_side,
        ratio=None if paced else round(ratio, 3),
        processor_ratio=round(bare_side.cpu_ms["all"] / our_side.cpu_ms["all"], 3),
    )


def _side(blocks: list[Block]) -> SideFigures:
    courses = [course for block in blocks for course in block.load.courses]
    answers = [1000 * s for course in courses for s in course.answers_s]
    letters = [1000 * s for course in courses for s in course.guarantees_s]
    whole = [1000 * (course.ended - course.begun) for course in courses]
    runs = [run for block in blocks for run in block.runs]
    speeds = [block.load.per_second for block in blocks]
    return SideFigures(
        episodes=len(courses),
        episodes_per_second=round(median(speeds), 2),
        blocks_per_second=[round(s, 2) for s in speeds],
        episode_p50_ms=round(percentile(whole, 0.5), 1),
        answer_p50_ms=round(percentile(answers, 0.5), 1),
        guarantee_p95_ms=round(percentile(letters, 0.95), 1),
        answer_p99_ms=round(percentile(answers, 0.99), 1),
        history_events=median(run.events for run in runs),
        history_bytes=median(run.bytes for run in runs),
        actions=round(sum(sum(b.cost.actions.values()) for b in blocks) / len(courses), 1),
        actions_by_history=median(sum(run.actions.values()) for run in runs),
        actions_of=_mean_actions(runs),
        transactions=round(sum(b.cost.transactions for b in blocks) / len(courses), 1),
        cpu_ms=_processor(blocks, len(courses)),
        worker_mib=round(blocks[-1].worker_mib, 1),
    )


def _mean_actions(runs: list[Run]) -> dict[str, float]:
    names = sorted({name for run in runs for name in run.actions})
    return {n: round(sum(run.actions.get(n, 0) for run in runs) / len(runs), 2) for n in names}


def _processor(blocks: list[Block], episodes: int) -> dict[str, float]:
    """Parts of one kind, workers for instance, stand together under the name before the dash."""
    parts: dict[str, float] = {}
    for block in blocks:
        for name, seconds in block.cost.seconds.items():
            stem, _, number = name.rpartition("-")
            part = stem if number.isdigit() else name
            parts[part] = parts.get(part, 0.0) + 1000 * seconds / episodes
    parts["all"] = sum(parts.values())
    return {part: round(ms, 1) for part, ms in parts.items()}
