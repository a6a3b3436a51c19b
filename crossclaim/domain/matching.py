"""What an account's bank says against what we expect of it: every entry ends in one status. Pure.

An entry is matched by what it names, never by its amount alone: an amount without a reference is
matched only where the other side's account is named and one expectation alone fits. Whatever is
left over is told with candidates, and moves nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import TypeVar

from crossclaim.domain.matching_candidates import Candidate, candidates_for
from crossclaim.domain.matching_digests import digest_of as digest_of
from crossclaim.domain.matching_digests import look_of as look_of
from crossclaim.domain.matching_digests import with_plain_references

K = TypeVar("K")
T = TypeVar("T")


class Direction(StrEnum):
    """As the account's owner sees it: a debit is money that left."""

    DEBIT = "debit"
    CREDIT = "credit"


class MatchStatus(StrEnum):
    EXPECTED = "expected"
    """Ours, and not due yet."""
    MATCHED = "matched"
    MISSING = "missing"
    """One side alone has it: the bank, or we after it was due."""
    OVER = "over"
    UNDER = "under"
    WRONG_DATA = "wrong_data"
    WRONG_CURRENCY = "wrong_currency"
    SPLIT = "split"
    """Several entries of the bank are one of ours, and add up."""
    DUPLICATE = "duplicate"


SETTLED = frozenset({MatchStatus.MATCHED, MatchStatus.SPLIT})
"""Nobody has to look at these."""


class Why(StrEnum):
    """The reason of a match or of its absence; each has a sentence."""

    REFERENCE_AND_AMOUNT = "REFERENCE_AND_AMOUNT"
    PARTS_ADD_UP = "PARTS_ADD_UP"
    TOTAL_OF_BATCH = "TOTAL_OF_BATCH"
    ACCOUNT_AND_AMOUNT = "ACCOUNT_AND_AMOUNT"
    BANK_CHARGE = "BANK_CHARGE"
    REFERENCE_LOOKS_ALIKE = "REFERENCE_LOOKS_ALIKE"
    OTHER_ACCOUNT = "OTHER_ACCOUNT"
    MORE_THAN_EXPECTED = "MORE_THAN_EXPECTED"
    LESS_THAN_EXPECTED = "LESS_THAN_EXPECTED"
    LESS_BY_CHARGES = "LESS_BY_CHARGES"
    OTHER_CURRENCY = "OTHER_CURRENCY"
    SAME_BOOKING_AGAIN = "SAME_BOOKING_AGAIN"
    PAID_AGAIN = "PAID_AGAIN"
    TAKEN_BACK = "TAKEN_BACK"
    NOTHING_EXPECTED = "NOTHING_EXPECTED"
    NOT_STATED = "NOT_STATED"
    NOT_YET_DUE = "NOT_YET_DUE"
    BY_HAND = "BY_HAND"


REVERSED = "RVSL"
"""Code of ours for a debit that takes an earlier credit back."""

CHARGE_CODES = frozenset({"CHRG", "COMM", "FEES"})
"""ISO bank transaction sub-families of what a bank takes for its service."""


@dataclass(frozen=True, slots=True)
class Expected:
    """One movement on an account that our own rows say there is, or will be."""

    id: str
    direction: str
    amount_minor: int
    currency: str
    reference: str
    group: str = ""
    """What one booking of several such movements is called: a file of orders, a remittance."""
    counterparty: str = ""
    """SHA-256 of the other side's account number; empty when we do not know it."""
    due: datetime | None = None
    """When it was done by all that we were told; None: it may still happen or not."""
    ended: bool = False
    """We were told that it will not happen; it is matched by nothing, and named as a candidate."""
    begins: date | None = None
    """Before that day nobody had ordered it, so that no booking can be it; None: unknown."""

    @property
    def money(self) -> tuple[str, int]:
        return self.currency, self.amount_minor


@dataclass(frozen=True, slots=True)
class Stated:
    """One transaction of a statement or a notification."""

    id: int
    direction: str
    amount_minor: int
    currency: str
    booked_on: date
    reference: str = ""
    group: str = ""
    look: str = ""
    """``look_of`` what it names, where that is no clean reference."""
    booking: str = ""
    """The bank's own id of the booking; one booking has one for ever."""
    counterparty: str = ""
    charges_minor: int = 0
    code: str = ""

    @property
    def money(self) -> tuple[str, int]:
        return self.currency, self.amount_minor

    @property
    def booking_key(self) -> tuple[str, str, int, str] | None:
        if not self.booking:
            return None
        return (self.booking, self.direction, self.amount_minor, self.currency)


@dataclass(frozen=True, slots=True)
class Match:
    stated: tuple[int, ...]
    expected: tuple[str, ...]
    status: MatchStatus
    why: Why


