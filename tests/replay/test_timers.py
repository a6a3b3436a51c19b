"""What the real workflow does while a party is silent, in days that pass at once."""

from __future__ import annotations

import sysconfig
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from temporalio.client import WorkflowUpdateStage
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Worker

from crossclaim.domain.habits import Habits
from crossclaim.domain.records import EpisodeRows
from crossclaim.domain.standing import Standing, standing_of
from tests.replay.brief_workflow import BriefEpisode
from tests.replay.timed_story import (
    HABITS,
    TimedStory,
    due_guarantee,
    empty_rows,
    reserved_payout,
)
from workflows.episode import EpisodeWorkflow
from workflows.messages import EpisodeStart, Submitted
from workflows.policies import BANK_FILES, EPISODES, INSURER, RECORDS

SERVER = Path(sysconfig.get_path("scripts")) / "temporal-test-server"


@pytest.fixture(scope="module")
async def skipping() -> AsyncIterator[WorkflowEnvironment]:
    env = await WorkflowEnvironment.start_time_skipping(
        test_server_existing_path=str(SERVER), data_converter=pydantic_data_converter
    )
    async with env:
        yield env


async def told(
    env: WorkflowEnvironment,
    story: TimedStory,
    name: str,
    episode: type[EpisodeWorkflow] = EpisodeWorkflow,
    bill: str = "",
) -> list[tuple[str, float]]:
    """The steps of one episode to the end of its run; ``bill``: one comes at once."""
    queues: dict[str, list[Callable[..., Any]]] = {
        BANK_FILES: [story.send_payout, story.inquire_payout],
        INSURER: [story.request_guarantee, story.inquire_guarantee],
        RECORDS: [story.archive_history],
    }
    async with AsyncExitStack() as running:
        episodes = Worker(
            env.client,
            task_queue=EPISODES,
            workflows=[episode],
            activities=[story.take_stock, story.note_failed_step, story.apply_submission],
        )
        await running.enter_async_context(episodes)
        for queue, steps in queues.items():
            await running.enter_async_context(
                Worker(env.client, task_queue=queue, activities=steps)
            )
        run = await env.client.start_workflow(
            episode.run, EpisodeStart(episode_id=name), id=name, task_queue=EPISODES
        )
        if bill:
            accepted = WorkflowUpdateStage.ACCEPTED
            sent = Submitted(submission_id=bill)
            await run.start_update("submit_bill", sent, id=bill, wait_for_stage=accepted)
        await run.result()
    return story.steps


def sent_twice(rows: EpisodeRows) -> bool:
    return rows.payouts[0].orders == 2


def silent_payout() -> EpisodeRows:
    return empty_rows().model_copy(update={"payouts": [reserved_payout()]})


def after_the_fence(steps: list[tuple[str, float]]) -> None:
    """Ten minutes, then pauses that double up to eight hours, an hour at the fence; the second
    order only when two days are over."""
    names = [step for step, _ in steps]
    assert names == ["send", *["inquire"] * 10, "send", "archive"]
    asked = [seconds // 60 for step, seconds in steps if step == "inquire"]
    pauses = [after - before for before, after in pairwise(asked)]
    assert asked[0] == 10 and pauses == [60, 120, 240, *[480] * 5, 60]
    fence_minutes = 2 * 24 * 60
    assert steps[-2][1] // 60 >= fence_minutes
    assert asked[-2] < fence_minutes <= asked[-1]


async def test_a_silent_bank_is_asked_ever_less_often_and_sent_to_again_only_after_two_days(
    skipping: WorkflowEnvironment,
) -> None:
    after_the_fence(await told(skipping, TimedStory(silent_payout(), sent_twice), "ep_silent"))


async def test_a_naive_rule_that_believes_the_first_denial_sends_again_within_minutes(
    skipping: WorkflowEnvironment,
) -> None:
    steps = await told(skipping, TimedStory(silent_payout(), sent_twice, naive), "ep_naive")
    assert [step for step, _ in steps] == ["send", "inquire", "send", "archive"]
    with pytest.raises(AssertionError):
        after_the_fence(steps)


def naive(rows: EpisodeRows, habits: Habits, at: datetime) -> Standing:
    """No fence: "no such payment" is taken for proof that there never will be one."""
    found = standing_of(rows, habits, at)
    if found.payout is None or rows.payouts[0].absent_at is None:
        return found
    again = found.payout.model_copy(update={"send_due": True, "inquiry_due": False})
    return found.model_copy(update={"payout": again})


async def test_a_guarantee_without_an_answer_is_asked_about_every_quarter_of_an_hour(
    skipping: WorkflowEnvironment,
) -> None:
    rows = empty_rows().model_copy(update={"guarantees": [due_guarantee()]})
    story = TimedStory(rows, lambda now: now.guarantees[0].state == "granted")
    steps = await told(skipping, story, "ep_guarantee")
    minutes = [(step, seconds // 60) for step, seconds in steps]
    assert minutes[:4] == [("request", 0), ("inquire", 15), ("inquire", 30), ("inquire", 45)]
    assert [step for step, _ in minutes[4:]] == ["archive"]


async def test_a_bill_waits_ten_minutes_for_a_guarantee_that_was_asked_for_and_no_longer(
    skipping: WorkflowEnvironment,
) -> None:
    rows = empty_rows().model_copy(update={"guarantees": [due_guarantee()]})
    story = TimedStory(rows, lambda now: now.guarantees[0].state == "granted")
    steps = await told(skipping, story, "ep_patience", bill="sb_1")
    minutes = [(step, seconds // 60) for step, seconds in steps]
    assert minutes[:3] == [("request", 0), ("bill", 10), ("inquire", 15)]


async def test_a_bill_is_split_as_soon_as_the_guarantee_is_granted(
    skipping: WorkflowEnvironment,
) -> None:
    """The answer comes with the third inquiry, two minutes after the one before."""
    rows = empty_rows().model_copy(update={"guarantees": [due_guarantee()]})
    quick = HABITS.model_copy(update={"answer_within_s": 120})
    story = TimedStory(
        rows,
        lambda now: now.guarantees[0].state == "granted",
        lambda now, _, at: standing_of(now, quick, at),
    )
    steps = await told(skipping, story, "ep_granted", bill="sb_2")
    minutes = [(step, seconds // 60) for step, seconds in steps if step in ("bill", "inquire")]
    assert minutes == [("inquire", 2), ("inquire", 4), ("inquire", 6), ("bill", 6)]


async def test_a_step_that_fails_for_good_is_noted_and_tried_again_while_the_run_lives_on(
    skipping: WorkflowEnvironment,
) -> None:
    rows = empty_rows().model_copy(update={"guarantees": [due_guarantee()]})
    story = TimedStory(rows, lambda now: now.guarantees[0].state == "granted", answers_after=1)
    story.refusals = 2
    steps = await told(skipping, story, "ep_refused")
    minutes = [(step, seconds // 60) for step, seconds in steps]
    failed = "failed request_guarantee"
    assert minutes[:4] == [("request", 0), (failed, 0), ("request", 5), (failed, 5)]
    assert [step for step, _ in steps[4:]] == ["request", "inquire", "archive"]


async def test_a_long_history_is_archived_and_the_same_story_goes_on_in_a_new_run(
    skipping: WorkflowEnvironment,
) -> None:
    story = TimedStory(silent_payout(), sent_twice)
    steps = await told(skipping, story, "ep_long", BriefEpisode)
    archives = sum(step == "archive" for step, _ in steps)
    assert archives > 3
    without = [step for step in steps if step[0] != "archive"]
    after_the_fence([*without, steps[-1]])
