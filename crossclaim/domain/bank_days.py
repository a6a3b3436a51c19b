"""Which days of an account are closed: covered to their end, and nothing left to explain. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime, timedelta, timezone

from crossclaim.domain.allocation import Frozen

BANK_ZONE = timezone(timedelta(hours=8), "Asia/Shanghai")
"""A day of the bank's; the mainland has no summer time."""


class DayChange(Frozen):
    day: date
    event: str
    """``closed`` or ``reopened``."""
    cause: str


class DayFacts(Frozen):
    """What decides about an account's days."""

    begins: datetime | None = None
    """Where its first statement begins."""
    until: datetime | None = None
    """How far statements cover it without a gap."""
    open_items: dict[date, int] = {}
    """Items that are neither matched nor explained, by the day that they stand on."""
    open_elsewhere: dict[date, int] = {}
    """The owner's items of other sources that are neither matched nor explained."""
    blocked_from: date | None = None
    """From here on the chain of statements does not hold."""


def days_covered(facts: DayFacts) -> Iterable[date]:
    """Every day that statements cover to its end."""
    if facts.begins is None or facts.until is None:
        return
    day = facts.begins.astimezone(BANK_ZONE).date()
    end = facts.until.astimezone(BANK_ZONE).date()
    while day < end:
        if facts.blocked_from is not None and day >= facts.blocked_from:
            return
        yield day
        day += timedelta(days=1)


def day_changes(
    facts: DayFacts, states: Mapping[date, str], fresh: Collection[date]
) -> list[DayChange]:
    """What happens to the days now. ``fresh``: days on which something was booked that is new."""
    closable = {
        day
        for day in days_covered(facts)
        if not facts.open_items.get(day) and not facts.open_elsewhere.get(day)
    }
    found: list[DayChange] = []
    for day in sorted(set(states) | closable):
        closed = states.get(day) == "closed"
        if closed and day in fresh:
            found.append(DayChange(day=day, event="reopened", cause="LATE_ENTRY"))
            closed = False
        elif closed and day not in closable:
            found.append(DayChange(day=day, event="reopened", cause=_cause(facts, day)))
        if not closed and day in closable:
            found.append(DayChange(day=day, event="closed", cause="ALL_MATCHED_OR_EXPLAINED"))
    return found


def _cause(facts: DayFacts, day: date) -> str:
    """Why a closed day is open again."""
    if facts.open_items.get(day):
        return "OPEN_ITEM"
    return "OPEN_ELSEWHERE" if facts.open_elsewhere.get(day) else "STATEMENTS_INCOMPLETE"
