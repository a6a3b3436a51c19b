"""An account's story over years that pass at once: real rows, the real workflow, skipped time.

The server that skips time is an exception to "real engines": only timers and runs are looked at.
"""

from __future__ import annotations

import asyncio
import sysconfig
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from temporalio.client import WorkflowExecutionStatus, WorkflowHandle
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Worker

from activities.credit import CreditSteps
from activities.credit_books import CreditBookSteps
from activities.orders import Receipt
from crossclaim.domain.credit_position import available, draws, owed
from crossclaim.domain.credit_standing import CreditStanding
from crossclaim.domain.errors import Final
from crossclaim.domain.submission import SubmissionKind
from crossclaim.engine import EpisodeEngine
from tests.flows.hospital import Body, cny
from tests.gateways.simulated_party import SimulatedParty
from tests.steps.credit_rig import REGION, CreditDesk, CreditDeskAccount
from tests.steps.rig import Rig
from workflows.credit import CreditWorkflow
from workflows.messages import CreditStart, Submitted
from workflows.policies import CREDIT, CREDIT_RENEW_AFTER, EPISODES, RECORDS

SERVER = Path(sysconfig.get_path("scripts")) / "temporal-test-server"
YEARS = 2


@pytest.fixture(scope="module")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SimulatedParty]:
    with SimulatedParty("huimin", tmp_path_factory.mktemp("huimin")) as party:
        yield party


@pytest.fixture(scope="module")
async def skipping() -> AsyncIterator[WorkflowEnvironment]:
    env = await WorkflowEnvironment.start_time_skipping(
        test_server_existing_path=str(SERVER), data_converter=pydantic_data_converter
    )
    async with env:
        yield env


@dataclass
class Shelf:
    """Documents in memory: only that a run was archived is looked at."""

    kept: dict[str, bytes] = field(default_factory=dict)
    refusals: int = 0
    """How many documents it refuses for good first."""
    asked: int = 0

    def put(self, key: str, content: bytes, content_type: str) -> None:
        self.asked += 1
        if self.asked <= self.refusals:
            raise Final("nothing is kept today", code="DOCUMENT_KEY")
        self.kept[key] = content

    def get(self, key: str) -> bytes:
        return self.kept[key]


@dataclass
class Years:
    """One account's run with its desk, whose clock is the engine's."""

    env: WorkflowEnvironment
    desk: CreditDesk
    engine: EpisodeEngine
    shelf: Shelf

    async def now(self) -> None:
        moment = await self.env.get_current_time()
        await asyncio.to_thread(self.desk.at, moment)

    async def sleep(self, **span: float) -> None:
        await self.env.sleep(timedelta(**span))
        await self.now()

    async def say(self, account: CreditDeskAccount, kind: SubmissionKind, body: Body) -> int:
        submission = await asyncio.to_thread(self.desk._say, kind, body, account.id)
        handle = self.handle(account)
        receipt: Receipt = await handle.execute_update(
            kind.value, Submitted(submission_id=submission), id=submission, result_type=Receipt
        )
        return receipt.status

    def handle(self, account: CreditDeskAccount) -> WorkflowHandle[CreditWorkflow, object]:
        return self.env.client.get_workflow_handle_for(CreditWorkflow.run, account.id)

    async def standing(self, account: CreditDeskAccount) -> CreditStanding:
        found: CreditStanding = await self.handle(account).query(
            "standing", result_type=CreditStanding
        )
        return found

    async def quiet(self, account: CreditDeskAccount) -> None:
        """Until nothing is outstanding with the platform."""
        for _ in range(200):
            standing = await asyncio.to_thread(lambda: account.standing)
            if not (standing.order_due or standing.statement_due or standing.notices_due):
                known = await self.standing(account)
                if known.revision == standing.revision:
                    return
            await asyncio.sleep(0.05)
        raise AssertionError("the account's run stands still")

    async def pay_a_visit(self, account: CreditDeskAccount, amount: str) -> str:
        """A relative's bill is charged, and the account's run hears of it."""
        await self.now()
        reference = await asyncio.to_thread(lambda: self.desk.mother(account).paid(amount))
        await self.engine.announce_charge(account.id, reference)
        await self.engine.announce_charge(account.id, reference)
        return reference

    async def repay(self, account: CreditDeskAccount, number: str, amount: str) -> int:
        body = {
            "number": number,
            "source": "bank_card",
            "amount": cny(amount),
            "requested_at": self.desk.now.isoformat(),
        }
        return await self.say(account, SubmissionKind.CREDIT_REPAYMENT, body)


