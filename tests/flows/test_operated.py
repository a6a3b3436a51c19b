"""The running engine as operators see it, and a back-test that a worker of it makes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest
from temporalio.client import (
    Client,
    Schedule,
    ScheduleActionStartWorkflow,
    ScheduleCalendarSpec,
    ScheduleRange,
    ScheduleSpec,
    ScheduleState,
)

from crossclaim.domain.errors import NotFound
from crossclaim.domain.operations import OperationLimits, QueueSeen, queue_verdict, schedule_verdict
from crossclaim.domain.stay import REGION_ZONE
from crossclaim.engine import EpisodeEngine
from crossclaim.plans.loader import read_plan, shipped_text
from crossclaim.service.engine_state import EngineState
from crossclaim.stack import Stack
from crossclaim.store.plan_proposals import NewProposal, SqlPlanProposals
from crossclaim.wiring import api_house
from tests.flows.hospital import Hospital
from tests.flows.simulator import Simulator
from tests.flows.voucher_visit import VoucherVisit
from workflows.policies import EPISODES, QUEUES

LIMITS = OperationLimits()
PLATFORM = "crossclaim"
PLAN = "voucher-ehcv-gba"


@pytest.fixture
async def client(flow_stack: Stack) -> AsyncIterator[Client]:
    house = api_house(flow_stack.settings)
    yield await house.client(lazy=False)
    house.database.close()


async def polled(state: EngineState) -> dict[str, QueueSeen]:
    """Once every queue was asked for work: a worker that has just begun may not have yet."""
    async with asyncio.timeout(60):
        while True:
            queues = {queue.name: queue for queue in await state.queues()}
            if all(queue.workers for queue in queues.values()):
                return queues
            await asyncio.sleep(0.5)


async def test_queues_tell_their_workers_and_versions_and_a_schedule_is_paused_and_goes_on(
    flow_stack: Stack, client: Client
) -> None:
    state = EngineState(client)
    queues = await polled(state)
    assert set(queues) == set(QUEUES)
    for queue in queues.values():
        assert {worker.build for worker in queue.workers} == {flow_stack.settings.build_id}
        assert queue_verdict(queue, LIMITS, datetime.now(UTC)).fine, queue
    never = ScheduleSpec(calendars=[ScheduleCalendarSpec(year=[ScheduleRange(2099)])])
    action = ScheduleActionStartWorkflow("AuditSealWorkflow", id="operated", task_queue=EPISODES)
    schedule = Schedule(action=action, spec=never, state=ScheduleState())
    await client.create_schedule("operated", schedule)
    await state.change("operated", "pause", "p-1: a look at the store")
    paused = await state.schedule("operated")
    verdict = schedule_verdict(paused, LIMITS, datetime.now(UTC))
    assert (paused.paused, paused.next_run) == (True, None)
    assert verdict.because.en == "it is paused: p-1: a look at the store"
    await state.change("operated", "unpause", "p-1: it is back")
    going = await state.schedule("operated")
    assert not going.paused and going.next_run is not None and going.next_run.year == 2099
    with pytest.raises(NotFound):
        await state.schedule("nobody-made-it")
    await client.get_schedule_handle("operated").delete()
    assert await state.version()


async def test_a_worker_makes_a_back_test_of_a_proposal_and_says_how_far_it_is(
    flow_stack: Stack, client: Client, jiangmen: Hospital, voucher: Simulator
) -> None:
    visit = VoucherVisit(jiangmen, voucher)
    await asyncio.to_thread(lambda: visit.open().say("bills", visit.bill))
    house = api_house(flow_stack.settings)
    rows, text = SqlPlanProposals(house.database), shipped_text(PLAN, demonstration=True)
    assert text is not None
    running = read_plan(text, f"{PLAN}.yaml", demonstration=True).version
    new = NewProposal(
        plan_id=PLAN,
        version="next",
        content=text.replace("\n  en: ", "\n  en: Another ", 1),
        follows=running,
        wanted_from=None,
        reason="a test",
    )
    proposal = rows.add(PLATFORM, "a", new)
    asked = rows.ask_backtest(PLATFORM, "a", proposal, f"{datetime.now(REGION_ZONE):%Y-%m}")
    engine = EpisodeEngine(client)
    await engine.backtest_plan(asked)
    await engine.backtest_plan(asked)
    compared = await asyncio.wait_for(client.get_workflow_handle(asked).result(), 120)
    (told,) = rows.backtests(PLATFORM, backtest_id=asked)
    house.database.close()
    assert (told.state, told.done) == ("done", told.claims) and compared >= 1
    assert told.result is not None
    assert (told.result["claims"], told.result["moved"]) == (compared, 0), "a title moves nothing"
