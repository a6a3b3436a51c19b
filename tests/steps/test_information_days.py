"""An information request in the real workflow on our rows: months pass at once, none is slept."""

from __future__ import annotations

import asyncio
import sysconfig
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from temporalio.client import WorkflowHandle
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Worker
from ulid import ULID

from activities.claims import ClaimSteps
from activities.failures import FailureSteps
from activities.information_requests import InformationSteps
from activities.orders import Receipt
from activities.payouts import PayoutSteps
from activities.submissions import SubmissionSteps
from crossclaim.domain.records import EpisodeRows
from crossclaim.domain.story_information import tell_information
from crossclaim.domain.story_line import Scene, in_order
from crossclaim.domain.submission import SubmissionKind
from crossclaim.store.story_rows import read_story_facts
from tests.flows.hospital import Body
from tests.flows.patience import DEADLINE_S, LOOK_EVERY_S
from tests.steps.asked import LINK, uploaded, wanted
from tests.steps.paper_claims import INSURER, claim
from tests.steps.rig import Rig
from workflows.episode import EpisodeWorkflow
from workflows.messages import EpisodeStart, Submitted
from workflows.policies import EPISODES

SERVER = Path(sysconfig.get_path("scripts")) / "temporal-test-server"
TOLD = "select kind from information_event where episode_id = %(id)s order by id"


@pytest.fixture
async def skipping() -> AsyncIterator[WorkflowEnvironment]:
    env = await WorkflowEnvironment.start_time_skipping(
        test_server_existing_path=str(SERVER), data_converter=pydantic_data_converter
    )
    async with env:
        yield env


class Waiting:
    """One run of the workflow over the rows of one claim with papers."""

    def __init__(self, rig: Rig, run: WorkflowHandle[Any, Any], episode: str) -> None:
        self.rig, self.run, self.episode = rig, run, episode

    async def say(self, kind: SubmissionKind, content: Body, key: str = "k") -> None:
        received = self.rig.intake.receive(
            INSURER,
            kind,
            submission_id=f"sb_{ULID()}",
            episode_id=self.episode,
            business_key=f"days-{ULID()}",
            content=content,
            idempotency_key=None,
            key_id=key,
        )
        message = Submitted(submission_id=received.id)
        receipt = await self.run.execute_update(kind.value, message, result_type=Receipt)
        assert receipt.status < 300, receipt

    async def sends(self, item: int) -> None:
        (request,) = self.rig.rows(self.episode).information_requests
        sha256 = uploaded(self.rig, self.episode, f"{self.episode}-{item}")
        content = {"request": request.id, "item": item, "sha256": sha256}
        await self.say(SubmissionKind.INFORMATION_ANSWER, content, LINK)

    async def until(self, holds: Callable[[EpisodeRows], bool], what: str) -> None:
        for _ in range(int(DEADLINE_S / LOOK_EVERY_S)):
            if holds(self.rig.rows(self.episode)):
                return
            await asyncio.sleep(LOOK_EVERY_S)
        raise AssertionError(f"waited in vain for {what}: {self.rig.rows(self.episode)}")

    def told(self) -> list[str]:
        return [row["kind"] for row in self.rig._select(TOLD, id=self.episode)]

    def claim(self) -> str:
        (found,) = self.rig.rows(self.episode).claims
        return found.state


def worker(env: WorkflowEnvironment, rig: Rig, threads: ThreadPoolExecutor) -> Worker:
    submissions, payouts = SubmissionSteps(rig.world), PayoutSteps(rig.world)
    return Worker(
        env.client,
        task_queue=EPISODES,
        workflows=[EpisodeWorkflow],
        activities=[
            submissions.apply_submission,
            submissions.take_stock,
            submissions.close_episode,
            ClaimSteps(rig.world).decide_claim,
            FailureSteps(rig.world).note_failed_step,
            InformationSteps(rig.world).follow_information_request,
            payouts.reserve_payout,
        ],
        activity_executor=threads,
    )


async def test_a_month_of_reminders_then_a_person_and_the_last_document_resumes_the_claim(
    skipping: WorkflowEnvironment, rig: Rig
) -> None:
    episode = f"ep_{ULID()}"
    with ThreadPoolExecutor(8) as threads:
        async with worker(skipping, rig, threads):
            start = EpisodeStart(episode_id=episode)
            run = await skipping.client.start_workflow(
                EpisodeWorkflow.run, start, id=episode, task_queue=EPISODES
            )
            story = Waiting(rig, run, episode)
            asked = claim(information=wanted("test_report", "receipt"))
            await story.say(SubmissionKind.PAPER_CLAIM, asked)
            await skipping.sleep(timedelta(days=8))
            await story.until(lambda _: story.told() == ["reminded"], "the first reminder")
            await story.sends(1)
            assert story.claim() == "due"
            await skipping.sleep(timedelta(days=21))
            await story.until(lambda _: story.told() == ["reminded"] * 4, "the other reminders")
            await skipping.sleep(timedelta(days=2))
            await story.until(lambda _: "overdue" in story.told(), "the word to a person")
            await skipping.sleep(timedelta(days=60))
            # Nobody is denied by silence, and nobody is reminded of what a person was told.
            assert story.told() == [*["reminded"] * 4, "overdue"] and story.claim() == "due"
            assert "INFORMATION_OVERDUE" in rig.exceptions(episode)
            await story.sends(2)
            await story.until(lambda rows: rows.claims[0].state == "approved", "the decision")
            await run.terminate()
    assert story.told()[-1] == "answered"
    assert "INFORMATION_OVERDUE" not in rig.exceptions(episode)
    with rig.database.begin() as connection:
        facts = read_story_facts(connection, episode)
    assert facts is not None
    lines = in_order(tell_information(Scene(facts, rig.world.reference)))
    assert [line.kind.removeprefix("information_") for line in lines] == [
        *("asked", "reminded", "received", "reminded", "reminded", "reminded", "overdue"),
        *("received", "answered"),
    ]
    assert "still missing" in lines[1].text.en and "the test report" in lines[1].text.en
    assert "the test report" not in lines[3].text.en and "the receipt" in lines[3].text.en
    assert "收據" in lines[3].text.zh_hant and "收据" in lines[3].text.zh_hans
