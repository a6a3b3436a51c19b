"""What the API needs of the house: one small Protocol per need, handed in as ``ApiServices``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Protocol

from starlette.requests import Request

from crossclaim.domain.allocation import Frozen
from crossclaim.domain.plan import PlanSet
from crossclaim.domain.reference import Reference
from crossclaim.domain.stay import Stay
from crossclaim.domain.submission import SubmissionKind
from crossclaim.security.roles import Principal


class Answer(Frozen):
    """What a submission is answered, the first time and every time after."""

    status: int
    """201 or 200 with the outcome, 202 while it is being worked on."""
    body: dict[str, Any]
    replayed: bool = False
    """Whether the same submission had been answered before."""
    episode_id: str


class EpisodeFilters(Frozen):
    """Narrows a list of episodes; ``None`` does not narrow."""

    state: str | None = None
    hospital: str | None = None
    visit: str | None = None
    limit: int = 50


class Intake(Protocol):
    """Takes submissions in, once for ever."""

    async def submit(
        self,
        principal: Principal,
        kind: SubmissionKind,
        *,
        episode_id: str | None,
        business_key: str,
        content: dict[str, Any],
        idempotency_key: str | None,
    ) -> Answer:
        """Raises ``Conflict``, ``KeyReused``, ``InProgress``, ``NotFound`` or ``Unavailable``."""
        ...

    async def answered(
        self,
        principal: Principal,
        kind: SubmissionKind,
        *,
        business_key: str,
        content: dict[str, Any],
    ) -> Answer | None:
        """The answer given before to this very submission; ``None`` when there was none.

        Asked only when the submission would be refused today: what was taken once, before its stay
        ended or its consent text was replaced, is answered as it was then.
        """
        ...


class Directory(Protocol):
    """Who asks, and what is known of the episode asked about."""

    async def principal_of(self, api_key: str) -> Principal | None: ...

    async def stay_of(self, principal: Principal, episode_id: str) -> Stay | None:
        """``None`` while nothing is known yet. Raises ``NotFound``, for another's episode too."""
        ...


class Reads(Protocol):
    """Answers without side effects; each sees what the principal may see. Raises ``NotFound``."""

    async def episode(self, principal: Principal, episode_id: str) -> dict[str, Any]: ...

    async def episodes(
        self, principal: Principal, filters: EpisodeFilters, cursor: str | None
    ) -> dict[str, Any]: ...

    async def story(self, principal: Principal, episode_id: str, language: str) -> dict[str, Any]:
        """``language`` is ``en``, ``zh-Hant`` or ``zh-Hans``."""
        ...


class DocumentStore(Protocol):
    """Keeps uploaded documents, encrypted."""

    async def put(
        self, principal: Principal, episode_id: str, content_type: str, content: bytes
    ) -> str:
        """The SHA-256 of the content, in hex, by which bills name it. Idempotent.

        Raises ``NotFound`` for an episode that is unknown or another's.
        """
        ...


class HealthRecords(Protocol):
    """Records that were fetched for an episode, and who looked at them.

    Raises ``NotFound`` for an episode or a number that is unknown or another's.
    """

    async def read(
        self, principal: Principal, episode_id: str, number: str, staff: str
    ) -> dict[str, Any]:
        """One request and, once it is answered, its record; the reading stands in the audit first.

        Raises ``NotAllowed`` when a consent that it needs has been withdrawn.
        """
        ...

    async def accesses(self, principal: Principal, episode_id: str) -> dict[str, Any]: ...


class InsurerCallbacks(Protocol):
    """Takes what insurers send us of themselves."""

    async def receive(self, insurer: str, headers: Mapping[str, str], raw_body: bytes) -> None:
        """Checks the signature, keeps the message. Raises ``NotAuthenticated``, ``NotFound``."""
        ...


class AuditRecord(Frozen):
    """Who did what about which episode, and the status that it ended with; never any value."""

    organisation: str
    key_id: str
    operation: str
    about: str
    outcome: str


class Audit(Protocol):
    """An append-only record."""

    async def record(self, record: AuditRecord) -> None:
        """Raises ``Unavailable`` when it cannot be written."""
        ...


class Engines(Protocol):
    """Whether the engines behind the API answer."""

    async def report(self) -> dict[str, bool]:
        """Engine → whether it answers; never raises."""
        ...


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True)
class ApiServices:
    """Everything that the endpoints are handed."""

    intake: Intake
    directory: Directory
    reads: Reads
    documents: DocumentStore
    callbacks: InsurerCallbacks
    reference: Reference
    records: HealthRecords | None = None
    plans: Callable[[], PlanSet] | None = None
    """The plans in force now; absent, no rule of a plan is judged before a submission is kept."""
    engines: Engines | None = None
    audit: Audit | None = None
    body_limit_bytes: int = 1_048_576
    document_limit_bytes: int = 26_214_400
    now: Callable[[], datetime] = field(default=_now)


def services_of(request: Request) -> ApiServices:
    """The services that the application was built with."""
    services = request.app.state.services
    assert isinstance(services, ApiServices)
    return services
