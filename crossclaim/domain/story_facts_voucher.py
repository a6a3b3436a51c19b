"""What the part of a story about vouchers is told from. Pure; names nobody."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from crossclaim.domain.allocation import Frozen


class SpouseFact(Frozen):
    named_at: datetime
    paired_on: date | None = None
    looked_up_at: datetime | None = None


class IdentityCheckFact(Frozen):
    number: str
    document_type: str
    checked_by: str
    place: str
    checked_at: datetime
    recorded_at: datetime


class AppointmentFact(Frozen):
    number: str
    version: int
    state: str
    department: str
    starts_at: datetime
    entry: str = ""
    recorded_at: datetime


class ConfirmationFact(Frozen):
    bill_id: str
    confirmed_by: str
    recorded_at: datetime


class StageFact(Frozen):
    claim_id: str
    entered_at: datetime
    confirmed_at: datetime | None = None
    validated_at: datetime | None = None
    lapse_at: datetime
    lapsed_at: datetime | None = None


class UseRecordFact(Frozen):
    claim_id: str
    language: str
    void: bool = False
    recorded_at: datetime


class PairedClaimFact(Frozen):
    reference: str
    decided_at: datetime | None = None
    occurred_at: datetime
    decision: dict[str, Any] | None = None


class ReimbursedFact(Frozen):
    reference: str
    statement: str | None = None
    paid_minor: int | None = None
    outcome: str
    recorded_at: datetime
