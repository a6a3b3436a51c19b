"""Transfers by ambulance across the border: the rows, the papers, and on what basis they go out."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Final

from crossclaim.domain.allocation import Frozen
from crossclaim.domain.plan import PlanAt, PlanSet, RuleMissing
from crossclaim.domain.reference import Names
from crossclaim.domain.stay import local_day
from crossclaim.domain.submission import ConsentType
from crossclaim.domain.transfer_submission import (
    Condition,
    CrewMember,
    HandOverSubmission,
    Region,
    Vehicle,
    VehicleApproval,
)
from crossclaim.domain.withdrawal import WITHDRAWAL_PLAN

TRANSFER_PLAN: Final = "ambulance-transfer"
EMERGENCY_RULE: Final = "emergency.outbound"
LANGUAGES = ("en", "zh-Hant", "zh-Hans")


class HandOverRecord(Frozen):
    """What is printed of a hand-over, in one of three languages."""

    number: str
    visit: str
    patient: str
    document: str
    """Of the patient: type and number, as the receiving institution needs them."""
    birth_date: date
    handed_over_by: Names
    handed_over_staff: str
    taken_over_by: Names
    taken_over_staff: str
    departed_at: datetime
    handed_over_at: datetime
    condition: Condition
    crew: list[CrewMember]
    vehicle: Vehicle
    basis: str
    missing: list[str] = []


class Release(Frozen):
    """``basis`` empty: the record stays here."""

    basis: str = ""
    rule: str = ""
    missing: list[ConsentType] = []


def needs_on(plans: PlanSet, at: datetime) -> list[ConsentType]:
    """The consents that a hand-over record needs. Raises ``RuleMissing``."""
    plan = plans.find(TRANSFER_PLAN)
    if plan is None:
        raise RuleMissing(f"{TRANSFER_PLAN}:transfer.needs", local_day(at))
    return [ConsentType(code) for code in plan.on(local_day(at)).codes("transfer.needs")]


def release_of(
    needs: Iterable[ConsentType],
    in_force: Iterable[ConsentType],
    emergency_reason: str,
    plans: PlanSet,
    at: datetime,
) -> Release:
    """By consent where all are in force; else by an emergency that was stated, where the law of the
    day opens the border for one."""
    given = set(in_force)
    missing = [need for need in needs if need not in given]
    if not missing:
        return Release(basis="consent")
    rule = emergency_rule(plans, at)
    if not emergency_reason or rule is None:
        return Release(missing=missing)
    return Release(basis="emergency", rule=rule, missing=missing)


def emergency_rule(plans: PlanSet, at: datetime) -> str | None:
    """The rule by which data may go out in an emergency on that day; None: there is none yet."""
    plan = plans.find(WITHDRAWAL_PLAN)
    rule = None if plan is None else plan.on(local_day(at)).find(EMERGENCY_RULE)
    return f"{WITHDRAWAL_PLAN}:{EMERGENCY_RULE}" if rule and rule.value is True else None


def doubts(at: PlanAt, hospital: str, approvals: list[VehicleApproval]) -> list[str]:
    """What a person must look at: a hospital that is not known for such transfers, a paper of the
    vehicle that was over, one that lacks. The transfer is over and its record true all the same."""
    known, on = at.find(f"transfer.hospitals.{hospital}"), at.on
    codes = []
    if known is None or known.value is not True:
        codes.append("TRANSFER_HOSPITAL_UNKNOWN")
    if any(paper.valid_until < on for paper in approvals):
        codes.append("TRANSFER_APPROVAL_EXPIRED")
    needed = at.find("transfer.approvals")
    if needed is not None and isinstance(needed.value, tuple):
        shown = {paper.region for paper in approvals}
        if any(Region(code) not in shown for code in needed.value):
            codes.append("TRANSFER_APPROVAL_MISSING")
    return codes


def other_side(record: HandOverSubmission, hospital: str) -> str:
    """Who gets the record: the institution that is not the episode's own hospital."""
    to = record.taken_over_by.institution
    return record.handed_over_by.institution if to == hospital else to
