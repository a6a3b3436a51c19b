"""What reads about persons' own things are answered: accounts, bindings, records, documents."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal

from pydantic import BaseModel, Field

from crossclaim.api.answers_bills import Told
from crossclaim.api.upload_port import UploadSlot
from crossclaim.domain.allocation import Sentence
from crossclaim.domain.family_binding import BindingState
from crossclaim.domain.money import Money
from crossclaim.domain.patient_bearer import Bearer

SHA256 = "^[0-9a-f]{64}$"


class CreditAnswer(Told):
    status: Literal["none", "in_review", "granted", "refused", "withdrawn"]
    limit: Money
    available: Money
    owed: Money


class CreditOrderAnswer(Told):
    reference: str
    kind: str
    status: str
    code: str


class InstalmentAnswer(Told):
    due_on: date
    amount: Money
    owed: Money


class DrawAnswer(Told):
    draw: str
    drawn: Money
    repaid: Money
    owed: Money
    instalments: list[InstalmentAnswer]


class CreditExceptionAnswer(Told):
    code: str
    reference: str
    details: dict[str, Any]


class CreditAccountAnswer(Told):
    """No name, paper, card or code is in it."""

    account_id: str
    status: Literal["signing_up", "open", "refused", "closed"]
    plan: str
    insured_status: str
    code: str
    card_tail: str | None
    credit: CreditAnswer
    orders: list[CreditOrderAnswer]
    draws: list[DrawAnswer]
    exceptions: list[CreditExceptionAnswer]
    waiting_for: str
    look_again_at: datetime | None


class StatementSumAnswer(Told):
    label: str
    amount: Money


class StatementLineAnswer(Told):
    kind: Literal["charge", "refunded", "part", "repaid"]
    label: str
    on: date
    amount: Money
    draw: str
    credit: Money | None = None
    owed: Money | None = None


class StatementStoryAnswer(Told):
    at: datetime
    code: str
    text: str


class CodedTextAnswer(Told):
    code: str
    text: str


class CreditStatementAnswer(Told):
    account_id: str
    language: str
    title: str
    totals: list[StatementSumAnswer]
    lines: list[StatementLineAnswer]
    story: list[StatementStoryAnswer]
    exceptions: list[CodedTextAnswer]
    waiting: str


class ReasonAnswer(Told):
    code: str
    text: Sentence


class RulesUsedAnswer(Told):
    plan: str
    version: str
    on: date | None


class FamilyBindingAnswer(Told):
    """Nobody is named."""

    binding_id: str
    number: str
    state: BindingState
    relation: str
    channel: str
    channel_name: Sentence
    channel_deducts: bool | None
    applied_at: datetime
    decided_on: date | None
    bound_on: date | None
    ended_on: date | None
    ended_by: str | None
    office_knows_of_end: bool | None
    office_number: str | None
    reason: ReasonAnswer | None
    replaces: str | None
    rules: RulesUsedAnswer


class BindingExceptionAnswer(Told):
    code: str
    opened_at: datetime
    details: dict[str, Any]


class WholeFamilyBindingAnswer(FamilyBindingAnswer):
    exceptions: list[BindingExceptionAnswer]


class FamilyBindingsAnswer(Told):
    bindings: list[FamilyBindingAnswer]
    next: str | None


class FamilyStoryLineAnswer(Told):
    at: datetime
    kind: str
    text: str


class FamilyStoryAnswer(Told):
    binding_id: str
    language: str
    state: str
    story: list[FamilyStoryLineAnswer]
    waiting: CodedTextAnswer


class FamilyUseAnswer(Told):
    on: date
    amount: Money
    given_back: bool
    bill_id: str | None = None
    """Of the relative's side alone."""


class FamilyUsesAnswer(Told):
    binding_id: str
    side: Literal["authoriser", "user"]
    may_read_visits: bool
    uses: list[FamilyUseAnswer]
    next: str | None


class FamilyCodeAnswer(Told):
    link_id: str
    number: str
    relation: str
    state: Literal["linked", "ended"]
    linked_at: datetime
    ended_at: datetime | None
    opens_account: Literal[False]


class RecordAnswer(Told):
    episode_id: str
    number: str
    system: str
    state: str
    requested_at: datetime
    requested_by: str
    window_from: date
    window_until: date
    sections: list[str]
    answered_at: datetime | None
    reason: str
    emergency: bool
    entries: list[Any] | None = None
    """The record, once it is answered."""


class RestsOnAnswer(Told):
    type: str
    text_version: str
    signed_at: datetime | None


class RecordAccessAnswer(Told):
    at: datetime
    what: str
    request: str
    system: str
    organisation: str
    key: str
    staff: str
    consents: list[RestsOnAnswer]


class RecordNoticeAnswer(Told):
    at: datetime
    event: str
    means: str
    number: str
    reference: str


class RecordAccessesAnswer(Told):
    episode_id: str
    accesses: list[RecordAccessAnswer]
    notices: list[RecordNoticeAnswer]
    next: str | None


class SubjectRequestAnswer(Told):
    id: str
    kind: Literal["access", "erasure"]
    state: str
    asked_by: str
    asked_at: datetime
    confirmed_by: str | None = None
    confirmed_at: datetime | None = None
    ready_at: datetime | None = None
    expires_at: datetime | None = None
    fetched_at: datetime | None = None
    findings: Any = None
    """What was found, and which rule keeps what until when."""
    export: str | None = None


class KeptDocumentAnswer(Told):
    """Bills name it by ``sha256``; ``sent_sha256``: of a picture only the picture was kept."""

    sha256: str = Field(pattern=SHA256)
    name: str
    content_type: str
    size: int | None = None
    sent_sha256: str | None = Field(default=None, pattern=SHA256)


class NewUploadAnswer(UploadSlot):
    """Where the file is to be sent, with just these headers."""


class PatientLinkAnswer(Told):
    url: str
    qr_svg: str
    bearer: Bearer = Field(alias="for")
    expires_at: datetime


PERSON_ANSWERS: tuple[type[BaseModel], ...] = (
    *(CreditAccountAnswer, CreditStatementAnswer, WholeFamilyBindingAnswer, FamilyBindingsAnswer),
    *(FamilyStoryAnswer, FamilyUsesAnswer, FamilyCodeAnswer, RecordAnswer, RecordAccessesAnswer),
    *(SubjectRequestAnswer, KeptDocumentAnswer, NewUploadAnswer, PatientLinkAnswer),
)
