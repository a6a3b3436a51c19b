"""By when an approved payout must be credited; the clock stands still while an account is awaited.

Credited at the very moment of the due time is in time. A breach is an alert; the payout goes on.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from crossclaim.domain.allocation import Frozen, TraceStep
from crossclaim.domain.plan import PlanAt
from crossclaim.domain.sentences_payout import PayoutReason
from crossclaim.domain.stay import REGION_ZONE
from crossclaim.domain.trace import traced

NEEDS_ACCOUNT = "needs_account"
PAUSES = frozenset({NEEDS_ACCOUNT})
"""What a clock may stand still for."""


class ClockState(StrEnum):
    RUNNING = "running"
    PAUSED = "paused"
    MET = "met"
    BREACHED = "breached"


class Pause(Frozen):
    """``until`` is None while it lasts."""

    cause: str
    since: datetime
    until: datetime | None = None


class PayoutClock(Frozen):
    """``due_at`` is None while the clock stands still: it moves with the pause."""

    state: ClockState
    due_at: datetime | None
    trace: list[TraceStep]


def payout_clock(
    approved_at: datetime,
    credited_at: datetime | None,
    pauses: Sequence[Pause],
    plan: PlanAt,
    now: datetime,
) -> PayoutClock:
    """Where the clock stands at ``now``. Pauses do not overlap and come in order.

    Raises RuleMissing for a plan without a time limit.
    """
    left = timedelta(hours=plan.count("clock.due"))
    stops = set(plan.codes("clock.pauses_in"))
    runs_from, end = approved_at, credited_at or now
    for pause in (one for one in pauses if one.cause in stops and one.since <= end):
        run = pause.since - runs_from
        if run > left:
            break
        left -= run
        if pause.until is None or pause.until > end:
            if credited_at is not None:
                return _met(plan, credited_at, credited_at + left)
            words = {"left": _hours(left)}
            return _told(ClockState.PAUSED, PayoutReason.PAYOUT_CLOCK_PAUSED, plan, None, **words)
        runs_from = pause.until
    due = runs_from + left
    if credited_at is not None and credited_at <= due:
        return _met(plan, credited_at, due)
    if end > due:
        reason = PayoutReason.PAYOUT_SLA_BREACH
        return _told(ClockState.BREACHED, reason, plan, due, due=_local(due))
    return _told(ClockState.RUNNING, PayoutReason.PAYOUT_CLOCK_RUNS, plan, due, due=_local(due))


def _met(plan: PlanAt, credited_at: datetime, due: datetime) -> PayoutClock:
    words = {"due": _local(due), "credited": _local(credited_at)}
    return _told(ClockState.MET, PayoutReason.PAYOUT_IN_TIME, plan, due, **words)


def _told(
    state: ClockState, reason: PayoutReason, plan: PlanAt, due_at: datetime | None, **words: object
) -> PayoutClock:
    keys = ["clock.due", "clock.pauses_in"]
    step = traced(plan, keys, reason, _local(due_at) if due_at else "", words=words)
    return PayoutClock(state=state, due_at=due_at, trace=[step])


def _local(moment: datetime) -> str:
    return f"{moment.astimezone(REGION_ZONE):%Y-%m-%d %H:%M:%S}"


def _hours(span: timedelta) -> str:
    """Hours, minutes and seconds, which every language writes alike."""
    minutes, seconds = divmod(int(span.total_seconds()), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{seconds:02d}"
