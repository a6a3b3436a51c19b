"""Items of sources that are no bank, judged by the same engine and with the same nine statuses.

An insurer's remittance, the bureau's totals and details and the Department's reimbursement each
give two lists, what we hold and what they state; from there on nothing tells them from a bank's
entries.
Pure.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Literal

from crossclaim.domain.allocation import Frozen
from crossclaim.domain.bank_days import BANK_ZONE
from crossclaim.domain.matching import (
    SETTLED,
    Expected,
    Known,
    Matching,
    MatchStatus,
    Stated,
    match_entries,
)

Side = Literal["ours", "theirs"]
QUIET = SETTLED | {MatchStatus.EXPECTED}
"""Nobody has to look at these, and they keep no day open."""


class Source(StrEnum):
    """Each has a name in three languages."""

    REMITTANCE = "remittance"
    BUREAU_TOTAL = "bureau_total"
    BUREAU_DETAIL = "bureau_detail"
    VOUCHER = "voucher"


class SourceScope(Frozen):
    """What was compared in one go, and whose day it is on."""

    source: Source
    organisation: str
    name: str
    day: date


class SourceItem(Frozen):
    """One item of either side and how it stands."""

    side: Side
    item: str
    reference: str
    amount_minor: int
    currency: str
    status: MatchStatus
    why: str
    match_name: str = ""
    candidates: list[dict[str, str]] = []
    episode_id: str | None = None

    @property
    def open(self) -> bool:
        return self.status not in QUIET


@dataclass
class SourceFacts:
    """Both sides of one comparison. ``names``: what an item of theirs is called, by its number."""

    ours: list[Expected] = field(default_factory=list)
    theirs: list[Stated] = field(default_factory=list)
    names: dict[int, str] = field(default_factory=dict)
    episodes: dict[str, str] = field(default_factory=dict)
    """Item of ours → episode."""
    settled: frozenset[tuple[str, str]] = frozenset()

    def hold(self, one: Expected, episode: str | None = None) -> None:
        self.ours.append(one)
        if episode is not None:
            self.episodes[one.id] = episode

    def state(self, name: str, line: Stated) -> None:
        self.theirs.append(line)
        self.names[line.id] = name

    def judged(self, day: date) -> list[SourceItem]:
        after = datetime.combine(day + timedelta(days=1), time.min, BANK_ZONE)
        found = match_entries(self.ours, self.theirs, Known(settled=self.settled), after)
        return items_of(self.ours, self.theirs, found, self.names, self.episodes)


def items_of(
    ours: Sequence[Expected],
    theirs: Sequence[Stated],
    found: Matching,
    names: Mapping[int, str],
    episodes: Mapping[str, str],
) -> list[SourceItem]:
    """Every item of either side once, those of a match under one name."""
    verdicts: dict[int | str, tuple[MatchStatus, str, str]] = {}
    candidates: dict[int | str, list[dict[str, str]]] = {}
    for match in found.matches:
        name = names[min(match.stated)] if match.stated else ""
        sides: list[int | str] = [*match.stated, *match.expected]
        for item in sides:
            verdicts[item] = (match.status, match.why.value, name)
    for one in found.unmatched:
        verdicts[one.item] = (one.status, one.why.value, "")
        candidates[one.item] = [
            {"item": names[c.item] if isinstance(c.item, int) else c.item, "because": c.because}
            for c in one.candidates
        ]
    made = [
        _item("theirs", names[line.id], line, verdicts[line.id], candidates.get(line.id, []))
        for line in theirs
    ]
    for held in ours:
        if held.id in verdicts:
            told = _item("ours", held.id, held, verdicts[held.id], candidates.get(held.id, []))
            made.append(told.model_copy(update={"episode_id": episodes.get(held.id)}))
    return made


def _item(
    side: Side,
    name: str,
    one: Expected | Stated,
    verdict: tuple[MatchStatus, str, str],
    candidates: list[dict[str, str]],
) -> SourceItem:
    status, why, match = verdict
    return SourceItem(
        side=side,
        item=name,
        reference=one.reference,
        amount_minor=one.amount_minor,
        currency=one.currency,
        status=status,
        why=why,
        match_name=match,
        candidates=candidates,
    )
