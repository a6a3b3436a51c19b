"""Applies what became of an appointment that was made through the voucher entry."""

from __future__ import annotations

from activities.case import Case, Outcome, refused
from crossclaim.domain.allocation import Fault
from crossclaim.domain.appointment import (
    AppointmentRow,
    AppointmentSubmission,
    department_faults,
    newest,
    step_faults,
)
from crossclaim.domain.stay import local_day
from crossclaim.domain.step_faults import step_fault
from crossclaim.domain.submission import FunderKind


def apply_appointment(case: Case) -> Outcome:
    """Registers, changes or ends an appointment; a new one opens a closed episode again."""
    told = AppointmentSubmission.model_validate(case.stored.content)
    rows = case.rows
    faults = [*_visit_faults(case, told), *step_faults(told, rows.appointments)]
    if faults:
        return refused(faults)
    known = newest(rows.appointments).get(told.number)
    row = AppointmentRow(
        number=told.number,
        version=told.version,
        state=told.state,
        department=told.department or (known.department if known else ""),
        starts_at=told.starts_at or (known.starts_at if known else told.stated_at),
        entry=told.entry or (known.entry if known else ""),
        stated_at=told.stated_at,
    )
    case.transaction.add_appointment(case.episode_id, row)
    case.transaction.change_episode(case.episode_id, closed_at=None, status="open")
    body = {
        "episode_id": case.episode_id,
        "number": told.number,
        "version": told.version,
        "state": told.state,
    }
    return Outcome(201, body, changed=False)


def _visit_faults(case: Case, told: AppointmentSubmission) -> list[Fault]:
    """Vouchers, in their channel, in a department that the scheme names."""
    if case.rows.coverage(FunderKind.VOUCHER) is None:
        return [step_fault("VOUCHER_NOT_COVERED", "")]
    content = case.transaction.episode_content(case.episode_id)
    if content.visit.channel != "voucher_dedicated":
        return [step_fault("APPOINTMENT_CHANNEL", "")]
    scheme = case.world.plans.of_funder(FunderKind.VOUCHER)
    if scheme is None or told.department is None or told.starts_at is None:
        return []
    on = scheme.on(local_day(told.starts_at))
    return list(department_faults(content.hospital, told.department, on))
