"""The running engine as operators see it, and a back-test that a worker of it makes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from temporalio.api.workflowservice.v1 import DescribeScheduleRequest
from temporalio.client import (
    Client,
    Schedule,
    ScheduleActionStartWorkflow,
    ScheduleCalendarSpec,
    ScheduleIntervalSpec,
    ScheduleOverlapPolicy,
    SchedulePolicy,
    ScheduleRange,
    ScheduleSpec,
    ScheduleState,
    ScheduleUpdate,
    ScheduleUpdateInput,
)

from crossclaim.api.entry import canonical
from crossclaim.domain.bill_look import BillLook
from crossclaim.domain.errors import NotFound
from crossclaim.domain.operations import OperationLimits, QueueSeen, queue_verdict, schedule_verdict
from crossclaim.domain.stay import REGION_ZONE
from crossclaim.domain.submission import BillSubmission
from crossclaim.engine import EpisodeEngine
from crossclaim.plans.loader import read_plan, shipped_text
from crossclaim.service.engine_state import EngineState
from crossclaim.stack import Stack
from crossclaim.store.plan_proposals import NewProposal, SqlPlanProposals
from crossclaim.wiring import api_house
from tests.flows.hospital import Body, Hospital
from tests.flows.simulator import Simulator
from tests.flows.voucher_visit import VoucherVisit
from workers.schedules import ensure_schedules
from workflows.policies import (
    BANK_MATCHING_SCHEDULE_ID,
    EPISODES,
    QUEUES,
    SWEEP_SCHEDULE_ID,
    inbox_schedule_id,
)

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


def as_older_builds_had_it(seen: ScheduleUpdateInput) -> ScheduleUpdate:
    old = SchedulePolicy(catchup_window=timedelta(seconds=60))
    return ScheduleUpdate(replace(seen.description.schedule, policy=old))


async def test_a_daily_turn_that_an_engine_missed_is_made_up_for_also_by_an_older_schedule(
    flow_stack: Stack, client: Client
) -> None:
    house = api_house(flow_stack.settings)
    matching = client.get_schedule_handle(BANK_MATCHING_SCHEDULE_ID)
    await matching.update(as_older_builds_had_it)
    await matching.pause(note="looked at")
    await ensure_schedules(client, flow_stack.settings, house.parties)
    house.database.close()
    found = (await matching.describe()).schedule
    assert found.policy.catchup_window == timedelta(days=1)
    assert found.state.paused and found.state.note == "looked at"
    await matching.unpause()


async def test_a_watch_of_an_older_build_is_made_one_of_stretches_that_follow_each_other(
    flow_stack: Stack, client: Client
) -> None:
    def as_it_was(seen: ScheduleUpdateInput) -> ScheduleUpdate:
        often = ScheduleSpec(intervals=[ScheduleIntervalSpec(every=timedelta(seconds=3))])
        return ScheduleUpdate(replace(seen.description.schedule, spec=often))

    house = api_house(flow_stack.settings)
    watch = client.get_schedule_handle(inbox_schedule_id(house.parties.banks[0].bank))
    await watch.update(as_it_was)
    await ensure_schedules(client, flow_stack.settings, house.parties)
    house.database.close()
    found = (await watch.describe()).schedule
    assert [one.every for one in found.spec.intervals] == [timedelta(seconds=60)]
    assert found.policy.overlap == ScheduleOverlapPolicy.BUFFER_ONE


async def test_a_schedule_that_a_person_made_another_kind_of_stays_so_and_stops_no_worker(
    flow_stack: Stack, client: Client
) -> None:
    morning = ScheduleSpec(calendars=[ScheduleCalendarSpec(hour=[ScheduleRange(5)])])
    house = api_house(flow_stack.settings)
    sweep = client.get_schedule_handle(SWEEP_SCHEDULE_ID)
    usual = (await sweep.describe()).schedule.spec
    await sweep.update(
        lambda seen: ScheduleUpdate(replace(seen.description.schedule, spec=morning))
    )
    await ensure_schedules(client, flow_stack.settings, house.parties)
    house.database.close()
    assert (await sweep.describe()).schedule.spec.intervals == []
    await sweep.update(lambda seen: ScheduleUpdate(replace(seen.description.schedule, spec=usual)))


async def test_a_pause_that_comes_while_an_older_schedule_is_brought_up_to_date_is_kept(
    flow_stack: Stack, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = api_house(flow_stack.settings)
    matching = client.get_schedule_handle(BANK_MATCHING_SCHEDULE_ID)
    await matching.update(as_older_builds_had_it)
    read, paused = client.workflow_service.describe_schedule, []

    async def read_and_paused(asked: DescribeScheduleRequest, **how: bool) -> object:
        there = await read(asked, **how)
        if asked.schedule_id == BANK_MATCHING_SCHEDULE_ID and not paused:
            paused.append(there)
            await matching.pause(note="between reading and writing")
        return there

    monkeypatch.setattr(client.workflow_service, "describe_schedule", read_and_paused)
    await ensure_schedules(client, flow_stack.settings, house.parties)
    house.database.close()
    found = (await matching.describe()).schedule
    assert paused and found.state.paused and found.state.note == "between reading and writing"
    assert found.policy.catchup_window == timedelta(days=1)
    await matching.unpause()


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
    pace = await state.pace()
    assert pace.answers_s > 0 and (pace.tasks == 0) == (pace.starts_p50_s is None)


async def test_a_worker_makes_a_back_test_of_a_proposal_and_says_how_far_it_is(
    flow_stack: Stack, client: Client, jiangmen: Hospital, voucher: Simulator
) -> None:
    visit = VoucherVisit(jiangmen, voucher)
    episode = visit.open()
    await asyncio.to_thread(lambda: episode.say("bills", visit.bill))
    await _looks_at_another_version(EpisodeEngine(client), episode.id, visit.bill)
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


async def _looks_at_another_version(engine: EpisodeEngine, episode_id: str, bill: Body) -> None:
    """A worker judges a correction that nobody has sent; twice, since nothing of it is kept."""
    correction = {"kind": "replace", "of_version": 1, "reason": "another code"}
    lines = [{**bill["lines"][0], "code": "OTHER-1"}, *bill["lines"][1:]]
    content = canonical(
        BillSubmission.model_validate(
            {**bill, "version": 2, "lines": lines, "correction": correction}
        )
    )
    for look in ("first", "second"):
        order = BillLook(
            episode_id=episode_id,
            look=look,
            organisation_id=str(PLATFORM),
            content=content,
            at=datetime.now(UTC),
        )
        looked = await engine.look_at_bill(order, 60)
        assert looked.faults == [] and looked.found is not None
        assert [one.line for one in looked.found.lines] == [1], looked
        assert (looked.found.change.amount_minor, looked.found.to_version) == (0, 2)
