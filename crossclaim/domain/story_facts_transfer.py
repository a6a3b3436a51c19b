"""What the part of a story about transfers is told from. Pure; nothing of it is sealed."""

from __future__ import annotations

from datetime import date, datetime

from crossclaim.domain.allocation import Frozen


class CrewFact(Frozen):
    role: str
    staff: str


class ApprovalFact(Frozen):
    region: str
    number: str
    valid_until: date


class VehicleFact(Frozen):
    registration: str
    approvals: list[ApprovalFact] = []


class HandOverFact(Frozen):
    id: str
    number: str
    from_institution: str
    from_staff: str
    to_institution: str
    to_staff: str
    departed_at: datetime
    handed_over_at: datetime
    crew: list[CrewFact] = []
    vehicle: VehicleFact
    recorded_at: datetime


class ReleaseFact(Frozen):
    hand_over_id: str
    recipient: str
    basis: str
    rule: str = ""
    reason: str = ""
    decided_by: str = ""
    missing: list[str] = []
    recorded_at: datetime
