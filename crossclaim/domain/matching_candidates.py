"""What an item that matched nothing may belong to, each candidate with the reason for it. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from crossclaim.domain.matching import Expected, Stated

MOST = 5
"""A person looks at so many; more are no help."""


class Because(StrEnum):
    """Why something is a candidate; each has a sentence."""

    SAME_AMOUNT_AND_ACCOUNT = "SAME_AMOUNT_AND_ACCOUNT"
    SAME_AMOUNT = "SAME_AMOUNT"
    SAME_REFERENCE_OTHER_AMOUNT = "SAME_REFERENCE_OTHER_AMOUNT"
    SUM_OF_ACCOUNT = "SUM_OF_ACCOUNT"
    CLOSED_REFERENCE = "CLOSED_REFERENCE"
    OTHER_DIRECTION = "OTHER_DIRECTION"


@dataclass(frozen=True, slots=True)
class Candidate:
    item: int | str
    because: str


Found = Mapping[int | str, tuple[Candidate, ...]]


def candidates_for(
    lines: Sequence[Stated], ours: Sequence[Expected], ended: Sequence[Expected]
) -> tuple[Found, Found]:
    """Candidates of each of the bank's items, and of each of ours, best first."""
    by_money: dict[tuple[str, str, int], list[Expected]] = defaultdict(list)
    by_account: dict[tuple[str, str, str], list[Expected]] = defaultdict(list)
    by_reference: dict[str, list[Expected]] = defaultdict(list)
    for one in ours:
        by_money[one.direction, one.currency, one.amount_minor].append(one)
        by_reference[one.reference].append(one)
        if one.counterparty:
            by_account[one.direction, one.currency, one.counterparty].append(one)
    closed: dict[str, list[Expected]] = defaultdict(list)
    for one in ended:
        closed[one.reference].append(one)
    of_lines: dict[int | str, tuple[Candidate, ...]] = {}
    of_ours: dict[int | str, list[Candidate]] = defaultdict(list)
    for line in lines:
        whole = by_account.get((line.direction, line.currency, line.counterparty), [])
        money = by_money.get((line.direction, line.currency, line.amount_minor), [])
        found = [
            *((e, Because.CLOSED_REFERENCE) for e in closed.get(line.reference, [])),
            *_named(line, by_reference),
            *_of_money(line, money),
            *_of_sum(line, whole),
        ][:MOST]
        if not found:
            continue
        of_lines[line.id] = tuple(Candidate(e.id, because.value) for e, because in found)
        for e, because in found:
            if len(of_ours[e.id]) < MOST:
                of_ours[e.id].append(Candidate(line.id, because.value))
    return of_lines, {item: tuple(found) for item, found in of_ours.items()}


def _named(
    line: Stated, by_reference: Mapping[str, list[Expected]]
) -> Iterable[tuple[Expected, Because]]:
    if not line.reference:
        return
    for one in by_reference.get(line.reference, []):
        other = one.direction != line.direction
        yield one, Because.OTHER_DIRECTION if other else Because.SAME_REFERENCE_OTHER_AMOUNT


def _of_money(line: Stated, money: Sequence[Expected]) -> Iterable[tuple[Expected, Because]]:
    """The first few of an amount, those of the same account before the others."""
    few = money[: MOST * 4]
    same = [e for e in few if line.counterparty and e.counterparty == line.counterparty]
    yield from ((e, Because.SAME_AMOUNT_AND_ACCOUNT) for e in same)
    yield from ((e, Because.SAME_AMOUNT) for e in few if e not in same)


def _of_sum(line: Stated, whole: Sequence[Expected]) -> Iterable[tuple[Expected, Because]]:
    """All that is open with one account, where it comes to exactly this amount."""
    if not 1 < len(whole) <= MOST or not line.counterparty:
        return
    if sum(e.amount_minor for e in whole) == line.amount_minor:
        yield from ((e, Because.SUM_OF_ACCOUNT) for e in whole)
