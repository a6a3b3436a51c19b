"""What reads about claims, the documents asked for and settled days are answered."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal

from pydantic import BaseModel, Field

from crossclaim.api.answers_bills import Told
from crossclaim.domain.appeal import Cause
from crossclaim.domain.appeal_clock import AppealClock
from crossclaim.domain.claim_sampling import Extrapolated
from crossclaim.domain.money import Currency, Money


class AppealAnswer(Told):
    id: str
    level: int
    number: str
    organisation_id: str
    state: Literal["open", "upheld", "changed"]
    lodged_at: datetime
    decided_at: datetime | None
    clock: AppealClock


class LaterDecisionAnswer(Told):
    """Version 1 is the claim's own."""

    version: int
    cause: Cause
    cause_reference: str
    benefit_minor: int
    pay_fen: int
    upheld: bool
    change_fen: int
    decided_at: datetime


class AppealsAnswer(Told):
    episode_id: str
    claim_id: str
    appeals: list[AppealAnswer]
    decisions: list[LaterDecisionAnswer]


class ExaminedAnswer(Told):
    """One decision of an examiner, line by line; large ones wait for a second person."""

    number: str
    benefit_minor: int
    currency: Currency
    second_needed: bool
    state: str
    decided_at: datetime
    confirmed_at: datetime | None
    decision: dict[str, Any]


class ReviewedClaimAnswer(Told):
    id: str
    reference: str
    state: str
    decided_by: str
    forecast_minor: int | None
    benefit_minor: int | None
    benefit_currency: Currency
    reasons: list[Any]
    trace: list[Any]
    decisions: list[ExaminedAnswer]


class ClaimReviewsAnswer(Told):
    episode_id: str
    claims: list[ReviewedClaimAnswer]


class DrawnAnswer(Told):
    claim_id: str
    episode_id: str
    organisation_id: str
    benefit_minor: int
    currency: Currency
    drawn_at: datetime
    correct: bool | None
    right_minor: int | None
    reviewed_at: datetime | None


class ClaimSamplesAnswer(Told):
    estimates: list[Extrapolated]
    drawn: list[DrawnAnswer]
    next: str | None


class RequestAnswer(Told):
    """It is about a claim or about a letter of guarantee."""

    request: str
    episode_id: str
    claim: str | None = None
    guarantee: str | None = None
    insurer: str
    number: str
    asked_of: str
    status: str
    asked_at: datetime
    due_at: datetime
    overdue_at: datetime | None
    reminded: int
    closed_at: datetime | None
    left: int
    """Documents that are still wanted."""


class ListedRequestAnswer(RequestAnswer):
    documents: int


class RequestedDocumentAnswer(Told):
    item: int
    type: str
    status: str
    line: int | None = None
    paper: str | None = None
    note: str | None = None
    sha256: str | None = None
    reason: str | None = None
    answered_at: datetime | None = None
    content_type: str | None = None
    size: int | None = None


class WholeRequestAnswer(RequestAnswer):
    documents: list[RequestedDocumentAnswer]


class InformationRequestsAnswer(Told):
    episode_id: str
    information_requests: list[WholeRequestAnswer]


class ListedRequestsAnswer(Told):
    information_requests: list[ListedRequestAnswer]
    next: str | None


class NewUploadLinkAnswer(Told):
    url: str
    """Told once."""
    expires_at: datetime


class LinkedDocumentAnswer(Told):
    item: int
    type: str
    status: str
    line: int | None = None
    paper: str | None = None
    note: str | None = None


class UploadLinkAnswer(Told):
    number: str
    status: str
    asked_of: str
    due_at: datetime
    expires_at: datetime
    documents: list[LinkedDocumentAnswer]


class SentDocumentAnswer(Told):
    """The bearer of a link hears what became of his document, and no id of ours."""

    status: str
    item: int | None = None
    request_status: str | None = None
    left: int | None = None


class SettledLineAnswer(Told):
    kind: str
    detail: str
    at: datetime
    episode_id: str
    visit: str
    bill: str | None
    claim: str | None
    claim_number: str | None
    payout: str | None
    amount: Money


class SettledDayAnswer(Told):
    """One funder's day with one hospital; ``payable`` is the net."""

    number: str
    hospital: str
    funder: str
    day: date
    basis: str
    basis_detail: str
    payments: Money
    claw_backs: Money
    returns: Money
    given_back: Money
    carried_in: Money
    payable: Money
    carried_out: Money
    carry_reason: str | None
    carry_detail: str | None
    facts: str = Field(pattern="^[0-9a-f]+$")


class SettlementAnswer(SettledDayAnswer):
    lines: list[SettledLineAnswer]


class ListedSettlementAnswer(SettledDayAnswer):
    lines: int
    """How many there are."""


class SettlementsAnswer(Told):
    day: date
    settlements: list[ListedSettlementAnswer]


CLAIM_ANSWERS: tuple[type[BaseModel], ...] = (
    *(AppealsAnswer, ClaimReviewsAnswer, ClaimSamplesAnswer, InformationRequestsAnswer),
    *(ListedRequestsAnswer, NewUploadLinkAnswer, UploadLinkAnswer, SentDocumentAnswer),
    *(SettlementAnswer, SettlementsAnswer),
)
