"""Faults of admission and discharge: they stand in order, after the patient's birth."""

from __future__ import annotations

from collections.abc import Iterator

from crossclaim.domain.allocation import Fault
from crossclaim.domain.fault_context import Context
from crossclaim.domain.fault_piece import Piece
from crossclaim.domain.fault_sentences import fault
from crossclaim.domain.reference import Reference
from crossclaim.domain.stay import local_day


def admission_faults(admission: Piece, reference: Reference, context: Context) -> Iterator[Fault]:
    admitted_at, stay = admission.moment("admitted_at"), context.stay
    if admitted_at is None:
        return
    pointer = admission.at("admitted_at")
    if stay.discharged_at is not None and admitted_at > stay.discharged_at:
        discharged_at = stay.discharged_at.isoformat()
        yield fault("ADMISSION_AFTER_DISCHARGE", pointer, discharged_at=discharged_at)
    if stay.birth_date is not None and local_day(admitted_at) < stay.birth_date:
        yield fault("ADMISSION_BEFORE_BIRTH", pointer)


def discharge_faults(discharge: Piece, reference: Reference, context: Context) -> Iterator[Fault]:
    discharged_at, admitted_at = discharge.moment("discharged_at"), context.stay.admitted_at
    if discharged_at is not None and admitted_at is not None and discharged_at < admitted_at:
        pointer = discharge.at("discharged_at")
        yield fault("DISCHARGE_BEFORE_ADMISSION", pointer, admitted_at=admitted_at.isoformat())
