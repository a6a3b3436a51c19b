"""What a person orders of items of other sources: a match, an explanation, an undo. Pure.

None of these moves money.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from pydantic import Field

from crossclaim.domain.allocation import Fault, Frozen
from crossclaim.domain.match_order import MOST_ITEMS, fault
from crossclaim.domain.submission import Code, Text, Wire

ItemIds = Annotated[list[int], Field(min_length=1, max_length=MOST_ITEMS)]


class ItemMatchOrder(Wire):
    """These items of theirs are these of ours; both sides come to the same money."""

    items: ItemIds
    reason: Text
    by: Code


class ItemExplanationOrder(Wire):
    """Why these stay as they are; they keep no day open any more."""

    items: ItemIds
    reason: Text
    by: Code


class ItemUndoOrder(Wire):
    """Takes a match or an explanation of items back; ``match`` is its number."""

    match: int
    reason: Text
    by: Code


ITEM_SHAPES: dict[str, type[Wire]] = {
    "match_items": ItemMatchOrder,
    "explain_items": ItemExplanationOrder,
    "undo_items": ItemUndoOrder,
}


class OpenItem(Frozen):
    """What of an item decides about an order."""

    id: int
    source: str
    side: str
    amount_minor: int
    currency: str
    open: bool


def faults_of_items(
    order: ItemMatchOrder | ItemExplanationOrder, items: Sequence[OpenItem]
) -> list[Fault]:
    known = {item.id: item for item in items}
    found = []
    for place, one in enumerate(order.items):
        if one not in known:
            found.append(fault("MATCH_ITEM_UNKNOWN", f"/items/{place}"))
        elif one in order.items[:place]:
            found.append(fault("MATCH_ITEM_TWICE", f"/items/{place}"))
        elif not known[one].open:
            found.append(fault("MATCH_ALREADY_DONE", f"/items/{place}"))
    if isinstance(order, ItemMatchOrder) and not found:
        found += _unequal(items)
    return found


def _unequal(items: Sequence[OpenItem]) -> list[Fault]:
    ours = [item for item in items if item.side == "ours"]
    theirs = [item for item in items if item.side == "theirs"]
    if not ours or not theirs:
        return [fault("MATCH_ONE_SIDE")]
    if len({item.source for item in items}) > 1:
        return [fault("MATCH_TWO_SOURCES")]
    if len({item.currency for item in items}) > 1:
        return [fault("MATCH_UNEQUAL")]
    if sum(i.amount_minor for i in ours) != sum(i.amount_minor for i in theirs):
        return [fault("MATCH_UNEQUAL")]
    return []
