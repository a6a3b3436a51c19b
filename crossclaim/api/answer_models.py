"""What reads are answered, as the description tells it and a test holds every answer to it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal

from pydantic import BaseModel

from crossclaim.api.answers_bills import BILL_ANSWERS
from crossclaim.api.answers_claims import CLAIM_ANSWERS
from crossclaim.api.answers_persons import PERSON_ANSWERS
from crossclaim.api.answers_systems import SYSTEM_ANSWERS
from crossclaim.domain.allocation import Frozen
from crossclaim.domain.consent_wording import ConsentTextRead, ConsentTextsRead
from crossclaim.domain.money import Money
from crossclaim.domain.records import EpisodeRow, EpisodeRows
from crossclaim.domain.webhook_events import EventType

_SCHEMAS = "#/components/schemas/"


class ListedEpisodeAnswer(Frozen):
    id: str
    hospital_id: str
    visit_number: str
    encounter_class: str
    status: str
    opened_at: datetime
    closed_at: datetime | None


class EpisodesAnswer(Frozen):
    episodes: list[ListedEpisodeAnswer]
    next: str | None
    """Cursor of the page after this one."""


class PayoutAnswer(Frozen):
    reference: str
    claim_id: str
    sequence: int
    payee: str
    debtor_organisation_id: str
    bank: str
    amount_minor: int
    state: str
    reason: str
    reserved_at: datetime
    sent_at: datetime | None
    fence_at: datetime | None
    settled_at: datetime | None
    credited_at: datetime | None
    closed_at: datetime | None
    orders: int
    inquiries: int
    last_inquiry_at: datetime | None
    rail: str | None
    recall: str | None
    recall_sent_at: datetime | None
    recall_messages: int | None
    paid_twice: bool


class BalanceAnswer(Frozen):
    account_id: str
    currency: str
    balance_minor: int
    """Positive is a debit."""


class StorageAnswer(Frozen):
    organisation: str
    storage_only_since: datetime
    retained_until: date | None
    read_by: list[str]


class EpisodeAnswer(EpisodeRows):
    """As its reader may see it: lists hold what concerns him."""

    episode: EpisodeRow
    payouts: list[PayoutAnswer] = []  # type: ignore[assignment]
    ledger: list[BalanceAnswer]
    storage_only: list[StorageAnswer] = []
    statements: list[dict[str, Any]] = []
    """Of an insurer that pays after others: what theirs said, as it went with its claim."""


class StoryLineAnswer(Frozen):
    at: datetime
    who: str
    text: str
    money: list[Money]
    kind: str
    source: str


class WaitingAnswer(Frozen):
    code: str
    text: str
    since: datetime
    until: datetime | None


class StoryMoneyAnswer(Frozen):
    funders: list[dict[str, Any]]
    balances: list[dict[str, Any]]


class StoryAnswer(Frozen):
    episode_id: str
    language: str
    status: str
    story: list[StoryLineAnswer]
    waiting: WaitingAnswer | None
    money: StoryMoneyAnswer


class SubmissionAnswer(Frozen):
    submission: str
    status: Literal["waiting", "answered"]
    answer: dict[str, Any] | None = None
    """What sending it again says: its HTTP status and body."""


class AccessAnswer(Frozen):
    at: datetime
    organisation: str
    key: str | None = None
    operation: str
    outcome: str
    purpose: str | None = None
    fields: list[str] | None = None
    says: str
    """In the reader's language."""


class AccessesAnswer(Frozen):
    episode_id: str
    accesses: list[AccessAnswer]
    """The newest first."""
    next: str | None


class ExposureAnswer(Frozen):
    insurer: str
    hospital: str
    open: Money
    used: Money
    exposure: Money
    owed_back: Money


class ExposuresAnswer(Frozen):
    exposures: list[ExposureAnswer]


class MyselfAnswer(Frozen):
    organisation: str
    role: str
    id: str
    scopes: list[str] | None
    name: str | None = None
    roles: list[str] | None = None
    csrf: str | None = None
    """Goes with every change of a session."""
    signed_in_at: datetime | None = None
    expires_at: datetime | None = None


class EndpointAnswer(Frozen):
    id: str
    url: str
    types: list[EventType]
    """Empty: every type, also those that come later."""
    description: str
    status: Literal["enabled", "disabled"]
    reason: Literal["", "by_owner", "gone", "given_up"]
    disabled_at: datetime | None
    signature: Literal["v1", "v1a"]
    public_key: str | None
    """``whpk_…``, of an endpoint that verifies by it (v1a)."""
    previous_secret_until: datetime | None
    version: int
    made_at: datetime
    changed_at: datetime


class NewEndpointAnswer(EndpointAnswer):
    secret: str | None = None
    """Told in this answer alone; none with v1a."""


class EndpointsAnswer(Frozen):
    webhook_endpoints: list[EndpointAnswer]
    next: str | None


class NewSecretAnswer(Frozen):
    secret: str | None = None
    public_key: str | None = None
    previous_valid_until: datetime


class MessageAnswer(Frozen):
    id: str
    type: EventType
    episode_id: str | None
    subject: str
    version: int
    link: str
    status: Literal["pending", "delivered", "given_up"]
    tries: int
    occurred_at: datetime
    recorded_at: datetime
    next_try_at: datetime | None
    finished_at: datetime | None


class MessagesAnswer(Frozen):
    messages: list[MessageAnswer]
    next: str | None


class AttemptAnswer(Frozen):
    attempt: int
    started_at: datetime
    outcome: str
    status: int | None
    latency_ms: int | None
    answer: str | None
    """What the receiver said, cut after 64 kB."""


class TriedMessageAnswer(MessageAnswer):
    attempts: list[AttemptAnswer]


class ReplayAnswer(Frozen):
    replay: str
    status: Literal["waiting", "applied"]
    messages: int | None
    """How many are sent again, once it is applied."""


class PingAnswer(Frozen):
    message: str


class EventTypeAnswer(Frozen):
    type: EventType
    meaning: str


class EventTypesAnswer(Frozen):
    types: list[EventTypeAnswer]


ANSWERS: tuple[type[BaseModel], ...] = (
    *(EpisodesAnswer, EpisodeAnswer, StoryAnswer, SubmissionAnswer, AccessesAnswer),
    *(ConsentTextRead, ConsentTextsRead),
    *(ExposuresAnswer, MyselfAnswer, EndpointAnswer, NewEndpointAnswer, EndpointsAnswer),
    *(NewSecretAnswer, MessagesAnswer, TriedMessageAnswer, ReplayAnswer, PingAnswer),
    EventTypesAnswer,
    *(*BILL_ANSWERS, *CLAIM_ANSWERS, *PERSON_ANSWERS, *SYSTEM_ANSWERS),
)


def answers(model: type[BaseModel], status: int = 200) -> dict[int | str, dict[str, Any]]:
    """What a route says of its answer, beside ``problems``; it gives ``response_model=None``."""
    content = {"application/json": {"schema": {"$ref": f"{_SCHEMAS}{model.__name__}"}}}
    return {status: {"description": _SAID[status], "content": content}}


def answering(route: dict[str, Any], model: type[BaseModel]) -> dict[str, Any]:
    """What ``documented`` says of a route, with the answer of its one status of success."""
    said = answers(model, route["status_code"])
    kept = {k: v for k, v in route["responses"].items() if k not in _SAID}
    return {**route, "responses": {**kept, **said}}


_SAID = {200: "As asked.", 201: "Made.", 202: "Taken; it is done in a moment."}
