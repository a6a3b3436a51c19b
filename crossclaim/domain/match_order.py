"""What a person orders of the matching, and what of it can be done. Pure.

A person may match what the engine left open, take such a match back, or explain why something
stays open. None of these moves money.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from crossclaim.domain.allocation import Fault, Frozen
from crossclaim.domain.bank_sentences import bank_sentence
from crossclaim.domain.matching import (
    SETTLED,
    Expected,
    MatchStatus,
    Stated,
    Why,
    compared_by_hand,
)
from crossclaim.domain.submission import Code, Text, Wire

MOST_ITEMS = 500

EntryIds = Annotated[list[int], Field(max_length=MOST_ITEMS)]
ExpectedIds = Annotated[list[Text], Field(max_length=MOST_ITEMS)]


class OrderKind(StrEnum):
    MATCH = "match"
    EXPLAIN = "explain"
    UNDO = "undo"
    REMITTANCE = "remittance"
    MATCH_ITEMS = "match_items"
    EXPLAIN_ITEMS = "explain_items"
    UNDO_ITEMS = "undo_items"


class MatchOrder(Wire):
    """These entries of the bank are these movements of ours. ``by``: the member of staff."""

    entries: EntryIds
    expected: ExpectedIds
    reason: Text
    by: Code


class ExplanationOrder(Wire):
    """Why these stay as they are: each is named with all that it is matched with.

    An explained exception about a statement no longer keeps days open.
    """

    entries: EntryIds = []
    expected: ExpectedIds = []
    exceptions: EntryIds = []
    reason: Text
    by: Code


class UndoOrder(Wire):
    """Takes a match or an explanation back; ``match`` is its number."""

    match: int
    reason: Text
    by: Code


SHAPES: dict[OrderKind, type[Wire]] = {
    OrderKind.MATCH: MatchOrder,
    OrderKind.EXPLAIN: ExplanationOrder,
    OrderKind.UNDO: UndoOrder,
}


class Item(Frozen):
    """One entry or expectation as its row has it."""

    id: int | str
    account: str
    direction: str
    amount_minor: int
    currency: str
    charges_minor: int = 0
    status: str | None
    why: str = ""
    match_id: int | None = None
    by_hand: int | None = None
    explained: bool = False
    ended: bool = False
    candidates: list[dict[str, object]] = []

    @property
    def stated(self) -> bool:
        return isinstance(self.id, int)


def fault(code: str, pointer: str = "", **values: object) -> Fault:
    return Fault(code=code, pointer=pointer, text=bank_sentence(code, **values))


def faults_of_items(
    order: MatchOrder | ExplanationOrder, items: Sequence[Item], mates: Sequence[int | str]
) -> list[Fault]:
    """``mates``: all that stands in a match with one of the items, the items among them."""
    named: list[int | str] = [*order.entries, *order.expected]
    known = {item.id: item for item in items}
    found = [fault("MATCH_ITEM_UNKNOWN", _pointer(order, one)) for one in named if one not in known]
    found += [fault("MATCH_ITEM_TWICE", _pointer(order, one)) for one in _twice(named)]
    if not named:
        found.append(fault("MATCH_ONE_SIDE"))
    for item in items:
        settled = item.status in {s.value for s in SETTLED}
        matched = isinstance(order, MatchOrder) and item.by_hand is not None
        if settled or matched or item.explained:
            found.append(fault("MATCH_ALREADY_DONE", _pointer(order, item.id)))
    left_out = sorted(str(mate) for mate in set(mates) - set(named))
    if left_out:
        found.append(fault("MATCH_GROUP_SPLIT", others=", ".join(left_out[:10])))
    if len({item.account for item in items}) > 1:
        found.append(fault("MATCH_TWO_ACCOUNTS"))
    return found


def judged(order: MatchOrder, items: Sequence[Item]) -> tuple[MatchStatus, Why] | Fault:
    """What the match comes to, of items without fault."""
    lines = [_stated(item) for item in items if item.stated]
    ours = [_expected(item) for item in items if not item.stated]
    found = compared_by_hand(ours, lines)
    if found is None:
        one_side = not lines or not ours
        return fault("MATCH_ONE_SIDE" if one_side else "MATCH_TWO_DIRECTIONS")
    return found


def _stated(item: Item) -> Stated:
    assert isinstance(item.id, int), "the caller looked"
    return Stated(
        item.id,
        item.direction,
        item.amount_minor,
        item.currency,
        date.min,
        charges_minor=item.charges_minor,
    )


def _expected(item: Item) -> Expected:
    return Expected(str(item.id), item.direction, item.amount_minor, item.currency, "")


def _pointer(order: MatchOrder | ExplanationOrder, item: int | str) -> str:
    if isinstance(item, int):
        return f"/entries/{order.entries.index(item)}"
    return f"/expected/{order.expected.index(item)}"


def _twice(named: Sequence[int | str]) -> list[int | str]:
    return sorted({one for one in named if named.count(one) > 1}, key=str)
