"""Makes sure that the schedules exist: one inbox per bank, one sweep, the bureau's sums."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from temporalio.client import (
    Client,
    Schedule,
    ScheduleActionStartWorkflow,
    ScheduleAlreadyRunningError,
    ScheduleCalendarSpec,
    ScheduleHandle,
    ScheduleIntervalSpec,
    ScheduleOverlapPolicy,
    SchedulePolicy,
    ScheduleRange,
    ScheduleSpec,
    ScheduleUpdate,
    ScheduleUpdateInput,
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
        await _bring_up_to_date(client.get_schedule_handle(name), schedule.policy)


async def _bring_up_to_date(handle: ScheduleHandle, policy: SchedulePolicy) -> None:
    """A schedule of an older build; whether it is paused, and why, stays as a person left it."""

    def changed(seen: ScheduleUpdateInput) -> ScheduleUpdate | None:
        there = seen.description.schedule
        if there.policy == policy:
            return None
        return ScheduleUpdate(replace(there, policy=policy))

    await handle.update(changed)


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
