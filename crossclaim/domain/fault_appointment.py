"""Faults of an appointment: what is told with which state, and when the voucher entry is open."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from crossclaim.domain.allocation import Fault
from crossclaim.domain.appointment import OPEN
from crossclaim.domain.fault_bill import MAX_VERSION
from crossclaim.domain.fault_context import Context
from crossclaim.domain.fault_money import range_faults
from crossclaim.domain.fault_piece import Piece
from crossclaim.domain.fault_sentences import fault
from crossclaim.domain.reference import Hospital, Reference
from crossclaim.domain.stay import REGION_ZONE
from crossclaim.domain.submission import EncounterClass

_MEMBERS = ("department", "starts_at", "entry")


def appointment_faults(told: Piece, reference: Reference, context: Context) -> Iterator[Fault]:
    yield from range_faults(told, "version", 1, MAX_VERSION)
    stated_at, starts_at = told.moment("stated_at"), told.moment("starts_at")
    if stated_at is not None and stated_at > context.received_at:
        yield fault("CHECK_IN_FUTURE", told.at("stated_at"))
    if told.text("state") in OPEN:
        for member in _MEMBERS:
            if not told.has(member):
                yield fault("APPOINTMENT_INCOMPLETE", told.at(member))
    else:
        for member in _MEMBERS:
            if told.has(member):
                yield fault("APPOINTMENT_SAYS_TOO_MUCH", told.at(member))
    if stated_at is not None and starts_at is not None and starts_at <= stated_at:
        yield fault("APPOINTMENT_NOT_AHEAD", told.at("starts_at"))
    hospital = reference.hospital(context.hospital) if context.hospital else None
    if hospital is not None:
        yield from _place_faults(told, hospital, starts_at)


def _place_faults(told: Piece, hospital: Hospital, starts_at: datetime | None) -> Iterator[Fault]:
    department = told.code("department")
    if department is not None and not hospital.has_department(department):
        words = {"hospital": hospital.id, "department": department}
        yield fault("DEPARTMENT_UNKNOWN", told.at("department"), **words)
    hours = [
        span
        for window in hospital.voucher_windows
        if EncounterClass.OUTPATIENT in window.encounter_classes
        for span in window.hours
    ]
    if starts_at is None or not hours:
        return
    clock = starts_at.astimezone(REGION_ZONE).strftime("%H:%M")
    if not any(first <= clock < last for first, _, last in (s.partition("-") for s in hours)):
        allowed = ", ".join(sorted(set(hours)))
        yield fault("APPOINTMENT_OUTSIDE_HOURS", told.at("starts_at"), allowed=allowed)
