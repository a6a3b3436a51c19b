"""Orders of people about items of other sources; ``SqlMatchOrders`` keeps, applies and audits."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from crossclaim.domain.item_order import (
    ItemExplanationOrder,
    ItemMatchOrder,
    ItemUndoOrder,
    OpenItem,
    faults_of_items,
)
from crossclaim.domain.match_order import fault
from crossclaim.store.connection import Connection
from crossclaim.store.match_outcome import refused
from crossclaim.store.source_tables import renew_days

_ITEMS = """
select id, source, side, amount_minor, currency,
       by_hand is null and status not in ('matched', 'split', 'expected') as open
from source_item where organisation_id = %(organisation)s and stands
  and id = any(cast(%(ids)s as numeric[])) order by id for update
"""
_MADE = """
insert into source_match (organisation_id, order_id, kind, items, made_by, reason, made_at)
values (%(organisation)s, %(order)s, %(kind)s, cast(%(ids)s as bigint[]), %(by)s, %(reason)s,
    %(at)s)
returning id
"""
_FOUND = """
select items, undone_at from source_match
where organisation_id = %(organisation)s and id = cast(%(id)s as numeric) for update
"""
_UNDONE = """
update source_match set undone_at = %(at)s, undone_by = %(by)s, undone_reason = %(reason)s
where id = %(id)s
"""


class ItemOrders:
    """Of one organisation, within the transaction of its order."""

    def __init__(
        self, connection: Connection, order_id: str, organisation: str, at: datetime
    ) -> None:
        self._connection = connection
        self._about = {"organisation": organisation, "order": order_id, "at": at}
        self._organisation = organisation
        self._at = at

    def settle(self, order: ItemMatchOrder | ItemExplanationOrder) -> dict[str, Any]:
        rows = self._connection.execute(_ITEMS, {**self._about, "ids": order.items}).mappings()
        faults = faults_of_items(order, [OpenItem.model_validate(dict(row)) for row in rows])
        if faults:
            return refused(faults)
        kind = "match" if isinstance(order, ItemMatchOrder) else "explain"
        said = {"kind": kind, "ids": order.items, "by": order.by, "reason": order.reason}
        number: int = self._connection.execute(_MADE, {**self._about, **said}).scalar_one()
        self._mark(order.items, number)
        status = "matched" if kind == "match" else "explained"
        return self._done({"match": number, "items": order.items, "status": status})

    def undo(self, order: ItemUndoOrder) -> dict[str, Any]:
        found = self._connection.execute(_FOUND, {**self._about, "id": order.match}).one_or_none()
        if found is None:
            return refused([fault("MATCH_UNKNOWN", "/match")])
        if found.undone_at is not None:
            return refused([fault("MATCH_UNDONE", "/match")])
        said = {"id": order.match, "by": order.by, "reason": order.reason, "at": self._at}
        self._connection.execute(_UNDONE, said)
        self._connection.execute(
            "update source_item set by_hand = null where by_hand = %(id)s", {"id": order.match}
        )
        return self._done({"match": order.match, "items": found.items, "status": "undone"})

    def _mark(self, items: Sequence[int], number: int) -> None:
        self._connection.execute(
            "update source_item set by_hand = %(number)s where id = any(cast(%(ids)s as bigint[]))",
            {"ids": items, "number": number},
        )

    def _done(self, body: dict[str, Any]) -> dict[str, Any]:
        days = renew_days(self._connection, self._organisation, self._at)
        return {"status": 201, "body": {**body, "days": days}}
