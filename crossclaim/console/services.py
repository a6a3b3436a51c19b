"""What the console needs of the house, handed in as ``ConsoleServices``; who is looking at it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from starlette.requests import Request

from crossclaim.console.claw_backs import ClawBacks
from crossclaim.console.corrections import Corrections
from crossclaim.console.door import Door
from crossclaim.console.episode_port import EpisodeReads
from crossclaim.console.examiner import Examiner
from crossclaim.console.letters import Letters
from crossclaim.console.live_streams import LiveStreams
from crossclaim.console.matching import Matching
from crossclaim.console.money import Money
from crossclaim.console.operations import OperationsDesk
from crossclaim.console.repairs import Repairs
from crossclaim.console.rules import RulesDesk
from crossclaim.console.saved_views import SavedViews
from crossclaim.console.webhook_port import WebhookBook
from crossclaim.console.worklist import Worklist
from crossclaim.domain.allocation import Frozen, TraceStep
from crossclaim.domain.episode_clocks import Clock
from crossclaim.domain.figure_parts import PlaceFigure
from crossclaim.domain.figures import Indicator, MonthFigure
from crossclaim.domain.habits import Habits
from crossclaim.domain.operations import OperationLimits
from crossclaim.domain.records import EpisodeRows
from crossclaim.domain.reference import Reference
from crossclaim.domain.story import Story
from crossclaim.domain.story_facts import StoryFacts
from crossclaim.domain.why_unpaid import Answer
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


class Sorting(StrEnum):
    """What a list is in order of; those without a due time or a wait are not in theirs."""

    NEWEST = "newest"
    OLDEST = "oldest"
    MOST = "most"
    LEAST = "least"
    DUE = "due"
    WAITS = "waits"


class EpisodeSearch(Frozen):
    """What a list is narrowed by; an empty member does not narrow."""

    states: list[str] = []
    stages: list[str] = []
    """Stages that they stand at; ``over`` is closed."""
    funders: list[str] = []
    """Kinds of funder that the episode names; any of them."""
    in_cities: list[str] | None = None
    """Ids of the hospitals of the cities that were asked for."""
    amount_from: int | None = None
    amount_to: int | None = None
    """Fen billed, both included."""
    due_before: datetime | None = None
    due_after: datetime | None = None
    sort: Sorting = Sorting.NEWEST
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
    """Id of the last episode of the page before, and what it was sorted by in ``after_value``."""
    after_value: str | None = None


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
    stage: str = ""
    due_at: datetime | None = None
    waits_since: datetime | None = None


def place_after(search: EpisodeSearch, last: ListedEpisode) -> tuple[str, str | None]:
    """Where the next page begins: the id, and what the list is sorted by."""
    match search.sort:
        case Sorting.MOST | Sorting.LEAST:
            return last.id, str(last.billed_minor)
        case Sorting.DUE | Sorting.WAITS:
            moment = last.due_at if search.sort is Sorting.DUE else last.waits_since
            return last.id, moment.isoformat() if moment else None
    return last.id, None


class ToldEpisode(Frozen):
    """All that an episode's pages show, as the visitor may see it."""

    story: Story
    facts: StoryFacts
    rows: EpisodeRows
    traces: dict[str, list[TraceStep]] = {}
    """Bill → why the figures of its newest split are what they are."""
    notes: list[StaffNote] = []
    """Of staff of the platform, who alone read them; newest first."""
    habits: Habits = Habits()
    clocks: list[Clock] = []
    answer: Answer


class StaffNote(Frozen):
    id: str
    person: str
    kind: str
    text: str
    recorded_at: datetime


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

    async def counted(self, principal: Principal, search: EpisodeSearch) -> int:
        """How many episodes there are in all."""
        ...

    @property
    def worklist(self) -> Worklist: ...

    @property
    def views(self) -> SavedViews: ...

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

    async def saw_in_clear(self, principal: Principal, episode_id: str, reason: str) -> None:
        """Keeps why somebody has personal data shown; before they are. Raises ``NotFound``."""
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
    webhooks: WebhookBook | None = None
    live: LiveStreams = field(default_factory=LiveStreams)
    repairs: Repairs | None = None
    corrections: Corrections | None = None
    episode: EpisodeReads | None = None
    """What an episode's pages show beside its story."""
    matching: Matching | None = None
    money: Money | None = None
    claw_backs: ClawBacks | None = None
    letters: Letters | None = None
    door: Door | None = None
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
