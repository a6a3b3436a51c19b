"""Information requests on our wire: what an insurer still wants to see before it decides a claim,
and how whoever has it answers, document by document.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

from pydantic import AwareDatetime

from crossclaim.domain.submission import Code, Sha256, Text, Wire


class WantedKind(StrEnum):
    """Documents that an insurer may ask for."""

    ITEMISED_BILL = "itemised_bill"
    EBILL = "ebill"
    RECEIPT = "receipt"
    DISCHARGE_SUMMARY = "discharge_summary"
    MEDICAL_REPORT = "medical_report"
    TEST_REPORT = "test_report"
    PRESCRIPTION = "prescription"
    OPERATION_RECORD = "operation_record"
    REFERRAL = "referral"
    CLAIM_FORM = "claim_form"
    OTHER = "other"


class NotHad(StrEnum):
    """Why a document cannot be had."""

    NEVER_ISSUED = "never_issued"
    LOST = "lost"
    ISSUER_REFUSES = "issuer_refuses"
    RETENTION_OVER = "retention_over"
    OTHER = "other"


class DocumentWanted(Wire):
    """One document; the kind with its line and paper names it within a claim."""

    type: WantedKind
    line: int | None = None
    """The charge line that it is about; absent: the whole claim."""
    paper: Code | None = None
    """The paper of a claim with papers that it is about, by its number."""
    note: Text | None = None
    """For whoever is asked; it is sealed."""
    again: bool = False
    """The one that is here does not do, for instance because it cannot be read."""


class InformationWanted(Wire):
    """What is asked of whom, and until when."""

    number: Code
    """The insurer's own number of the request."""
    asked_of: Literal["hospital", "patient"]
    documents: list[DocumentWanted]
    due_at: AwareDatetime | None = None
    """Absent: by the plan ``information-requests``."""


class InformationRequestSubmission(InformationWanted):
    """``POST /v1/episodes/{id}/information-requests``. Business key: episode + number."""

    claim: Code | None = None
    """The id of a claim that is not decided yet."""
    guarantee: Code | None = None
    """Our reference of a question about a letter of guarantee that is not answered yet."""


class InformationChangeSubmission(Wire):
    """``POST /v1/episodes/{id}/information-changes``: more time, or the end of a request.

    Business key: episode + ``information-change`` + the insurer's own number of the change.
    """

    number: Code
    request: Code
    """The id of the request."""
    due_at: AwareDatetime | None = None
    """Of an extension."""
    withdrawn: bool = False


class InformationAnswerSubmission(Wire):
    """``POST /v1/episodes/{id}/information-answers``: one document of a request, or the word that
    it cannot be had. Business key: episode + request + the document's place in it.
    """

    request: Code
    item: int
    """The place of the document in the request, from 1."""
    sha256: Sha256 | None = None
    """The document, uploaded before to the episode."""
    cannot_be_had: NotHad | None = None


def answer_key(episode_id: str, answer: InformationAnswerSubmission) -> str:
    """One answer a document, for ever."""
    return f"{episode_id}/information-answer/{answer.request}/{answer.item}"
