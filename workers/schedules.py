"""Makes sure that the schedules exist: one inbox per bank, one sweep, the bureau's sums."""

from __future__ import annotations

import logging
from datetime import timedelta
from uuid import uuid4

from temporalio.api.enums.v1.schedule_pb2 import ScheduleOverlapPolicy as Overlap
from temporalio.api.schedule.v1 import Schedule as EngineSchedule
from temporalio.api.workflowservice.v1 import DescribeScheduleRequest, UpdateScheduleRequest
from temporalio.client import (
    Client,
    Schedule,
    ScheduleActionStartWorkflow,
    ScheduleAlreadyRunningError,
    ScheduleCalendarSpec,
    ScheduleIntervalSpec,
    ScheduleOverlapPolicy,
    SchedulePolicy,
    ScheduleRange,
    ScheduleSpec,
)

from activities.orders import InboxWatch, Sweep, WebhookWatch
from crossclaim.config import Parties, Settings
from workflows.policies import (
    ACQUIRER_DAY_SCHEDULE_ID,
    AUDIT_SEAL_SCHEDULE_ID,
    BANK_MATCHING_SCHEDULE_ID,
    COMPARISON_SCHEDULE_ID,
    EPISODES,
    ERASURE_SCHEDULE_ID,
    SWEEP_SCHEDULE_ID,
    VOUCHER_MONTHS_SCHEDULE_ID,
    WEBHOOKS_SCHEDULE_ID,
    inbox_schedule_id,
)

_log = logging.getLogger("crossclaim.worker")

STRETCH_S, STRETCH_EVERY = 57.0, timedelta(seconds=60)
"""A stretch of watching, and when the next is due. One that is due while another still runs begins
when that ends: a turn every few seconds that is nearly always left out costs the engine more than
all else that an idle house does."""
SWEEP_EVERY = timedelta(seconds=30)
SWEEP_AFTER_S = 20.0
VOUCHER_MONTHS_EVERY = timedelta(days=1)
BANK_MATCHING_EVERY = timedelta(days=1)
AUDIT_SEAL_EVERY = timedelta(seconds=60)


READ_AGAIN = 5
SOON_AGAIN, A_DAY = timedelta(seconds=60), timedelta(days=1)
"""How late a turn may begin that fell into a time without an engine: a daily one within the day."""


def _schedule(
    workflow: str,
    argument: object,
    name: str,
    every: timedelta,
    overlap: ScheduleOverlapPolicy = ScheduleOverlapPolicy.SKIP,
) -> Schedule:
    given = [] if argument is None else [argument]
    return Schedule(
        action=ScheduleActionStartWorkflow(workflow, args=given, id=name, task_queue=EPISODES),
        spec=ScheduleSpec(intervals=[ScheduleIntervalSpec(every=every)]),
        policy=SchedulePolicy(overlap=overlap, catchup_window=max(SOON_AGAIN, every)),
    )


def _stretches(workflow: str, argument: object, name: str) -> Schedule:
    """One stretch after the other; what a late one took is no turn lost."""
    after = ScheduleOverlapPolicy.BUFFER_ONE
    return _schedule(workflow, argument, name, STRETCH_EVERY, after)


def _daily_comparison(workflow: str, name: str, hour: int) -> Schedule:
    """In the morning, when yesterday's settlements and statements are all made."""
    return Schedule(
        action=ScheduleActionStartWorkflow(workflow, id=name, task_queue=EPISODES),
        spec=ScheduleSpec(
            calendars=[
                ScheduleCalendarSpec(hour=[ScheduleRange(hour)], minute=[ScheduleRange(10)])
            ],
            time_zone_name="Asia/Shanghai",
        ),
        policy=SchedulePolicy(overlap=ScheduleOverlapPolicy.SKIP, catchup_window=A_DAY),
    )


async def _ensure(client: Client, name: str, schedule: Schedule, *, at_once: bool = True) -> None:
    try:
        await client.create_schedule(name, schedule, trigger_immediately=at_once)
    except ScheduleAlreadyRunningError:
        await _bring_up_to_date(client, name, schedule)


