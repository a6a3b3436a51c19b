"""What a hospital sends about health records: a request for them, and what it hands in."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated, Final, Literal

from pydantic import AwareDatetime, StringConstraints

from crossclaim.domain.submission import Code, Sha256, Text, Wire

EHEALTH: Final = "ehealth"
HOSPITAL_AUTHORITY: Final = "hospital-authority"


def request_needs(system: str) -> str:
    """The rule of the plan that names the consents of a request and of every look at its record."""
    return "request.needs" if system == EHEALTH else "direct_link.needs"


QrCode = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_.~\-]{20,256}$")]
"""The text of a QR code; too long to be guessed from a hash of what was sent."""


class RecordSection(StrEnum):
    """Parts of a record that may be asked for."""

    ENCOUNTERS = "encounters"
    ALLERGIES = "allergies"
    MEDICINES = "medicines"
    LABORATORY = "laboratory"


class RecordRequestSubmission(Wire):
    """``POST /v1/episodes/{id}/record-requests``. Business key: episode + ``record-request`` +
    the hospital's own number.
    """

    number: Code
    system: Literal["ehealth", "hospital-authority"] = EHEALTH
    """``hospital-authority``: the hospital's direct link, apart from eHealth and without codes."""
    requested_at: AwareDatetime
    """When the patient showed the codes."""
    requested_by: Code
    """The member of staff, by the hospital's own number."""
    sections: list[RecordSection] = list(RecordSection)
    application_code: QrCode | None = None
    """申請二維碼."""
    password_code: QrCode | None = None
    """密碼二維碼."""
    emergency_reason: Text | None = None
    """Over the direct link only: why life or health cannot wait for a consent that is missing."""


class DepositKind(StrEnum):
    VISIT_SUMMARY = "visit_summary"
    RADIOLOGY_IMAGE = "radiology_image"


class DepositItem(Wire):
    """A document that was uploaded to the episode before, by its content."""

    kind: DepositKind
    sha256: Sha256
    made_on: date


class RecordDepositSubmission(Wire):
    """``POST /v1/episodes/{id}/record-deposits``: into the patient's 個人資料夾 at eHealth, once
    the visit is over. Business key: episode + ``record-deposit`` + the hospital's own number.
    """

    number: Code
    stated_at: AwareDatetime
    items: list[DepositItem]
