"""Days to reconcile: two sides of items, what may belong together, and the way to say so."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any, Literal, Protocol

from crossclaim.domain.allocation import Frozen
from crossclaim.security.roles import Principal

Side = Literal["theirs", "ours"]
MOST_SHOWN = 300
"""Of one side of a day."""


class Suggested(Frozen):
    """What an item may belong to, and why."""

    item: str
    because: str


class SidedItem(Frozen):
    """One entry of the other party, or one item of ours."""

    id: str
    name: str
    """What its side calls it; nothing where it was kept as a digest."""
    detail: str = ""
    side: Side
    day: date | None = None
    amount_minor: int
    """Below zero for money that leaves the account."""
    currency: str
    status: str
    why: str = ""
    open: bool
    """Neither matched nor explained: somebody has to look at it."""
    episode_id: str | None = None
    suggested: list[Suggested] = []
    made: int | None = None
    """The number of the match or explanation that a person made."""
    group: str = ""
    """Items of one match have the same."""


class MadeMatch(Frozen):
    """A person's match or explanation that stands."""

    id: int
    items: list[str]
    made_by: str
    made_at: datetime
    reason: str
    status: str
    undone_by: str = ""
    undone_at: datetime | None = None
    undone_reason: str = ""


class OpenException(Frozen):
    """What is wrong with a statement and keeps days open until somebody explains it."""

    id: int
    code: str
    opened_at: datetime


class DayEvent(Frozen):
    event: str
    cause: str
    at: datetime


class ToReconcile(Frozen):
    """Both sides of one day of an account, or of one other source."""

    theirs: list[SidedItem]
    ours: list[SidedItem]
    matches: list[MadeMatch] = []
    state: str = "open"
    events: list[DayEvent] = []
    cut: bool = False
    """There is more of a side than is shown."""

    @property
    def stands(self) -> str:
        """``even``: every item is explained, and the day is not closed yet."""
        waits = self.cut or any(item.open for item in self.items())
        return "even" if self.state == "open" and not waits else self.state

    def items(self) -> list[SidedItem]:
        return [*self.theirs, *self.ours]


class BankDayToReconcile(ToReconcile):
    bank: str
    account: str
    organisation: str
    day: date
    by_bank_minor: int
    by_ledger_minor: int
    exceptions: list[OpenException] = []


class DayListed(Frozen):
    day: date
    bank: str = ""
    account: str = ""
    source: str = ""
    """Of what is no bank: a remittance, the bureau, vouchers."""
    organisation: str
    state: str
    entries: int
    open: int
    """Items that nobody has explained, of both sides."""

    @property
    def stands(self) -> str:
        """``even``: every item is explained, and the day is not closed yet."""
        return "even" if self.state == "open" and not self.open else self.state


class Left(Frozen):
    """What a choice comes to in one currency: theirs less ours."""

    currency: str
    theirs_minor: int
    ours_minor: int

    @property
    def left_minor(self) -> int:
        return self.theirs_minor - self.ours_minor


def left_of(chosen: Iterable[SidedItem]) -> list[Left]:
    sums: dict[str, dict[str, int]] = {}
    for item in chosen:
        sides = sums.setdefault(item.currency, {"theirs": 0, "ours": 0})
        sides[item.side] += item.amount_minor
    return [
        Left(currency=currency, theirs_minor=sides["theirs"], ours_minor=sides["ours"])
        for currency, sides in sorted(sums.items())
    ]


def with_mates(chosen: Sequence[str], items: Sequence[SidedItem]) -> list[str]:
    """What stands in one group is explained and matched as one: the choice and its mates."""
    known = {item.id: item for item in items}
    groups = {known[one].group for one in chosen if one in known and known[one].group}
    mates = [item.id for item in items if item.group in groups and item.open]
    return list(dict.fromkeys([*chosen, *mates]))


class Matching(Protocol):
    """Reads as the visitor may see; an order is the API's own and moves no money."""

    async def days(self, principal: Principal) -> list[DayListed]:
        """The newest first; banks and other sources."""
        ...

    async def bank_day(
        self, principal: Principal, bank: str, account: str, day: date
    ) -> BankDayToReconcile:
        """Raises ``NotFound``."""
        ...

    async def source_day(
        self, principal: Principal, source: str, organisation: str, day: date
    ) -> ToReconcile:
        """Of a remittance, the bureau or vouchers. Raises ``NotFound``."""
        ...

    async def order(
        self, principal: Principal, kind: str, content: dict[str, Any], key: str
    ) -> int:
        """Status of the API's answer; 202 while the engine does not answer. Raises ``Refused``."""
        ...

    async def made(self, principal: Principal, of_bank: bool, number: int) -> MadeMatch | None:
        """A match or an explanation, taken back or not; ``None`` for another's."""
        ...

    async def names(self, principal: Principal, people: Iterable[str]) -> dict[str, str]:
        """Names of the visitor's own people, by the ids with which they acted."""
        ...
