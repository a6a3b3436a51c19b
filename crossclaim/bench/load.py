"""Lays a load on something: so many at a time, or so many a second."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from crossclaim.domain.errors import CrossclaimError

EPISODE_TIMEOUT_S = 180.0


@dataclass
class Course:
    """One episode as its sender saw it."""

    workflow_id: str = ""
    answers_s: list[float] = field(default_factory=list)
    """How long each bill waited for its answer at the window."""
    guarantees_s: list[float] = field(default_factory=list)
    """How long each letter of guarantee took, from the request to the answer in the hospital."""
    begun: float = 0.0
    ended: float = 0.0


@dataclass(frozen=True)
class Load:
    """What one block of episodes took."""

    courses: list[Course]
    seconds: float
    """From the first submission to the end of the last run."""

    @property
    def per_second(self) -> float:
        return len(self.courses) / self.seconds


One = Callable[[int], Awaitable[Course]]
Told = Callable[[], None]


async def lay(
    numbers: range, one: One, *, concurrency: int, rate: float | None, told: Told
) -> Load:
    """Runs ``one`` for each number. Raises what the first failing one raised."""
    gate = asyncio.Semaphore(concurrency)
    begun = time.monotonic()

    async def run(number: int) -> Course:
        if rate is not None:
            await asyncio.sleep(
                max(0.0, begun + (number - numbers.start) / rate - time.monotonic())
            )
            course = await _timed(one, number)
        else:
            async with gate:
                course = await _timed(one, number)
        told()
        return course

    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(run(number)) for number in numbers]
    except* CrossclaimError as failed:
        raise failed.exceptions[0] from None
    return Load([task.result() for task in tasks], time.monotonic() - begun)


async def _timed(one: One, number: int) -> Course:
    begun = time.monotonic()
    try:
        async with asyncio.timeout(EPISODE_TIMEOUT_S):
            course = await one(number)
    except TimeoutError:
        raise CrossclaimError(
            f"an episode was not over after {EPISODE_TIMEOUT_S:g} s", code="BENCH_STOPPED"
        ) from None
    course.begun, course.ended = begun, time.monotonic()
    return course