async def _bring_up_to_date(client: Client, name: str, wanted: Schedule) -> None:
    """A schedule of an older build; whether it is paused, and why, stays as a person left it.

    The SDK's update writes back all that it read, so a pause that comes between is lost; the server
    drops a change whose token is older than the schedule, and says so to nobody. Hence read again.
    """
    asked = DescribeScheduleRequest(namespace=client.namespace, schedule_id=name)
    for _ in range(READ_AGAIN):
        there = await client.workflow_service.describe_schedule(asked, retry=True)
        if _is_as(there.schedule, wanted):
            return
        change = UpdateScheduleRequest(
            namespace=client.namespace,
            schedule_id=name,
            schedule=_made_as(there.schedule, wanted),
            conflict_token=there.conflict_token,
            identity=client.identity,
            request_id=str(uuid4()),
        )
        await client.workflow_service.update_schedule(change, retry=True)
    _log.warning("The schedule %s stayed as it was: others changed it all the time.", name)


def _is_as(there: EngineSchedule, wanted: Schedule) -> bool:
    """As to policy and intervals; calendars the server writes in its own words.

    What a person has made another kind of, by Temporal's own tools, stays of that kind.
    """
    policies, every = there.policies, [one.interval.ToTimedelta() for one in there.spec.interval]
    found = (int(policies.overlap_policy), policies.catchup_window.ToTimedelta(), every)
    policy = wanted.policy
    intervals = [one.every for one in wanted.spec.intervals]
    asked = intervals if len(intervals) == len(every) else every
    return found == (int(policy.overlap), policy.catchup_window, asked)


def _made_as(there: EngineSchedule, wanted: Schedule) -> EngineSchedule:
    there.policies.overlap_policy = Overlap.ValueType(int(wanted.policy.overlap))
    there.policies.catchup_window.FromTimedelta(wanted.policy.catchup_window or A_DAY)
    if len(there.spec.interval) == len(wanted.spec.intervals):
        for there_one, one in zip(there.spec.interval, wanted.spec.intervals, strict=True):
            there_one.interval.FromTimedelta(one.every)
    return there


async def ensure_schedules(client: Client, settings: Settings, parties: Parties) -> None:
    """Creates what is missing; several workers at once do no harm."""
    for profile in parties.banks:
        name = inbox_schedule_id(profile.bank)
        watch = InboxWatch(bank=profile.bank, seconds=STRETCH_S)
        await _ensure(client, name, _stretches("BankInboxWorkflow", watch, name))
    if parties.bureau is not None:
        daily = _daily_comparison("SettlementComparisonWorkflow", COMPARISON_SCHEDULE_ID, 5)
        await _ensure(client, COMPARISON_SCHEDULE_ID, daily, at_once=False)
    if parties.banks:
        matching = BANK_MATCHING_SCHEDULE_ID
        daily = _schedule("BankMatchingWorkflow", None, matching, BANK_MATCHING_EVERY)
        await _ensure(client, matching, daily, at_once=False)
    if parties.acquirer is not None:
        daily = _daily_comparison("AcquirerDayWorkflow", ACQUIRER_DAY_SCHEDULE_ID, 10)
        await _ensure(client, ACQUIRER_DAY_SCHEDULE_ID, daily, at_once=False)
    sweep = Sweep(older_than_s=SWEEP_AFTER_S)
    await _ensure(
        client,
        SWEEP_SCHEDULE_ID,
        _schedule("SweepWorkflow", sweep, SWEEP_SCHEDULE_ID, SWEEP_EVERY),
    )
    seal = _schedule("AuditSealWorkflow", None, AUDIT_SEAL_SCHEDULE_ID, AUDIT_SEAL_EVERY)
    await _ensure(client, AUDIT_SEAL_SCHEDULE_ID, seal, at_once=False)
    erasures = _daily_comparison("ErasureWorkflow", ERASURE_SCHEDULE_ID, 3)
    await _ensure(client, ERASURE_SCHEDULE_ID, erasures, at_once=False)
    webhooks = WebhookWatch(seconds=STRETCH_S)
    deliveries = _stretches("WebhookWorkflow", webhooks, WEBHOOKS_SCHEDULE_ID)
    await _ensure(client, WEBHOOKS_SCHEDULE_ID, deliveries)
    if parties.voucher is not None:
        months = VOUCHER_MONTHS_SCHEDULE_ID
        daily = _schedule("VoucherMonthsWorkflow", None, months, VOUCHER_MONTHS_EVERY)
        await _ensure(client, months, daily, at_once=False)
