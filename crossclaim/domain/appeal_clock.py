"""The clock of an appeal: until when the reviewer has to decide, and whether that looks in danger.

Decided at the very moment of the due time is in time. A breach is an alert; the appeal goes on.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from crossclaim.domain.allocation import Frozen
from crossclaim.domain.appeal import AppealRow
from crossclaim.domain.insurer_turns import DECIDED
from crossclaim.domain.payout_clock import ClockState
from crossclaim.domain.plan import Plan
from crossclaim.domain.records import EpisodeRows
from crossclaim.domain.stay import local_day

BREACH = "APPEAL_LATE"
PARTY = "insurer"
"""Who delays an appeal that is decided here: nobody else is waited for."""


class AppealClock(Frozen):
    state: ClockState
    due_at: datetime
    breach_forecast: bool = False
    """Little is left, and nobody has decided."""
    cause: str = ""


class AppealStanding(Frozen):
    """``waits``: an appeal is open. ``breach_due``: one that is late, and nobody has been told."""

    waits: str
    insurer: str | None = None
    """Whose reviewer is waited for."""
    breach_due: str | None = None
    look_at: datetime | None = None


def appeal_clock(appeal: AppealRow, plan: Plan | None, at: datetime) -> AppealClock:
    due = appeal.due_at
    if appeal.decided_at is not None:
        met = appeal.decided_at <= due
        state = ClockState.MET if met else ClockState.BREACHED
        return AppealClock(state=state, due_at=due, cause="" if met else PARTY)
    if at > due:
        return AppealClock(state=ClockState.BREACHED, due_at=due, cause=PARTY)
    near = plan is not None and at >= due - _warning(plan, appeal)
    cause = PARTY if near else ""
    return AppealClock(state=ClockState.RUNNING, due_at=due, breach_forecast=near, cause=cause)


def _warning(plan: Plan, appeal: AppealRow) -> timedelta:
    rule = plan.on(local_day(appeal.lodged_at)).find("appeals.warn_before")
    known = rule is not None and isinstance(rule.value, int)
    return timedelta(days=int(str(rule.value))) if rule is not None and known else timedelta(0)


def appeal_standing(rows: EpisodeRows, at: datetime) -> AppealStanding | None:
    """None while no appeal is open that can be decided: a claim that was replaced, or that ended
    with its settlement, takes its appeal along."""
    standing = {c.id for c in rows.claims if c.state in DECIDED}
    waiting = [a for a in rows.appeals if a.decided_at is None and a.claim_id in standing]
    if not waiting:
        return None
    told = {x.reference for x in rows.exceptions if x.code == BREACH and x.resolved_at is None}
    about = {c.id: c.reference for c in rows.claims}
    late = [a.id for a in waiting if at > a.due_at and about.get(a.claim_id) not in told]
    # Decided at the very moment is in time: the look is after it.
    dues = [a.due_at + timedelta(seconds=1) for a in waiting if at <= a.due_at]
    reviewer = next((c for c in rows.claims if c.id == waiting[0].claim_id), None)
    return AppealStanding(
        waits=waiting[0].id,
        insurer=reviewer.organisation_id if reviewer else None,
        breach_due=late[0] if late else None,
        look_at=min(dues) if dues else None,
    )
