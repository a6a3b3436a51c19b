"""What the rules say of a letter of guarantee at an insurer that decides here. Pure.

They promise up to what the book of policies allows, for requests in time. Everything else is for a
person at the insurer, with the codes of why.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from enum import StrEnum

from crossclaim.domain.allocation import Frozen
from crossclaim.domain.eligibility import (
    REGION_TIME,
    emergency_asked_in_time,
    guarantee_asked_in_time,
    local_day,
)
from crossclaim.domain.money import ConversionRate, Money, fen
from crossclaim.domain.plan import Plan, PlanAt, Unknown
from crossclaim.domain.reference import PolicyKnown
from crossclaim.domain.submission import EncounterClass, Visit

DESK_PLAN = "guarantee-desk"
PERSON_WITHIN = "clock.person_within"


class Why(StrEnum):
    """Why no rule decides a request."""

    ASKED_LATE_PLANNED = "ASKED_LATE_PLANNED"
    ASKED_LATE_EMERGENCY = "ASKED_LATE_EMERGENCY"
    ABOVE_POLICY_LIMIT = "ABOVE_POLICY_LIMIT"
    BEYOND_POLICY_TERM = "BEYOND_POLICY_TERM"
    RATE_MISSING = "RATE_MISSING"
    POLICY_NOT_IN_FORCE = "POLICY_NOT_IN_FORCE"


class Ruled(Frozen):
    """``limit`` and ``until`` are those from now on; with ``reasons`` a person decides instead."""

    limit: Money
    until: date | None = None
    reasons: list[str] = []


def emergency(visit: Visit, admitted_at: datetime | None) -> bool:
    """Nobody planned it: an emergency visit, or an admission without a plan."""
    if visit.encounter_class is EncounterClass.EMERGENCY:
        return True
    return visit.planned_admission is None and admitted_at is not None


def asked_late(
    visit: Visit,
    asked_at: datetime,
    admitted_at: datetime | None,
    plan: PlanAt | None,
    closed: frozenset[date],
) -> Why | None:
    """By the plan's own lead; a plan that states none is never late."""
    if plan is None:
        return None
    admission = admitted_at or visit.planned_admission
    if admission is None:
        return None
    if emergency(visit, admitted_at):
        if plan.find("guarantee.request_lead_emergency") is None:
            return None
        in_time = emergency_asked_in_time(asked_at, admission, plan)
        return None if in_time else Why.ASKED_LATE_EMERGENCY
    planned = visit.planned_admission or admission
    if plan.find("guarantee.request_lead_planned") is None:
        return None
    in_time = guarantee_asked_in_time(asked_at, planned, plan, closed)
    return None if in_time else Why.ASKED_LATE_PLANNED


def change_here(
    now: Money,
    until: date | None,
    planned: Money | None,
    wanted: date | None,
    policy: PolicyKnown | None,
    rate: ConversionRate | None,
    asked_on: date,
) -> Ruled:
    """More money or time under a letter of ``now`` until ``until``. A promise never shrinks."""
    reasons: list[str] = []
    needed = now
    if planned is not None:
        if rate is None:
            reasons.append(Why.RATE_MISSING)
        else:
            needed = max(now, rate.from_fen(fen(planned.amount_minor)))
    last = until if wanted is None or (until is not None and wanted <= until) else wanted
    if policy is None or not policy.in_force(asked_on):
        reasons.append(Why.POLICY_NOT_IN_FORCE)
    else:
        if needed > now and needed > policy.guarantee_limit:
            reasons.append(Why.ABOVE_POLICY_LIMIT)
        if last != until and last is not None and last > policy.in_force_until:
            reasons.append(Why.BEYOND_POLICY_TERM)
    return Ruled(limit=needed, until=last, reasons=[str(r) for r in reasons])


def person_due(plan: Plan | None, asked_at: datetime) -> datetime | None:
    """Until when a person at the insurer has to answer; None where no plan says."""
    rules = None if plan is None else plan.on(local_day(asked_at))
    within = None if rules is None else rules.find(PERSON_WITHIN)
    if rules is None or within is None or within.value is None:
        return None
    if isinstance(within.value, Unknown):
        return None
    return asked_at + timedelta(hours=rules.count(PERSON_WITHIN))


def ends_at(last_day: date) -> datetime:
    """The first moment after a letter's last day, in the region's time."""
    after = last_day + timedelta(days=1)
    return datetime(after.year, after.month, after.day, tzinfo=REGION_TIME)
