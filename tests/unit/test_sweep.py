"""The sweep hands every waiting submission over, whatever becomes of the others."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import cast

import pytest

from activities.hcx_port import HcxAnswers
from activities.housekeeping import AT_ONCE, HousekeepingSteps
from activities.orders import Sweep
from activities.records import Records
from activities.world import World
from crossclaim.domain.errors import Unavailable
from crossclaim.domain.plan import PlanSet
from crossclaim.domain.reference import Reference

POISON = {"sb_3", "sb_7"}
SLOW = {"sb_0", "sb_1"}


class Waiting:
    """Forty submissions that no run is known to have; two of them are never taken."""

    def __init__(self) -> None:
        self.noted: list[str] = []

    def untaken(self, older_than_s: float) -> list[tuple[str, str, str]]:
        return [(f"ep_{n}", f"sb_{n}", "submit_bill") for n in range(4 * AT_ONCE)]

    def note_taken(self, submission_id: str) -> None:
        self.noted.append(submission_id)


class SlowRuns:
    """Two runs take theirs only after all others were handed over."""

    def __init__(self) -> None:
        self.taken: list[str] = []
        self.open = 0
        self.most_open = 0
        self._others = asyncio.Event()

    async def resend(self, episode_id: str, submission_id: str, kind: str) -> None:
        self.open += 1
        self.most_open = max(self.most_open, self.open)
        try:
            if submission_id in POISON:
                raise Unavailable("no") if submission_id == "sb_3" else ValueError("poison")
            if submission_id in SLOW:
                await self._others.wait()
            await asyncio.sleep(0)
            self.taken.append(submission_id)
            if len(self.taken) == 4 * AT_ONCE - len(POISON | SLOW):
                self._others.set()
        finally:
            self.open -= 1

    async def announce_tender(self, episode_id: str) -> None:
        raise AssertionError("a sweep announces nothing")

    async def announce_payout(self, episode_id: str, reference: str) -> None:
        raise AssertionError("a sweep tells nothing about payouts")

    async def answer_hcx(self, message: int) -> None:
        raise AssertionError("without an exchange nothing is owed there")

    async def tell_hcx(self, notice: int) -> None:
        raise AssertionError("without an exchange nobody is told anything")

    async def history(self, episode_id: str, run_id: str) -> tuple[bytes, int]:
        raise AssertionError("a sweep reads no history")


def world_of(runs: SlowRuns, queue: Waiting) -> World:
    """A sweep looks at no rows, rules or reference data."""
    return World(
        records=cast(Records, None),
        plan_shelf=lambda: cast(PlanSet, None),
        reference=cast(Reference, None),
        queue=queue,
        runs=runs,
    )


async def naive(runs: SlowRuns) -> None:
    for episode_id, submission_id, kind in Waiting().untaken(0):
        await runs.resend(episode_id, submission_id, kind)


async def test_slow_and_poisonous_submissions_keep_no_other_from_its_turn() -> None:
    runs, queue = SlowRuns(), Waiting()
    steps = HousekeepingSteps(world_of(runs, queue))
    async with asyncio.timeout(30):
        taken = await steps.resend_submissions(Sweep(older_than_s=0))
    assert taken == len(runs.taken) == 4 * AT_ONCE - len(POISON)
    assert sorted(queue.noted) == sorted(runs.taken)
    assert 1 < runs.most_open <= AT_ONCE


async def test_a_naive_sweep_one_by_one_gets_stuck_at_the_first_slow_one() -> None:
    runs = SlowRuns()
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.2):
            await naive(runs)
    assert runs.taken == []


class Owed:
    """Answers of the exchange that nobody has sent."""

    def owed(self, older_than_s: float, at_most: int) -> list[int]:
        assert older_than_s == 20
        return [4, 5, 6]


class AnsweringRuns(SlowRuns):
    async def answer_hcx(self, message: int) -> None:
        self.taken.append(f"hcx {message}")
        if message == 5:
            raise Unavailable("down")

    async def resend(self, episode_id: str, submission_id: str, kind: str) -> None: ...


async def test_what_is_owed_on_the_exchange_is_begun_until_the_engine_is_down() -> None:
    runs = AnsweringRuns()
    world = replace(world_of(runs, Waiting()), hcx=cast(HcxAnswers, Owed()))
    await HousekeepingSteps(world).resend_submissions(Sweep(older_than_s=20))
    assert runs.taken == ["hcx 4", "hcx 5"], "the next sweep goes on"
