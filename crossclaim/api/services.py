"""What the API needs of the house: one small Protocol per need, handed in as ``ApiServices``."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any, Protocol

from starlette.requests import Request

from crossclaim.api.answer import Answer as Answer
from crossclaim.api.audit_port import Audit
from crossclaim.api.bill_ports import Bills
from crossclaim.api.callback_ports import InsurerCallbacks, OfficeCallbacks
from crossclaim.api.claim_reads import ClaimReads
from crossclaim.api.consent_port import ConsentTexts
from crossclaim.api.family_port import FamilyReads
from crossclaim.api.fhir_port import FhirMessages, FhirReads
from crossclaim.api.hcx_port import HcxExchange
from crossclaim.api.identity import IdentityDesk
from crossclaim.api.pacing import Pacing
from crossclaim.api.paper_ports import HandOvers, Papers, UseRecords, Verification
from crossclaim.api.patient_port import PatientLinks
from crossclaim.api.privacy_ports import Accesses, PayloadDecoder, SubjectRequests
from crossclaim.api.repair_port import Repairs
from crossclaim.api.settlement_port import Settlements
from crossclaim.api.upload_port import Scanner, UploadSlots
from crossclaim.api.webhook_port import Webhooks
from crossclaim.domain.allocation import Frozen
from crossclaim.domain.plan import Plan, PlanSet
from crossclaim.domain.reference import Reference
from crossclaim.domain.stay import Stay
from crossclaim.domain.submission import SubmissionKind
from crossclaim.security.roles import Principal


class EpisodeFilters(Frozen):
    """Narrows a list of episodes; ``None`` does not narrow."""

    state: str | None = None
    hospital: str | None = None
    visit: str | None = None
    limit: int = 50
    order: str = "newest"


class BankFilters(Frozen):
    """Narrows a list of the bank's; ``None`` does not narrow."""

    bank: str | None = None
    source: str | None = None
    status: str | None = None
    day: date | None = None
    open: bool | None = None
    limit: int = 50
    language: str = "en"


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

    async def status(self, principal: Principal, submission_id: str) -> dict[str, Any]:
        """Whether it is answered, and how. Raises ``NotFound``, for another's too."""
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


class CreditReads(Protocol):
    """Pay-after-care accounts, as the principal may see them. Raises ``NotFound``."""

    async def account(self, principal: Principal, account_id: str) -> dict[str, Any]: ...

    async def statement(
        self, principal: Principal, account_id: str, language: str
    ) -> dict[str, Any]:
        """``language`` is ``en``, ``zh-Hant`` or ``zh-Hans``."""
        ...


class ClaimReviews(Protocol):
    """Checked, examined and drawn claims, as the principal may see them."""

    async def listed(self, principal: Principal, episode_id: str) -> dict[str, Any]:
        """Raises ``NotFound``, for another's episode too."""
        ...

    async def samples(self, principal: Principal) -> dict[str, Any]: ...


class BankService(Protocol):
    """Bank entries against ours, of the principal's own accounts."""

    async def listed(
        self, principal: Principal, name: str, filters: BankFilters, cursor: str | None
    ) -> dict[str, Any]:
        """One page of ``statements``, ``entries``, ``movements``, ``exceptions``, ``days``,
        ``remittances``, ``items`` or ``matches``; ``filters.language`` is that of its sentences."""
        ...

    async def day(
        self, principal: Principal, bank: str, account: str, day: date, language: str
    ) -> dict[str, Any]:
        """A day by the bank and by our ledger. Raises ``NotFound``."""
        ...

    async def order(
        self, principal: Principal, kind: str, content: dict[str, Any], key: str | None
    ) -> Answer:
        """A match, an explanation or an undo. Raises ``Refused``, ``KeyReused``."""
        ...

    async def order_status(self, principal: Principal, order_id: str) -> dict[str, Any]: ...


class Exposures(Protocol):
    """What letters of guarantee promise and nobody has paid."""

    async def exposures(self, principal: Principal, at: datetime | None) -> dict[str, Any]:
        """An insurer's own, or those to a hospital; now, or as they stood."""
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


class LinkedItem(Frozen):
    """One document of a request, as the bearer of a link may see it."""

    item: int
    type: str
    status: str
    line: int | None = None
    paper: str | None = None
    note: str | None = None
    sha256: str | None = None


class LinkedRequest(Frozen):
    """What a link opens, and as whose it counts."""

    principal: Principal
    """Whoever made the link; its key is the link's own."""
    episode_id: str
    request_id: str
    number: str
    status: str
    asked_of: str
    due_at: datetime
    expires_at: datetime
    documents: list[LinkedItem]


class NewLink(Frozen):
    link: str
    expires_at: datetime


class UploadLinks(Protocol):
    """Links by which documents are sent without a key."""

    async def make(self, principal: Principal, episode_id: str, request_id: str) -> NewLink:
        """Raises ``NotFound``, for another's request too, and ``Refused`` for a closed one."""
        ...

    async def opened(self, link: str) -> LinkedRequest:
        """Raises ``NotFound`` for a link that is unknown, ended or over: never told apart."""
        ...


class InformationReads(Protocol):
    """Information requests, as the principal may see them. Raises ``NotFound``."""

    async def listed(
        self, principal: Principal, status: str | None, limit: int, cursor: str | None
    ) -> dict[str, Any]: ...

    async def of_episode(self, principal: Principal, episode_id: str) -> dict[str, Any]: ...

    async def document(
        self, principal: Principal, episode_id: str, request_id: str, item: int
    ) -> tuple[str, bytes]:
        """Content type and content of what answered a request of the principal's own."""
        ...


class Engines(Protocol):
    """Whether the engines behind the API answer."""

    async def report(self) -> dict[str, bool]:
        """Engine → whether it answers; never raises."""
        ...


def _now() -> datetime:
    return datetime.now(UTC)


def _no_plan() -> Plan | None:
    return None


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
    scanner: Scanner | None = None
    """Absent: only what every file is looked at for is looked for."""
    uploads: UploadSlots | None = None
    use_records: UseRecords | None = None
    hand_overs: HandOvers | None = None
    papers: Papers | None = None
    verification: Verification | None = None
    bills: Bills | None = None
    claims: ClaimReads | None = None
    information: InformationReads | None = None
    upload_links: UploadLinks | None = None
    patient_links: PatientLinks | None = None
    consent_texts: ConsentTexts | None = None
    credit: CreditReads | None = None
    bank: BankService | None = None
    exposures: Exposures | None = None
    settlements: Settlements | None = None
    claim_reviews: ClaimReviews | None = None
    repairs: Repairs | None = None
    subject_requests: SubjectRequests | None = None
    accesses: Accesses | None = None
    decoder: PayloadDecoder | None = None
    webhooks: Webhooks | None = None
    fhir: FhirReads | None = None
    fhir_messages: FhirMessages | None = None
    body_limit_bytes: int = 1_048_576
    document_limit_bytes: int = 26_214_400
    now: Callable[[], datetime] = field(default=_now)
    family: FamilyReads | None = None
    office_callbacks: OfficeCallbacks | None = None
    hcx: HcxExchange | None = None
    family_plan: Callable[[], Plan | None] = _no_plan
    """The rules of family sharing that are in force now."""
    identity: IdentityDesk | None = None
    """Access tokens and sessions; absent, there are API keys alone."""
    pacing: Pacing | None = None
    claim_service_licence: bool = True
    """Whether people need a mainland licence for claim service in the mainland."""


def services_of(request: Request) -> ApiServices:
    """The services that the application was built with."""
    services = request.app.state.services
    assert isinstance(services, ApiServices)
    return services
