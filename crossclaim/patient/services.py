"""What a patient's pages need of the house, handed in as ``PatientServices``; who is looking."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from starlette.requests import Request

from crossclaim.api.identity import IdentityDesk
from crossclaim.api.services import ApiServices, LinkedItem
from crossclaim.domain.allocation import Fault, Frozen, Sentence
from crossclaim.domain.money import Money
from crossclaim.domain.patient_bearer import Bearer, Factor
from crossclaim.domain.patient_looks import Look
from crossclaim.domain.patient_money import Back, Paid
from crossclaim.domain.patient_view import Missing, PatientStatus
from crossclaim.domain.submission import ConsentType
from crossclaim.domain.withdrawal_preview import Preview
from crossclaim.security.principal import Principal


class LetIn(Frozen):
    cookie: str
    expires_at: datetime


class PatientSession(Frozen):
    """A person at his own pages."""

    principal: Principal
    """As whom rows are read and submissions sent; its key is the session's own."""
    bearer: Bearer
    episodes: tuple[str, ...]
    """All that the session shows."""
    csrf: str


class Doorkeeper(Protocol):
    """Lets people in by a link and one thing more that they know."""

    async def enter(self, link: str, given: Factor) -> LetIn | None:
        """None for whatever is not right, never told apart. Every try is counted."""
        ...

    async def session(self, cookie: str) -> PatientSession | None: ...

    async def end(self, cookie: str) -> None: ...

    def narrow(self, session: PatientSession) -> None:
        """From now on this request reads rows of the session's own episodes alone."""
        ...


class OwnEpisode(Frozen):
    """One line of a patient's list."""

    id: str
    hospital: str
    visit: str
    encounter_class: str
    opened_at: datetime
    status: PatientStatus
    missing: list[Missing] = []


class OwnConsent(Frozen):
    type: ConsentType
    recipient: str = ""
    text_version: str
    text_sha256: str = ""
    evidence_sha256: str = ""
    channel: str = ""
    signed_at: datetime
    withdrawn_at: datetime | None = None
    signer: str = ""
    """In which capacity somebody signed for the patient."""


class OwnRequest(Frozen):
    """What an insurer asked of the patient."""

    id: str
    insurer: str
    due_at: datetime
    items: list[LinkedItem]


class OwnPart(Frozen):
    """What one funder carries of a bill."""

    funder: str
    organisation: str | None = None
    amount: Money


class OwnBill(Frozen):
    number: str
    total_minor: int
    parts: list[OwnPart] = []


class OwnDecision(Frozen):
    """A claim on an insurer of whose decision there is a letter."""

    claim_id: str
    insurer: str
    decided_at: datetime
    kind: str
    appeal_level: int = 0
    """At which it can be appealed now; 0: it cannot."""
    appeal_until: date | None = None
    appeal_state: str = ""
    """Of the newest appeal: ``open``, ``upheld`` or ``changed``."""
    appeal_due_at: datetime | None = None


class OwnRecord(Frozen):
    """One episode, told to the patient."""

    head: OwnEpisode
    whole: bool = True
    """False where an insurer let him in: it knows neither the others' parts nor what he paid."""
    bills: list[OwnBill] = []
    paid: list[Paid] = []
    back: list[Back] = []
    requests: list[OwnRequest] = []
    decisions: list[OwnDecision] = []
    estimates: bool = False
    """An estimate is of use: nothing is billed yet."""


class SpousesUse(Frozen):
    """What was taken of a spouse's vouchers; of the care nothing."""

    on: datetime
    amount_minor: int
    currency: str
    given_back: bool


class Estimated(Frozen):
    """Who would carry what of a planned amount by today's rules; with ``faults`` nobody can say."""

    planned: Money
    parts: list[OwnPart] = []
    later: list[OwnPart] = []
    """What would come back to the patient after he has paid."""
    faults: list[Fault] = []
    assumes: list[Sentence] = []


class Looks(Frozen):
    looks: list[Look]
    after: str = ""
    """Where the next page begins; empty: there is none."""


class PatientDesk(Protocol):
    """Reads of a patient's pages. Raises ``NotFound`` for what is not the session's own."""

    async def episodes(self, session: PatientSession) -> list[OwnEpisode]: ...

    async def record(self, session: PatientSession, episode_id: str) -> OwnRecord: ...

    async def consents(self, session: PatientSession, episode_id: str) -> list[OwnConsent]: ...

    async def preview(
        self, session: PatientSession, episode_id: str, consent: ConsentType, recipient: str | None
    ) -> Preview:
        """Raises ``NotFound`` where an insurer let him in, too: its pages know not all effects."""
        ...

    async def looks(self, session: PatientSession, episode_id: str, after: str) -> Looks: ...

    async def spouses_uses(self, session: PatientSession, episode_id: str) -> list[SpousesUse]: ...

    async def estimate(
        self, session: PatientSession, episode_id: str, planned: Money
    ) -> Estimated: ...

    async def looked(
        self, session: PatientSession, operation: str, about: str, outcome: str
    ) -> None:
        """Audits a look before it is answered. Raises ``Unavailable`` when it cannot be."""
        ...


@dataclass(frozen=True)
class PatientServices:
    """Everything that the pages are handed."""

    doorkeeper: Doorkeeper
    desk: PatientDesk
    api: ApiServices
    """By which what a patient sends goes the way of every submission."""

    @property
    def identity(self) -> IdentityDesk | None:
        return self.api.identity


def services_of(request: Request) -> PatientServices:
    """The services that the pages were built with."""
    services = request.app.state.services
    assert isinstance(services, PatientServices)
    return services