@pytest.fixture
async def years(
    rig: Rig, platform: SimulatedParty, skipping: WorkflowEnvironment
) -> AsyncIterator[Years]:
    desk, shelf = CreditDesk.of(rig, platform), Shelf()
    engine = EpisodeEngine(skipping.client)
    world = replace(desk.world, runs=engine, documents=shelf)
    steps, books = CreditSteps(world), CreditBookSteps(world)
    queues: dict[str, list[Callable[..., Any]]] = {
        CREDIT: [steps.send_credit_order, steps.inquire_credit_order, books.take_credit_statement],
        RECORDS: [books.archive_credit_history],
    }
    async with AsyncExitStack() as running:
        pool = running.enter_context(ThreadPoolExecutor(8))
        own: list[Callable[..., Any]] = [
            steps.apply_credit_submission,
            steps.take_credit_stock,
            steps.note_failed_credit_step,
            books.write_credit_notices,
        ]
        await running.enter_async_context(
            Worker(
                skipping.client,
                task_queue=EPISODES,
                workflows=[CreditWorkflow],
                activities=own,
                activity_executor=pool,
            )
        )
        for queue, activities in queues.items():
            await running.enter_async_context(
                Worker(
                    skipping.client,
                    task_queue=queue,
                    activities=activities,
                    activity_executor=pool,
                )
            )
        yield Years(skipping, desk, engine, shelf)


async def started(years: Years) -> CreditDeskAccount:
    """A member whose run is under way."""
    await years.now()
    account = await asyncio.to_thread(lambda: years.desk.member(rows={"balance_fen": 0}))
    await years.env.client.start_workflow(
        CreditWorkflow.run, CreditStart(account_id=account.id), id=account.id, task_queue=EPISODES
    )
    return account


async def test_an_account_lives_for_years_of_instalments_in_several_runs(years: Years) -> None:
    account = await started(years)
    for year in range(YEARS):
        draw = await years.pay_a_visit(account, "1200.00")
        chosen = {"draw": draw, "count": 12, "chosen_at": years.desk.now.isoformat()}
        assert await years.say(account, SubmissionKind.CREDIT_INSTALMENTS, chosen) == 202
        await years.quiet(account)
        for month in range(12):
            position = await asyncio.to_thread(lambda: draws(account.rows)[-1])
            due = next(part.due_on for part in position.instalments if part.left_minor)
            days = (due - years.desk.now.astimezone(REGION).date()).days
            await years.sleep(days=max(days, 1))
            assert await years.repay(account, f"R-{year}-{month}", "100.00") == 202
            await years.quiet(account)
    rows = await asyncio.to_thread(lambda: account.rows)
    assert (owed(rows), available(rows)) == (0, 500000)
    assert len(rows.repaid) == YEARS * 12
    assert sum(event.code == "DUE_SOON" for event in rows.events) == YEARS * 12
    assert not any(event.code == "OVERDUE" for event in rows.events)
    assert account.exceptions == set()
    handle = years.handle(account)
    runs = await handle.query("runs", result_type=int)
    assert runs >= 1, "a long run goes on as a new one"
    assert len(years.shelf.kept) == runs, "each run that ended is archived"
    described = await handle.describe()
    assert described.history_length < CREDIT_RENEW_AFTER + 100
    assert (await years.standing(account)).waiting_for == "NEXT_CHARGE"


async def test_an_account_without_dates_waits_for_years_at_no_cost(years: Years) -> None:
    account = await started(years)
    await years.quiet(account)
    before = (await years.handle(account).describe()).history_length
    await years.sleep(days=3285)
    assert (await years.handle(account).describe()).history_length == before
    assert (await years.standing(account)).look_again_at is None


async def test_messages_that_come_early_twice_or_after_the_end_do_no_harm(years: Years) -> None:
    account = await started(years)
    await years.quiet(account)
    early = "ca_01JQ4XM3V8ZK6T2Y5W7N9R1B0E"
    await years.engine.announce_charge(early, "CP1-1")
    waiting = years.env.client.get_workflow_handle(early)
    assert not (await waiting.query("standing", result_type=CreditStanding)).opened
    await waiting.terminate()
    closing = {"number": "L-1", "requested_at": years.desk.now.isoformat()}
    assert await years.say(account, SubmissionKind.CREDIT_CLOSING, closing) == 202
    await years.handle(account).result()
    closed = await asyncio.to_thread(lambda: account.rows)
    assert closed.account.state == "closed"
    for _ in range(2):
        await years.engine.announce_charge(account.id, "CP1-1")
        await years.env.client.get_workflow_handle(account.id).result()
    assert await asyncio.to_thread(lambda: account.rows) == closed


async def test_an_overdue_part_is_found_by_the_timer_alone(years: Years) -> None:
    account = await started(years)
    await years.pay_a_visit(account, "720.00")
    await years.sleep(days=62)
    await years.quiet(account)
    assert account.exceptions == {"REPAYMENT_OVERDUE"}
    assert account.codes.count("DUE_SOON") == 1
    await years.sleep(days=700)
    assert account.codes.count("OVERDUE") == 1, "it is said once"


async def test_a_history_that_cannot_be_kept_is_tried_again_in_peace(years: Years) -> None:
    account = await started(years)
    await years.quiet(account)
    years.shelf.refusals = 3
    closing = {"number": "L-1", "requested_at": years.desk.now.isoformat()}
    assert await years.say(account, SubmissionKind.CREDIT_CLOSING, closing) == 202
    await years.sleep(hours=1)
    assert (await years.handle(account).describe()).status is WorkflowExecutionStatus.COMPLETED
    assert (years.shelf.asked, len(years.shelf.kept)) == (4, 1)
    assert account.exceptions == {"STEP_FAILED"}
