"""What one run of the bench is asked to do."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

BLOCKS_MAX = 5
BLOCK_MIN = 10
"""Ours and bare take turns in so many blocks, so that noise of the machine meets both."""


class Kind(StrEnum):
    """Kinds of episode."""

    OUTPATIENT = "outpatient"
    INPATIENT = "inpatient"
    BASIC = "basic"
    """Basic insurance, the charges shown to the bureau before the final bill."""
    BASIC_AT_ONCE = "basic-at-once"
    """The same with nothing shown before: two calls stand between the bill and its answer."""


@dataclass(frozen=True)
class BenchPlan:
    """Times are in seconds. With a ``rate`` (episodes a second) ``concurrency`` does not count."""

    episodes: int = 60
    kinds: tuple[Kind, ...] = (Kind.OUTPATIENT,)
    concurrency: int = 8
    rate: float | None = None
    workers: tuple[int, ...] = (1,)
    party_latency_s: float = 0.0
    slots: int | None = None
    """Threads for steps in each worker process; None leaves the setting as it is."""
    treatment_s: float = 0.0
    """Between the opened episode and its first bill: the patient is with the doctor."""
    bare: bool = True

    def blocks(self) -> list[int]:
        """The sizes of the blocks, which sum up to ``episodes``; none too short to be filled."""
        least = BLOCK_MIN if self.rate is not None else max(BLOCK_MIN, 2 * self.concurrency)
        count = max(1, min(BLOCKS_MAX, self.episodes // least))
        size, rest = divmod(self.episodes, count)
        return [size + (1 if n < rest else 0) for n in range(count)]