@dataclass(frozen=True, slots=True)
class Unmatched:
    """One item that no match holds; ``stated`` tells which side's it is."""

    item: int | str
    status: MatchStatus
    why: Why
    candidates: tuple[Candidate, ...] = ()

    @property
    def stated(self) -> bool:
        return isinstance(self.item, int)


@dataclass(frozen=True, slots=True)
class Known:
    """What earlier runs settled and this one must not forget."""

    settled: frozenset[tuple[str, str]] = frozenset()
    """(direction, reference) of expectations that are matched."""
    bookings: frozenset[tuple[str, str, int, str]] = frozenset()
    """Bookings that earlier statements told of."""


@dataclass(frozen=True, slots=True)
class Matching:
    matches: tuple[Match, ...]
    unmatched: tuple[Unmatched, ...]


def match_entries(
    expected: Sequence[Expected],
    stated: Sequence[Stated],
    known: Known | None = None,
    covered_until: datetime | None = None,
) -> Matching:
    """Every item of either side in one match or in ``unmatched``, the same for the same facts.

    ``covered_until``: how far statements cover the account, so that absence means something.
    """
    run = _Run(expected, stated, known or Known())
    run.charges()
    run.taken_back()
    run.bookings_again()
    run.by_reference()
    run.by_group()
    run.by_look()
    run.by_account()
    return Matching(tuple(run.matches), tuple(run.left_over(covered_until)))


@dataclass
class _Run:
    expected: Sequence[Expected]
    stated: Sequence[Stated]
    known: Known
    matches: list[Match] = field(default_factory=list)
    single: list[Unmatched] = field(default_factory=list)
    _open_s: dict[int, Stated] = field(default_factory=dict)
    _open_e: dict[str, Expected] = field(default_factory=dict)

    def __post_init__(self) -> None:
        told = with_plain_references(self.stated, self.expected, self.known.settled)
        ordered = sorted(told, key=lambda s: (s.booked_on, s.id))
        self._open_s = {s.id: s for s in ordered}
        self._open_e = {e.id: e for e in sorted(self.expected, key=lambda e: e.id) if not e.ended}

    def _match(
        self, stated: Iterable[Stated], expected: Iterable[Expected], status: MatchStatus, why: Why
    ) -> None:
        lines, ours = tuple(s.id for s in stated), tuple(e.id for e in expected)
        for line in lines:
            del self._open_s[line]
        for one in ours:
            del self._open_e[one]
        self.matches.append(Match(lines, ours, status, why))

    def _alone(self, line: Stated, status: MatchStatus, why: Why, about: Expected | None) -> None:
        del self._open_s[line.id]
        found = () if about is None else (Candidate(about.id, why.value),)
        self.single.append(Unmatched(line.id, status, why, found))

    def charges(self) -> None:
        for line in list(self._open_s.values()):
            if line.code in CHARGE_CODES and not line.reference and not line.look:
                self._match([line], [], MatchStatus.MATCHED, Why.BANK_CHARGE)

    def taken_back(self) -> None:
        """A credit that the bank undoes is no payment of ours, whatever it names."""
        credits = {e.reference: e for e in self.expected if e.direction == Direction.CREDIT}
        for line in list(self._open_s.values()):
            if line.code == REVERSED and line.direction == Direction.DEBIT:
                about = credits.get(line.reference)
                self._alone(line, MatchStatus.MISSING, Why.TAKEN_BACK, about)

    def bookings_again(self) -> None:
        seen = set(self.known.bookings)
        named = [(line, key) for line in self._open_s.values() if (key := line.booking_key)]
        for line, key in named:
            if key in seen:
                self._alone(line, MatchStatus.DUPLICATE, Why.SAME_BOOKING_AGAIN, None)
            seen.add(key)

    def by_reference(self) -> None:
        ours = {(e.direction, e.reference): e for e in self._open_e.values()}
        named: dict[tuple[str, str], list[Stated]] = defaultdict(list)
        for line in self._open_s.values():
            if line.reference:
                named[line.direction, line.reference].append(line)
        for key, lines in named.items():
            one = ours.get(key)
            if one is not None:
                self._judge(one, lines)
            elif key in self.known.settled:
                for line in lines:
                    self._alone(line, MatchStatus.DUPLICATE, Why.PAID_AGAIN, None)

    def _judge(self, one: Expected, lines: list[Stated]) -> None:
        """All that the bank states under one expectation's reference."""
        same = [line for line in lines if line.currency == one.currency]
        if not same:
            self._match(lines, [one], MatchStatus.WRONG_CURRENCY, Why.OTHER_CURRENCY)
            return
        for line in lines:
            if line.currency != one.currency:
                self._alone(line, MatchStatus.WRONG_CURRENCY, Why.OTHER_CURRENCY, one)
        exact = next((s for s in same if s.amount_minor == one.amount_minor), None)
        if exact is None:
            self._match(same, [one], *_compared([one], same))
            return
        if one.counterparty and exact.counterparty not in ("", one.counterparty):
            self._match([exact], [one], MatchStatus.WRONG_DATA, Why.OTHER_ACCOUNT)
        else:
            self._match([exact], [one], MatchStatus.MATCHED, Why.REFERENCE_AND_AMOUNT)
        for line in same:
            if line is not exact:
                self._alone(line, MatchStatus.DUPLICATE, Why.PAID_AGAIN, one)

    def by_group(self) -> None:
        ours: dict[tuple[str, str], list[Expected]] = defaultdict(list)
        for one in self._open_e.values():
            if one.group:
                ours[one.direction, one.group].append(one)
        named: dict[tuple[str, str], list[Stated]] = defaultdict(list)
        for line in self._open_s.values():
            for name in dict.fromkeys((line.group, line.reference)):
                if (line.direction, name) in ours:
                    named[line.direction, name].append(line)
                    break
        for key, lines in named.items():
            together = ours[key]
            if any(s.currency != e.currency for s in lines for e in together):
                self._match(lines, together, MatchStatus.WRONG_CURRENCY, Why.OTHER_CURRENCY)
            else:
                self._match(lines, together, *_compared(together, lines))

    def by_look(self) -> None:
        """A reference that was written in another way: a person confirms it."""
        ours = _unique((e.direction, look_of(e.reference), e) for e in self._open_e.values())
        lines = _unique(
            (s.direction, s.look or look_of(s.reference), s) for s in self._open_s.values()
        )
        for key, line in lines.items():
            one = ours.get(key)
            if one is not None and one.money == line.money:
                self._match([line], [one], MatchStatus.WRONG_DATA, Why.REFERENCE_LOOKS_ALIKE)

    def by_account(self) -> None:
        ours = _unique(
            (e.direction, (e.counterparty, e.currency, e.amount_minor), e)
            for e in self._open_e.values()
            if e.counterparty
        )
        lines = _unique(
            (s.direction, (s.counterparty, s.currency, s.amount_minor), s)
            for s in self._open_s.values()
            if s.counterparty and not s.reference and not s.look
        )
        for key, line in lines.items():
            one = ours.get(key)
            if one is not None and (one.begins is None or line.booked_on >= one.begins):
                self._match([line], [one], MatchStatus.MATCHED, Why.ACCOUNT_AND_AMOUNT)

    def left_over(self, covered_until: datetime | None) -> Iterable[Unmatched]:
        lines, ours = list(self._open_s.values()), list(self._open_e.values())
        of_lines, of_ours = candidates_for(lines, ours, [e for e in self.expected if e.ended])
        found = [
            Unmatched(s.id, MatchStatus.MISSING, Why.NOTHING_EXPECTED, of_lines.get(s.id, ()))
            for s in lines
        ]
        for one in ours:
            due = one.due is not None and covered_until is not None and one.due < covered_until
            status = MatchStatus.MISSING if due else MatchStatus.EXPECTED
            why = Why.NOT_STATED if due else Why.NOT_YET_DUE
            found.append(Unmatched(one.id, status, why, of_ours.get(one.id, ()) if due else ()))
        return [*self.single, *found]


