"""Appointments through the voucher entry: registered, changed, kept, missed or cancelled."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Literal

from pydantic import AwareDatetime

from crossclaim.domain.allocation import BillFacts, Fault, Frozen
from crossclaim.domain.plan import PlanAt
from crossclaim.domain.reference import Hospital
from crossclaim.domain.stay import local_day
from crossclaim.domain.step_faults import step_fault
from crossclaim.domain.submission import Code, EncounterClass, FunderKind, Wire
from crossclaim.domain.voucher import service_day

AppointmentState = Literal["registered", "changed", "kept", "no_show", "cancelled"]
OPEN = frozenset({"registered", "changed"})
HOLDS = OPEN | {"kept"}
"""States in which the patient is expected, or came."""


class AppointmentSubmission(Wire):
    """``POST /v1/episodes/{id}/appointments``: what became of an appointment, or a new one.

    Business key: the episode + ``appointment`` + number + version.
    """

    number: Code
    version: int
    state: AppointmentState
    department: Code | None = None
    """With ``registered`` and ``changed``, as the time."""
    starts_at: AwareDatetime | None = None
    entry: Literal["wechat", "window", "kiosk"] | None = None
    """How the voucher entry (香港长者医疗券) was reached."""
    stated_at: AwareDatetime


class AppointmentRow(Frozen):
    """One version of an appointment; the newest of a number holds."""

    number: str
    version: int
    state: str
    department: str
    starts_at: datetime
    entry: str = ""
    stated_at: datetime


def newest(appointments: Sequence[AppointmentRow]) -> dict[str, AppointmentRow]:
    """Number → the version that holds."""
    found: dict[str, AppointmentRow] = {}
    for row in sorted(appointments, key=lambda row: row.version):
        found[row.number] = row
    return found


def nobody_came(appointments: Sequence[AppointmentRow], *, billed: bool) -> bool:
    """All that was registered was cancelled or missed, and nothing was billed."""
    held = newest(appointments).values()
    return bool(held) and not billed and not any(row.state in HOLDS for row in held)


def step_faults(
    told: AppointmentSubmission, appointments: Sequence[AppointmentRow]
) -> Iterator[Fault]:
    """What an appointment can no longer become."""
    known = newest(appointments).get(told.number)
    if known is None:
        if told.state != "registered":
            yield step_fault("APPOINTMENT_UNKNOWN", "/number")
        return
    if told.version <= known.version:
        yield step_fault("APPOINTMENT_VERSION_NOT_NEWER", "/version", known=known.version)
    if known.state not in OPEN:
        yield step_fault("APPOINTMENT_OVER", "/state", state=known.state)
    elif told.state == "registered":
        yield step_fault("APPOINTMENT_ALREADY", "/state")
    else:
        yield from _time_faults(told, known)


def _time_faults(told: AppointmentSubmission, known: AppointmentRow) -> Iterator[Fault]:
    at = known.starts_at.isoformat(timespec="minutes")
    if told.state in ("changed", "cancelled") and told.stated_at > known.starts_at:
        yield step_fault("APPOINTMENT_TOO_LATE", "/state", at=at)
    if told.state == "no_show" and told.stated_at <= known.starts_at:
        yield step_fault("APPOINTMENT_NOT_YET", "/state", at=at)
    if told.state == "kept" and local_day(told.stated_at) != local_day(known.starts_at):
        yield step_fault("APPOINTMENT_OTHER_DAY", "/stated_at", on=local_day(known.starts_at))


def department_faults(hospital: str, department: str, scheme: PlanAt) -> Iterator[Fault]:
    """The scheme's designated departments; where nobody knows them the bill asks a person."""
    designated = scheme.find(f"service_points.{hospital}.departments")
    known = designated is not None and isinstance(designated.value, tuple)
    if known and department not in scheme.codes(f"service_points.{hospital}.departments"):
        words = {"hospital": hospital, "department": department}
        yield step_fault("APPOINTMENT_DEPARTMENT", "/department", **words)


def register_first_faults(
    facts: BillFacts, appointments: Sequence[AppointmentRow], hospital: Hospital | None
) -> list[Fault]:
    """A bill with vouchers of an outpatient visit, where the hospital wants who uses them to
    register first: an appointment of that department and day that was not cancelled or missed."""
    visit = facts.episode.visit
    vouchers = any(c.funder is FunderKind.VOUCHER for _, c in facts.claimed)
    if hospital is None or not vouchers or visit.encounter_class is not EncounterClass.OUTPATIENT:
        return []
    if visit.department not in hospital.voucher_register_first:
        return []
    on = service_day(facts)
    for row in newest(appointments).values():
        fits = row.department == visit.department and local_day(row.starts_at) == on
        if fits and row.state in HOLDS:
            return []
    words = {"department": visit.department, "on": on}
    return [step_fault("VOUCHER_REGISTER_FIRST", "/episode/visit", **words)]
