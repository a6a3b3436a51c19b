"""What the console needs of the house, handed in as ``ConsoleServices``; who is looking at it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from starlette.requests import Request

from crossclaim.console.examiner import Examiner
from crossclaim.console.operations import OperationsDesk
from crossclaim.console.rules import RulesDesk
from crossclaim.domain.allocation import Frozen, TraceStep
from crossclaim.domain.figure_parts import PlaceFigure
from crossclaim.domain.figures import Indicator, MonthFigure
from crossclaim.domain.operations import OperationLimits
from crossclaim.domain.records import EpisodeRows
from crossclaim.domain.reference import Reference
from crossclaim.domain.story import Story
from crossclaim.domain.story_facts import StoryFacts
from crossclaim.security.roles import Principal
from crossclaim.store.finance_reads import Finance


class Visitor(Frozen):
    """A person at the console."""

    principal: Principal
    name: str
    """What the page calls the person; of staff, never of a patient."""
    csrf: str
    """Goes with every form of the session."""
    roles: tuple[str, ...] = ()
    """All that the person may act in, one at a time."""


class Visitors(Protocol):
    """Who has signed in."""

    async def visitor(self, request: Request) -> Visitor | None:
        """``None`` for a session that is unknown or over."""
        ...

    async def act_as(self, request: Request, role: str) -> None:
        """From now on in this role, which is one of the person's."""
        ...

    def sign_in_path(self, back: str) -> str:
        """Where one signs in, to come ``back`` afterwards."""
        ...

    @property
    def sign_out_path(self) -> str: ...


class CountedBy(Frozen):
    """Episodes that one indicator counts in one month, as good or as not."""

    indicator: Indicator
    month: str
    good: bool


class EpisodeSearch(Frozen):
    """What a list is narrowed by; an empty member does not narrow."""

    states: list[str] = []
    hospitals: list[str] = []
    insurers: list[str] = []
    reasons: list[str] = []
    """Codes of open exceptions; any of them."""
    payouts: list[str] = []
    """States of a payout; any of them."""
    figure: CountedBy | None = None
    text: str = ""
    """A number or a name as it was typed. It may be personal: never put into an address."""
    limit: int = 50
    after: str | None = None
    """Id of the last episode of the page before."""


class ListedEpisode(Frozen):
    id: str
    hospital_id: str
    visit_number: str
    encounter_class: str
    status: str
    opened_at: datetime
    closed_at: datetime | None = None
    billed_minor: int = 0
    """Fen of the bill versions in force."""
    paid_minor: int = 0
    """Fen that are credited."""
    exceptions: list[str] = []
    """Codes of the open ones, each once."""


class ToldEpisode(Frozen):
    """All that an episode's pages show, as the visitor may see it."""

    story: Story
    facts: StoryFacts
    rows: EpisodeRows
    traces: dict[str, list[TraceStep]] = {}
    """Bill → why the figures of its newest split are what they are."""
    notes: list[StaffNote] = []
    """Of staff of the platform, who alone read them; newest first."""


class StaffNote(Frozen):
    id: str
    person: str
    kind: str
    text: str
    recorded_at: datetime


class ExceptionGroup(Frozen):
    """Open exceptions of one cause at one party."""

    code: str
    organisation: str | None = None
    """Who has to act or to answer, where one party is the cause."""
    episodes: int
    oldest: datetime
    samples: list[str]
    """Ids of its oldest episodes, a few."""


class Desk(Protocol):
    """Reads of the console, each as its visitor may see it."""

    async def listed(self, principal: Principal, search: EpisodeSearch) -> list[ListedEpisode]:
        """One more than the limit where there is a next page; newest first."""
        ...

    def all_of(self, principal: Principal, search: EpisodeSearch) -> AsyncIterator[ListedEpisode]:
        """Every match, page after page."""
        ...

    async def told(self, principal: Principal, episode_id: str, language: str) -> ToldEpisode:
        """Raises ``NotFound``, for another's episode too."""
        ...

    async def exceptions(self, principal: Principal) -> list[ExceptionGroup]:
        """The most and oldest first."""
        ...

    async def figures(
        self, principal: Principal, insurers: list[str], hospitals: list[str]
    ) -> list[MonthFigure]:
        """Narrowed to these; an empty list narrows nothing."""
        ...

    async def figure(
        self, principal: Principal, indicator: Indicator, insurers: list[str], hospitals: list[str]
    ) -> list[PlaceFigure]:
        """One indicator by month, insurer and hospital, as far as the visitor may see."""
        ...

    async def finance(self, principal: Principal) -> Finance: ...

    async def note(self, principal: Principal, episode_id: str, text: str) -> None:
        """Keeps a note of staff. Raises ``NotFound``."""
        ...

    async def try_again(self, principal: Principal, episode_id: str, reason: str) -> list[str]:
        """Steps that waited and now run at once; the reason is kept first.

        Raises ``NotFound`` and ``Unavailable``.
        """
        ...

    async def looked(self, principal: Principal, operation: str, about: str, outcome: str) -> None:
        """Audits a look before it is answered. Raises ``Unavailable`` when it cannot be."""
        ...


@dataclass(frozen=True)
class ConsoleServices:
    """Everything that the pages are handed."""

    desk: Desk
    visitors: Visitors
    reference: Reference
    examiner: Examiner | None = None
    rules: RulesDesk | None = None
    operations: OperationsDesk | None = None
    operation_limits: OperationLimits = field(default_factory=OperationLimits)
    temporal_ui: str = ""
    """Address of the Temporal UI with its namespace; empty: not linked."""


def services_of(request: Request) -> ConsoleServices:
    """The services that the console was built with."""
    services = request.app.state.services
    assert isinstance(services, ConsoleServices)
    return services
