"""Makes sure that the schedules exist: one inbox per bank, one sweep, the bureau's sums."""

from __future__ import annotations

import logging
from datetime import timedelta
from uuid import uuid4

from temporalio.api.enums.v1.schedule_pb2 import ScheduleOverlapPolicy as Overlap
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

WATCH_S = 55.0
# The next stretch starts so soon after one ended; while one runs, its turn is skipped.
WATCH_EVERY = timedelta(seconds=3)
SWEEP_EVERY = timedelta(seconds=30)
SWEEP_AFTER_S = 20.0
VOUCHER_MONTHS_EVERY = timedelta(days=1)
BANK_MATCHING_EVERY = timedelta(days=1)
AUDIT_SEAL_EVERY = timedelta(seconds=60)
WEBHOOKS_EVERY = timedelta(seconds=60)
WEBHOOKS_FOR_S = 57.0


READ_AGAIN = 5
SOON_AGAIN, A_DAY = timedelta(seconds=60), timedelta(days=1)
"""How late a turn may begin that fell into a time without an engine: a daily one within the day."""


def _schedule(workflow: str, argument: object, name: str, every: timedelta) -> Schedule:
    given = [] if argument is None else [argument]
    return Schedule(
        action=ScheduleActionStartWorkflow(workflow, args=given, id=name, task_queue=EPISODES),
        spec=ScheduleSpec(intervals=[ScheduleIntervalSpec(every=every)]),
        policy=SchedulePolicy(
            overlap=ScheduleOverlapPolicy.SKIP, catchup_window=max(SOON_AGAIN, every)
        ),
    )


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
        await _bring_up_to_date(client, name, schedule.policy)


async def _bring_up_to_date(client: Client, name: str, policy: SchedulePolicy) -> None:
    """A schedule of an older build; whether it is paused, and why, stays as a person left it.

    The SDK's update writes back all that it read, so a pause that comes between is lost; the server
    drops a change whose token is older than the schedule, and says so to nobody. Hence read again.
    """
    asked = DescribeScheduleRequest(namespace=client.namespace, schedule_id=name)
    for _ in range(READ_AGAIN):
        there = await client.workflow_service.describe_schedule(asked, retry=True)
        kept = there.schedule.policies
        overlap, window = int(policy.overlap), policy.catchup_window or A_DAY
        if (int(kept.overlap_policy), kept.catchup_window.ToTimedelta()) == (overlap, window):
            return
        kept.overlap_policy = Overlap.ValueType(overlap)
        kept.catchup_window.FromTimedelta(window)
        change = UpdateScheduleRequest(
            namespace=client.namespace,
            schedule_id=name,
            schedule=there.schedule,
            conflict_token=there.conflict_token,
            identity=client.identity,
            request_id=str(uuid4()),
        )
        await client.workflow_service.update_schedule(change, retry=True)
    _log.warning("The schedule %s kept its old policy: others changed it all the time.", name)


async def ensure_schedules(client: Client, settings: Settings, parties: Parties) -> None:
    """Creates what is missing; several workers at once do no harm."""
    for profile in parties.banks:
        name = inbox_schedule_id(profile.bank)
        watch = InboxWatch(bank=profile.bank, seconds=WATCH_S)
        await _ensure(client, name, _schedule("BankInboxWorkflow", watch, name, WATCH_EVERY))
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
    webhooks = WebhookWatch(seconds=WEBHOOKS_FOR_S)
    stretch = _schedule("WebhookWorkflow", webhooks, WEBHOOKS_SCHEDULE_ID, WEBHOOKS_EVERY)
    await _ensure(client, WEBHOOKS_SCHEDULE_ID, stretch)
    if parties.voucher is not None:
        months = VOUCHER_MONTHS_SCHEDULE_ID
        daily = _schedule("VoucherMonthsWorkflow", None, months, VOUCHER_MONTHS_EVERY)
        await _ensure(client, months, daily, at_once=False)