def _compared(ours: Sequence[Expected], lines: Sequence[Stated]) -> tuple[MatchStatus, Why]:
    """Sums of one currency; neither side is empty."""
    due, came = sum(e.amount_minor for e in ours), sum(s.amount_minor for s in lines)
    if came > due:
        return MatchStatus.OVER, Why.MORE_THAN_EXPECTED
    if came < due:
        charged = sum(s.charges_minor for s in lines)
        why = Why.LESS_BY_CHARGES if came + charged == due else Why.LESS_THAN_EXPECTED
        return MatchStatus.UNDER, why
    if len(lines) > 1:
        return MatchStatus.SPLIT, Why.PARTS_ADD_UP
    many = len(ours) > 1
    return MatchStatus.MATCHED, Why.TOTAL_OF_BATCH if many else Why.REFERENCE_AND_AMOUNT


def _unique(items: Iterable[tuple[str, K, T]]) -> Mapping[tuple[str, K], T]:
    """Items by key, those left out that share one, and those whose key is empty."""
    found: dict[tuple[str, K], list[T]] = defaultdict(list)
    for direction, key, item in items:
        if key:
            found[direction, key].append(item)
    return {key: one for key, (one, *others) in found.items() if not others}


def compared_by_hand(
    ours: Sequence[Expected], lines: Sequence[Stated]
) -> tuple[MatchStatus, Why] | None:
    """What a person's match comes to; None where it cannot be one: directions that differ, or an
    empty side."""
    if not ours or not lines:
        return None
    if len({e.direction for e in ours} | {s.direction for s in lines}) != 1:
        return None
    if len({e.currency for e in ours} | {s.currency for s in lines}) != 1:
        return MatchStatus.WRONG_CURRENCY, Why.OTHER_CURRENCY
    status, why = _compared(ours, lines)
    return status, Why.BY_HAND if status in SETTLED else why
