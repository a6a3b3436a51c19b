"""An entered voucher claim in the real workflow: chased by durable timers to its end."""

from __future__ import annotations

import sysconfig
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from temporalio import activity
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Worker

from activities.orders import Applied, Apply, Receipt, Subject
from crossclaim.domain.habits import Habits
from crossclaim.domain.records import ClaimRow, EpisodeRows
from crossclaim.domain.standing import Standing, standing_of
from crossclaim.domain.voucher_rows import ConfirmationRow, StageRow
from tests.replay.timed_story import START, empty_rows
from workflows.episode import EpisodeWorkflow
from workflows.messages import EpisodeStart, Submitted
from workflows.policies import EPISODES, RECORDS, VOUCHER

SERVER = Path(sysconfig.get_path("scripts")) / "temporal-test-server"
DAYS = timedelta(days=1)


@pytest.fixture(scope="module")
async def skipping() -> AsyncIterator[WorkflowEnvironment]:
    env = await WorkflowEnvironment.start_time_skipping(
        test_server_existing_path=str(SERVER), data_converter=pydantic_data_converter
    )
    async with env:
        yield env


class EnteredClaim:
    """One claim that a clerk entered when the run began; ``days`` holds when it was chased."""

    def __init__(self) -> None:
        self.rows: EpisodeRows = empty_rows().model_copy(update={"coverages": []})
        self.days: list[int] = []
        self.confirmed: list[int] = []
        self._entered: datetime | None = None

    def _change(self, **changes: Any) -> None:
        episode = self.rows.episode
        raised = episode.model_copy(update={"revision": episode.revision + 1})
        self.rows = self.rows.model_copy(update={"episode": raised, **changes})

    def _enter(self, at: datetime) -> None:
        """Stages of the plan: a reminder after 3 days, an escalation 7 before the lapse on 30."""
        if self._entered is not None:
            return
        self._entered = at
        claim = ClaimRow(
            id="cv_1",
            bill_id="bl_1",
            kind="voucher",
            sequence=1,
            reference="CV1",
            state="queued",
            number="TX1",
        )
        stage = StageRow(
            claim_id="cv_1",
            entered_at=at,
            validated_at=at,
            remind_at=at + 3 * DAYS,
            escalate_at=at + 23 * DAYS,
            lapse_at=at + 30 * DAYS,
        )
        self._change(claims=[claim], voucher_stages=[stage])

    def _day(self, at: datetime) -> int:
        assert self._entered is not None
        return round((at - self._entered) / DAYS)

    def _standing(self, at: datetime) -> Standing:
        found = standing_of(self.rows, Habits(), at)
        over = self.rows.claims[0].state != "queued"
        return found.model_copy(update={"closed": True}) if over else found

    @activity.defn(name="take_stock")
    async def take_stock(self, order: Subject) -> Standing:
        self._enter(order.at)
        return self._standing(order.at)

    @activity.defn(name="chase_voucher")
    async def chase_voucher(self, order: Subject) -> Standing:
        self.days.append(self._day(order.at))
        stage = self.rows.voucher_stages[0]
        noted: dict[str, Any] = {"inquired_at": order.at, "reminded_at": order.at}
        if order.at >= stage.lapse_at:
            noted["lapsed_at"] = order.at
            claim = self.rows.claims[0].model_copy(update={"state": "failed"})
            self._change(claims=[claim])
        self._change(voucher_stages=[stage.model_copy(update=noted)])
        return self._standing(order.at)

    @activity.defn(name="apply_submission")
    async def apply_submission(self, order: Apply) -> Applied:
        said = ConfirmationRow(bill_id="bl_1", confirmed_by="EHCP-1", confirmed_at=START)
        self._change(voucher_confirmations=[said])
        receipt = Receipt(submission_id=order.submission_id, status=200)
        return Applied(receipt=receipt, standing=self._standing(order.at))

    @activity.defn(name="confirm_voucher")
    async def confirm_voucher(self, order: Subject) -> Standing:
        self.confirmed.append(self._day(order.at))
        claim = self.rows.claims[0].model_copy(update={"state": "approved"})
        self._change(claims=[claim])
        return self._standing(order.at)

    @activity.defn(name="archive_history")
    async def archive_history(self, order: Subject) -> None:
        return None


async def played(env: WorkflowEnvironment, name: str, confirm_on_day: int | None) -> EnteredClaim:
    story = EnteredClaim()
    episodes = Worker(
        env.client,
        task_queue=EPISODES,
        workflows=[EpisodeWorkflow],
        activities=[story.take_stock, story.apply_submission],
    )
    vouchers = Worker(
        env.client,
        task_queue=VOUCHER,
        activities=[story.chase_voucher, story.confirm_voucher],
    )
    records = Worker(env.client, task_queue=RECORDS, activities=[story.archive_history])
    async with episodes, vouchers, records:
        start = EpisodeStart(episode_id=name)
        run = await env.client.start_workflow(
            EpisodeWorkflow.run, start, id=name, task_queue=EPISODES
        )
        if confirm_on_day is not None:
            await env.sleep(timedelta(days=confirm_on_day, hours=1))
            message = Submitted(submission_id="sb_1")
            await run.execute_update("confirm_voucher", message, result_type=Receipt)
        await run.result()
    return story


async def test_a_claim_that_nobody_confirms_is_chased_every_third_day_until_it_lapses(
    skipping: WorkflowEnvironment,
) -> None:
    story = await played(skipping, "ep_unconfirmed", None)
    assert story.days == [3, 6, 9, 12, 15, 18, 21, 23, 26, 29, 30]
    assert story.confirmed == []


async def test_a_confirmation_in_time_ends_the_chase(skipping: WorkflowEnvironment) -> None:
    story = await played(skipping, "ep_confirmed", 7)
    assert (story.days, story.confirmed) == ([3, 6], [7])
