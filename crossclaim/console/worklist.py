"""What waits for a person, as the worklist shows it, and the port to what staff do about it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from crossclaim.domain.allocation import Frozen
from crossclaim.domain.worklist import WorkState, priority
from crossclaim.security.roles import Principal

MOST_AT_ONCE = 500
"""Exceptions that one action takes in hand; the page says how many are left."""


SOURCES = "xscf"
"""First letters of ids: of episodes, bank days, pay-after-care accounts and family bindings."""


class WorkOrder(StrEnum):
    PRIORITY = "priority"
    DUE = "due"
    OLDEST = "oldest"
    AMOUNT = "amount"


class WorkSearch(Frozen):
    """What the worklist is narrowed by; an empty member does not narrow."""

    codes: list[str] = []
    parties: list[str] = []
    states: list[str] = []
    """None: all but those that somebody has called done."""
    owner: str = ""
    """``mine``, ``nobody``, or a person's id."""
    overdue: bool = False
    items: list[str] | None = None
    """These alone."""
    sort: WorkOrder = WorkOrder.PRIORITY
    limit: int = 100
    after: str | None = None
    after_value: str | None = None


class WorkGroup(Frozen):
    """Open exceptions of one cause at one party."""

    code: str
    party: str
    items: int
    episodes: int
    unowned: int
    mine: int
    amount_minor: int
    oldest: datetime
    due_at: datetime
    rank: float
    """Of its most urgent one."""
    of_episodes: bool = True

    def score(self, now: datetime) -> float:
        return self.rank + now.timestamp() / 86_400


class WorkItem(Frozen):
    id: str
    episode_id: str
    """Or the account or binding that it is about, under whose key its words stand."""
    hospital_id: str
    code: str
    reference: str
    party: str
    amount_minor: int
    opened_at: datetime
    due_at: datetime
    rank: float
    resolved_at: datetime | None = None
    state: WorkState = WorkState.OPEN
    owner: str = ""
    version: int = 0
    """Of who looks after it; 0: nobody has yet."""
    changed_by: str = ""
    changed_at: datetime | None = None
    notes: int = 0

    @property
    def of_episode(self) -> bool:
        return self.id.startswith("x")

    def score(self, now: datetime) -> float:
        return priority(self.amount_minor, self.due_at, now)


class WorkEvent(Frozen):
    """What somebody did about one exception."""

    action_id: str
    item: str
    person: str
    kind: str
    outcome: str
    to_person: str = ""
    state: str = ""
    by_person: str = ""
    text: str = ""
    recorded_at: datetime


class WorkOrderGiven(Frozen):
    """What a person wants done about some exceptions, each as it stood on the page."""

    kind: str
    items: list[tuple[str, int]]
    """Id and version."""
    to_person: str = ""
    state: str = ""
    text: str = ""


class WorkAction(Frozen):
    id: str
    kind: str
    person: str
    items: list[str]
    to_person: str = ""
    state: str = ""
    recorded_at: datetime
    events: list[WorkEvent] = []
    """Of those that are dealt with; the others are not done yet."""

    @property
    def left(self) -> list[str]:
        dealt = {event.item for event in self.events}
        return [item for item in self.items if item not in dealt]


class Worklist(Protocol):
    """Exceptions that the visitor may see, and who of his organisation looks after them."""

    async def groups(self, principal: Principal, search: WorkSearch) -> list[WorkGroup]:
        """The most urgent first."""
        ...

    async def items(self, principal: Principal, search: WorkSearch) -> list[WorkItem]: ...

    def all_items(self, principal: Principal, search: WorkSearch) -> AsyncIterator[WorkItem]: ...

    async def item(self, principal: Principal, item: str) -> WorkItem:
        """Raises ``NotFound``."""
        ...

    async def events(self, principal: Principal, item: str) -> list[WorkEvent]:
        """The newest first."""
        ...

    async def people(self, principal: Principal) -> dict[str, str]:
        """Id → name of those of the organisation who were at the worklist."""
        ...

    async def came(self, principal: Principal, name: str) -> None:
        """Remembers that the visitor works here, so that colleagues can give him something."""
        ...

    async def begin(self, principal: Principal, order: WorkOrderGiven) -> str:
        """Writes down what is wanted before any of it is done; the action's id."""
        ...

    async def go_on(self, principal: Principal, action_id: str) -> bool:
        """Does what is left of an action, each exception by itself, until it has taken long enough.

        False: the workflow engine does not answer, and what is left is not done yet. Raises
        ``NotFound`` for one that is not the visitor's own.
        """
        ...

    async def action(self, principal: Principal, action_id: str) -> WorkAction:
        """Raises ``NotFound``."""
        ...
