"""What a hospital sends of a transfer by ambulance: the hand-over of the patient."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import AwareDatetime, StringConstraints

from crossclaim.domain.submission import Code, Wire

LongText = Annotated[str, StringConstraints(min_length=1, max_length=2000, strip_whitespace=True)]


class Region(StrEnum):
    """A side of the border."""

    MAINLAND = "CN"
    HONG_KONG = "HK"
    MACAO = "MO"


class HandOverParty(Wire):
    """One side of the hand-over: the institution, and who signed for it."""

    institution: Code
    staff: Code
    """The member of staff, by the institution's own number."""


class CrewMember(Wire):
    role: Literal["doctor", "nurse", "paramedic", "driver", "other"]
    staff: Code
    institution: Code


class VehicleApproval(Wire):
    """A paper by which one side lets the vehicle and its crew pass and work, as it was shown."""

    region: Region
    number: Code
    valid_until: date


class Vehicle(Wire):
    registration: Code
    approvals: list[VehicleApproval] = []


class Condition(Wire):
    """Of the patient, in the words of who handed over; it is sealed and told to nobody else."""

    at_departure: LongText
    at_hand_over: LongText
    treatment: LongText | None = None
    """On the way."""


class EmergencyBasis(Wire):
    """Why the record goes out without the consents: to protect life or health (35, 7)."""

    reason: Literal["life_at_risk", "health_at_risk"]
    decided_by: Code
    """The member of staff who decided it, by the hospital's own number."""
    explanation: LongText
    """Sealed, as the condition is."""


class HandOverSubmission(Wire):
    """``POST /v1/episodes/{id}/hand-overs``. Business key: episode + ``hand-over`` + the
    hospital's own number. Where the patient changes vehicles at the border each is one of its own.
    """

    number: Code
    handed_over_by: HandOverParty
    taken_over_by: HandOverParty
    departed_at: AwareDatetime
    handed_over_at: AwareDatetime
    condition: Condition
    crew: list[CrewMember]
    vehicle: Vehicle
    emergency: EmergencyBasis | None = None
