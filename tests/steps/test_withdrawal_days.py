"""Scenario E12 (b) in the real workflow on our rows: thirty days pass at once, none is slept."""

from __future__ import annotations

import asyncio
import sysconfig
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
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
from activities.guarantees import GuaranteeSteps
from activities.orders import Receipt
from activities.submissions import SubmissionSteps
from activities.withdrawal_steps import WithdrawalSteps
from crossclaim.domain.submission import SubmissionKind
from crossclaim.plans.loader import load_plans
from tests.flows.flow_stack import flow_reference
from tests.flows.hospital import Body, example, varied
from tests.flows.patience import DEADLINE_S, LOOK_EVERY_S
from tests.steps.rig import HARBOUR, HOSPITAL, Rig
from tests.steps.withdrawn_visit import WHOLE, Listening
from workflows.episode import EpisodeWorkflow
from workflows.messages import EpisodeStart, Submitted
from workflows.policies import EPISODES, INSURER

SERVER = Path(sysconfig.get_path("scripts")) / "temporal-test-server"
PARTS = example("e12-consent-withdrawn")


@pytest.fixture
async def skipping() -> AsyncIterator[WorkflowEnvironment]:
    env = await WorkflowEnvironment.start_time_skipping(
        test_server_existing_path=str(SERVER), data_converter=pydantic_data_converter
    )
    async with env:
        yield env


@dataclass
class Suspended:
    """One run of the workflow over the rows of one episode."""

    env: WorkflowEnvironment
    rig: Rig
    insurer: Listening
    episode: str = field(default_factory=lambda: f"ep_{ULID()}")
    run: WorkflowHandle[Any, Any] | None = None

    async def say(self, update: str, kind: SubmissionKind, content: Body) -> None:
        received = self.rig.intake.receive(
            HOSPITAL,
            kind,
            submission_id=f"sb_{ULID()}",
            episode_id=self.episode,
            business_key=f"days-{ULID()}",
            content=content,
            idempotency_key=None,
            key_id="",
        )
        assert self.run is not None
        message = Submitted(submission_id=received.id)
        receipt = await self.run.execute_update(update, message, result_type=Receipt)
        assert receipt.status < 300, self.rig._select(
            "select outcome from submission where id = %(id)s", id=received.id
        )

    async def until(self, holds: Callable[[Suspended], bool], what: str) -> None:
        for _ in range(int(DEADLINE_S / LOOK_EVERY_S)):
            if holds(self):
                return
            await asyncio.sleep(LOOK_EVERY_S)
        raise AssertionError(f"waited in vain for {what}: {self.rig.rows(self.episode)}")

    def claim(self) -> str:
        return next((claim.state for claim in self.rig.rows(self.episode).claims), "")

    def guarantee(self) -> str:
        return next((one.state for one in self.rig.rows(self.episode).guarantees), "")


def workers(env: WorkflowEnvironment, rig: Rig, threads: ThreadPoolExecutor) -> list[Worker]:
    submissions, guarantees = SubmissionSteps(rig.world), GuaranteeSteps(rig.world)
    claims, withdrawals = ClaimSteps(rig.world), WithdrawalSteps(rig.world)
    own: list[Callable[..., Any]] = [
        submissions.apply_submission,
        submissions.take_stock,
        submissions.close_episode,
        FailureSteps(rig.world).note_failed_step,
        withdrawals.end_suspension,
    ]
    outside: list[Callable[..., Any]] = [
        guarantees.check_eligibility,
        guarantees.request_guarantee,
        guarantees.inquire_guarantee,
        claims.submit_claim,
        claims.inquire_claim,
        withdrawals.cancel_guarantee,
        withdrawals.tell_withdrawal,
    ]
    episodes = Worker(
        env.client,
        task_queue=EPISODES,
        workflows=[EpisodeWorkflow],
        activities=own,
        activity_executor=threads,
    )
    insurer = Worker(env.client, task_queue=INSURER, activities=outside, activity_executor=threads)
    return [episodes, insurer]


async def suspended(env: WorkflowEnvironment, rig: Rig) -> Suspended:
    """Opened, guaranteed, billed and claimed; then the patient withdraws his consent."""
    story = Suspended(env, rig, _insurer(rig))
    start = EpisodeStart(episode_id=story.episode)
    story.run = await env.client.start_workflow(
        EpisodeWorkflow.run, start, id=story.episode, task_queue=EPISODES
    )
    opened = varied(PARTS["episode"], visit={"number": f"MZ-DAYS-{story.episode[-6:]}"})
    await story.say("submit_episode", SubmissionKind.EPISODE, opened)
    await story.until(lambda s: s.guarantee() == "granted", "the guarantee")
    bill = varied(PARTS["bill"], number=f"F-DAYS-{story.episode[-6:]}")
    await story.say("submit_bill", SubmissionKind.BILL, bill)
    await story.until(lambda s: s.claim() == "queued", "the claim")
    await story.say("record_consent", SubmissionKind.CONSENT, PARTS["withdrawal"])
    await story.until(lambda s: bool(s.insurer.stopped), "the word to the insurer")
    return story


def _insurer(rig: Rig) -> Listening:
    insurer = rig.world.insurers[HARBOUR]
    assert isinstance(insurer, Listening)
    return insurer


@pytest.fixture
def own(rig: Rig) -> Rig:
    plans = load_plans(demonstration=True)
    world = replace(
        rig.world,
        insurers={HARBOUR: Listening()},
        plan_shelf=lambda: plans,
        reference=flow_reference(),
    )
    return replace(rig, world=world)


async def test_a_suspension_lasts_its_days_and_then_the_claim_ends_by_itself(
    skipping: WorkflowEnvironment, own: Rig
) -> None:
    with ThreadPoolExecutor(8) as threads:
        episodes, insurer = workers(skipping, own, threads)
        async with episodes, insurer:
            story = await suspended(skipping, own)
            await skipping.sleep(timedelta(days=29))
            assert story.claim() == "suspended"
            await skipping.sleep(timedelta(days=2))
            await story.until(lambda s: s.guarantee() == "cancelled", "the end of the guarantee")
            await story.until(lambda s: len(s.insurer.stopped) == 3, "the end of the claim")
            assert story.run is not None
            await story.run.terminate()
    assert story.claim() == "voided"
    assert [word for word, _ in story.insurer.stopped] == ["suspend", "cancel", "cancel"]
    assert own.balances(story.episode) == {
        "hospital:hku-szh:bills": -WHOLE,
        "funder:patient:due": WHOLE,
    }


async def test_a_new_consent_on_the_twentieth_day_takes_the_claim_on(
    skipping: WorkflowEnvironment, own: Rig
) -> None:
    with ThreadPoolExecutor(8) as threads:
        episodes, insurer = workers(skipping, own, threads)
        async with episodes, insurer:
            story = await suspended(skipping, own)
            await skipping.sleep(timedelta(days=20))
            await story.say("record_consent", SubmissionKind.CONSENT, PARTS["consent"])
            await story.until(lambda s: s.claim() == "queued", "the claim to go on")
            assert story.run is not None
            await story.run.terminate()
    assert [word for word, _ in story.insurer.stopped] == ["suspend", "resume"]
    assert len(story.insurer.orders) == 1
