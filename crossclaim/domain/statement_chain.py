"""Whether an account's statements follow each other, and whether one of them adds up. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import pairwise

from crossclaim.domain.allocation import Frozen


class StatementFault(StrEnum):
    """What is wrong with a file or a statement of the bank; each has a sentence."""

    REPEATED = "STATEMENT_REPEATED"
    """The same statement came again, in the same file or in another."""
    OUT_OF_ORDER = "STATEMENT_OUT_OF_ORDER"
    GAP = "STATEMENT_GAP"
    BALANCE_BREAK = "STATEMENT_BALANCE_BREAK"
    """The numbers follow each other and the balances do not."""
    NUMBER_REUSED = "STATEMENT_NUMBER_REUSED"
    ACCOUNT_UNKNOWN = "STATEMENT_ACCOUNT_UNKNOWN"
    LATE_ENTRY = "STATEMENT_LATE_ENTRY"
    """It booked something on a day that was closed: the day is open again."""
    SUMS_DIFFER = "BANK_STATEMENT_SUMS"
    TOO_LARGE = "BANK_FILE_TOO_LARGE"
    FORBIDDEN = "BANK_FILE_FORBIDDEN"
    VERSION_UNKNOWN = "BANK_VERSION_UNKNOWN"
    MESSAGE_REUSED = "BANK_MESSAGE_REUSED"
    UNREADABLE = "BANK_FILE_UNREADABLE"
    FIGURES = "BANK_FIGURES"
    PERIOD = "BANK_STATEMENT_PERIOD"


BLOCKING = frozenset(
    {StatementFault.GAP, StatementFault.BALANCE_BREAK, StatementFault.NUMBER_REUSED}
)
"""While one of these stands, no day of the account closes."""


class Link(Frozen):
    """One sound statement in an account's chain."""

    id: int
    number: int | None
    covers_from: datetime
    covers_to: datetime
    opening_minor: int
    closing_minor: int
    digest: str = ""


class Break(Frozen):
    """Two statements between which something is missing or differs."""

    fault: StatementFault
    before: int
    after: int
    difference_minor: int


_APART = timedelta(minutes=1)
"""Between two statements that follow each other; some banks end a day a second before the next."""


def breaks(links: Iterable[Link]) -> list[Break]:
    """Every place at which the chain does not hold, oldest first."""
    ordered = sorted(links, key=_place)
    found: list[Break] = []
    for last, this in pairwise(ordered):
        gap = this.opening_minor - last.closing_minor
        numbered = last.number is not None and this.number is not None
        if numbered and this.number == last.number:
            found.append(_break(StatementFault.NUMBER_REUSED, last, this, gap))
        elif _skipped(last, this):
            found.append(_break(StatementFault.GAP, last, this, gap))
        elif gap:
            fault = StatementFault.BALANCE_BREAK if numbered else StatementFault.GAP
            found.append(_break(fault, last, this, gap))
    return found


def _skipped(last: Link, this: Link) -> bool:
    if last.number is None or this.number is None:
        # Equal balances prove nothing: on the day between them money may have come and gone.
        return this.covers_from - last.covers_to > _APART
    # Numbers begin again with the year or when the bank renumbers; the balances tell then.
    return this.number > last.number + 1


def _break(fault: StatementFault, last: Link, this: Link, gap: int) -> Break:
    return Break(fault=fault, before=last.id, after=this.id, difference_minor=gap)


def _place(link: Link) -> tuple[datetime, datetime, int, int]:
    return (link.covers_from, link.covers_to, link.number or 0, link.id)


def is_repeat(new: Link, known: Sequence[Link]) -> Link | None:
    """The statement that this one is a copy of, however its message is called."""
    return next((one for one in known if _same(new, one)), None)


def _same(new: Link, old: Link) -> bool:
    ignored = {"id"}
    return new.model_dump(exclude=ignored) == old.model_dump(exclude=ignored)


def comes_late(new: Link, known: Sequence[Link]) -> bool:
    """A statement of a time before one that we have had already."""
    return any(_place(new)[:2] < _place(one)[:2] for one in known)


def covered_until(
    links: Iterable[Link], explained: frozenset[str] = frozenset()
) -> datetime | None:
    """How far the account is covered from its first statement on, without a gap.

    ``explained``: gaps, as ``before-after``, with which a person lives.
    """
    ordered = sorted(links, key=_place)
    if not ordered:
        return None
    broken = {
        b.before
        for b in breaks(ordered)
        if b.fault is StatementFault.GAP and f"{b.before}-{b.after}" not in explained
    }
    last = ordered[0]
    until = last.covers_to
    for this in ordered[1:]:
        if last.id in broken:
            break
        until, last = max(until, this.covers_to), this
    return until
