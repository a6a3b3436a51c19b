"""Orders of people to the matching: each is applied once, under the account's lock, and audited."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from psycopg import DataError, IntegrityError

from crossclaim.domain.allocation import Fault
from crossclaim.domain.bank_account import AccountKey
from crossclaim.domain.item_order import ItemExplanationOrder, ItemMatchOrder, ItemUndoOrder
from crossclaim.domain.match_order import (
    ExplanationOrder,
    Item,
    MatchOrder,
    OrderKind,
    UndoOrder,
    fault,
    faults_of_items,
    judged,
)
from crossclaim.domain.remittance import RemittanceOrder
from crossclaim.store.bank_days import keep_days
from crossclaim.store.connection import Connection
from crossclaim.store.explained_exceptions import (
    explain_exceptions,
    open_exceptions,
    reopen_exceptions,
)
from crossclaim.store.match_outcome import refused
from crossclaim.store.matching_tables import lock_account
from crossclaim.store.remittance_tables import apply_remittance
from crossclaim.store.session import Database
from crossclaim.store.source_orders import ItemOrders

_ENTRY = """
select e.id, e.bank, e.account_sha256, e.direction, e.amount_minor, e.currency, e.charges_minor,
       e.status, e.why, e.match_id, e.by_hand, e.candidates,
       e.explained_at is not null as explained
from bank_entry e join account_statement s on s.id = e.statement_id
where e.organisation_id = %(organisation)s and e.source = 'statement' and s.state = 'taken'
  and {chosen}
"""
_EXPECTED = """
select e.id, e.bank, e.account_sha256, e.direction, e.amount_minor, e.currency, e.status, e.why,
       e.match_id, e.by_hand, e.candidates, e.explained_at is not null as explained, e.ended
from expected_movement e where e.organisation_id = %(organisation)s and {chosen}
"""
_SET = """
update {table} set status = %(status)s, why = %(why)s, match_id = %(match)s, by_hand = %(hand)s,
    candidates = '[]' where id = any(%(ids)s)
"""
_EXPLAIN = """
update {table} set explained_at = %(at)s, explained_by = %(by)s, explanation = %(reason)s,
    by_hand = %(hand)s where id = any(%(ids)s)
"""
_RESTORE = """
update {table} set status = %(status)s, why = %(why)s, match_id = %(match_id)s,
    by_hand = %(by_hand)s, candidates = %(candidates)s,
    explained_at = null, explained_by = '', explanation = ''
where id = %(id)s
"""
_MATCH = """
insert into bank_match (bank, account_sha256, organisation_id, order_id, entries, expected, status,
    why, made_by, reason, before, made_at)
values (%(bank)s, %(account)s, %(organisation)s, %(order)s, cast(%(entries)s as bigint[]),
    cast(%(expected)s as text[]), %(status)s, %(why)s, %(by)s, %(reason)s, %(before)s, %(at)s)
returning id
"""
_TABLES = {True: "bank_entry", False: "expected_movement"}
EXPLAINED = "explained"


class SqlMatchOrders:
    """Implements ``activities.bank_books.MatchOrders`` as the worker's role."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def open_orders(self) -> list[str]:
        """Orders that nothing has applied yet: the engine was down when they came."""
        with self._database.begin() as connection:
            rows = connection.execute(
                "select id from reconciliation_order where outcome is null"
                " and received_at < now() - interval '20 seconds' order by received_at limit 100"
            )
            return [str(row[0]) for row in rows.all()]

    def owner_of(self, content: dict[str, Any]) -> str | None:
        """Whose account the first item that an order names is of."""
        with self._database.begin() as connection:
            found: str | None = connection.execute(
                "select organisation_id from bank_entry where id = any(cast(%(e)s as bigint[]))"
                " union all select organisation_id from expected_movement"
                " where id = any(cast(%(x)s as text[]))"
                " union all select organisation_id from bank_match where id = %(match)s"
                " union all select organisation_id from statement_exception"
                " where id = any(cast(%(s)s as bigint[]))"
                " union all select organisation_id from source_item"
                " where id = any(cast(%(i)s as bigint[]))"
                " union all select organisation_id from source_match where id = %(made)s limit 1",
                {
                    "e": content.get("entries", []),
                    "x": content.get("expected", []),
                    "match": content.get("match"),
                    "s": content.get("exceptions", []),
                    "i": content.get("items", []),
                    "made": content.get("item_match"),
                },
            ).scalar_one_or_none()
            return found

    def add_order(
        self, order_id: str, organisation: str, key_id: str, kind: str, content: str
    ) -> None:
        with self._database.begin() as connection:
            connection.execute(
                "insert into reconciliation_order (id, organisation_id, key_id, kind, content)"
                " values (%(id)s, %(organisation)s, %(key)s, %(kind)s, %(content)s)",
                {
                    "id": order_id,
                    "organisation": organisation,
                    "key": key_id,
                    "kind": kind,
                    "content": content,
                },
            )

    def apply_order(self, order_id: str, at: datetime) -> dict[str, Any]:
        """The order's outcome; a second time, what the first came to."""
        try:
            return self._settled(order_id, at)
        except (DataError, IntegrityError):
            # No retry makes it right, and orders and files behind it must not wait for it.
            return self._settled(order_id, at, refused([fault("MATCH_NOT_KEPT")]))

    def _settled(
        self, order_id: str, at: datetime, outcome: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        with self._database.begin() as connection:
            row = connection.execute(
                "select organisation_id, key_id, kind, content, outcome from reconciliation_order"
                " where id = %(id)s for update",
                {"id": order_id},
            ).one()
            if row.outcome is not None:
                return dict(row.outcome)
            work = _Applying(connection, order_id, row.organisation_id, at)
            if outcome is None:
                outcome = work.apply(OrderKind(row.kind), json.dumps(row.content))
            connection.execute(
                "update reconciliation_order set outcome = %(outcome)s, outcome_at = %(at)s"
                " where id = %(id)s",
                {"outcome": json.dumps(outcome), "at": at, "id": order_id},
            )
            work.audit(row.key_id, row.kind, outcome)
            return outcome


class _Applying:
    def __init__(
        self, connection: Connection, order_id: str, organisation: str, at: datetime
    ) -> None:
        self._connection = connection
        self._order_id = order_id
        self._organisation = organisation
        self._at = at

    def apply(self, kind: OrderKind, content: str) -> dict[str, Any]:
        match kind:
            case OrderKind.MATCH:
                return self._match(MatchOrder.model_validate_json(content))
            case OrderKind.EXPLAIN:
                return self._explain(ExplanationOrder.model_validate_json(content))
            case OrderKind.UNDO:
                return self._undo(UndoOrder.model_validate_json(content))
            case OrderKind.REMITTANCE:
                told = RemittanceOrder.model_validate_json(content)
                return apply_remittance(
                    self._connection, self._organisation, self._order_id, told, self._at
                )
        return self._items(kind, content)

    def _items(self, kind: OrderKind, content: str) -> dict[str, Any]:
        """Of sources that are no bank."""
        work = ItemOrders(self._connection, self._order_id, self._organisation, self._at)
        if kind is OrderKind.UNDO_ITEMS:
            return work.undo(ItemUndoOrder.model_validate_json(content))
        if kind is OrderKind.MATCH_ITEMS:
            return work.settle(ItemMatchOrder.model_validate_json(content))
        return work.settle(ItemExplanationOrder.model_validate_json(content))

    def audit(self, key_id: str, kind: str, outcome: dict[str, Any]) -> None:
        self._connection.execute(
            "insert into audit (organisation_id, key_id, operation, object, outcome) values"
            " (%(organisation)s, %(key)s, %(operation)s, %(object)s, %(outcome)s)",
            {
                "organisation": self._organisation,
                "key": key_id,
                "operation": f"{kind}_bank_entries",
                "object": str(outcome["body"].get("match") or self._order_id),
                "outcome": str(outcome["status"]),
            },
        )

    def _match(self, order: MatchOrder) -> dict[str, Any]:
        rows, faults = self._named(order)
        if faults:
            return refused(faults)
        found = judged(order, [_item(row) for row in rows])
        if isinstance(found, Fault):
            return refused([found])
        status, why = found
        number = self._keep(order, rows, status.value, why.value)
        first = min(order.entries)
        for stated in (True, False):
            self._connection.execute(
                _SET.format(table=_TABLES[stated]),
                {
                    "status": status.value,
                    "why": why.value,
                    "match": first,
                    "hand": number,
                    "ids": order.entries if stated else order.expected,
                },
            )
        return self._done(rows, {"match": number, "status": status.value, "why": why.value})

    def _explain(self, order: ExplanationOrder) -> dict[str, Any]:
        told, faults = open_exceptions(self._connection, self._organisation, order)
        alone = bool(order.exceptions) and not order.entries and not order.expected
        rows, more = ([], []) if alone else self._named(order)
        if faults + more:
            return refused(faults + more)
        explain_exceptions(self._connection, order, self._at)
        number = self._keep(order, rows or told, EXPLAINED, "BY_HAND")
        if alone:
            body = {"match": number, "exceptions": order.exceptions, "status": EXPLAINED}
            return self._done(told, body)
        about = {"at": self._at, "by": order.by, "reason": order.reason, "hand": number}
        for stated in (True, False):
            ids: Sequence[int | str] = order.entries if stated else order.expected
            if ids:
                statement = _EXPLAIN.format(table=_TABLES[stated])
                self._connection.execute(statement, {**about, "ids": ids})
        return self._done(rows, {"match": number, "status": EXPLAINED})

    def _undo(self, order: UndoOrder) -> dict[str, Any]:
        about = {"id": order.match, "organisation": self._organisation}
        select = (
            "select bank, account_sha256, entries, expected, before, undone_at from bank_match"
            " where id = %(id)s and organisation_id = %(organisation)s"
        )
        row = self._connection.execute(select, about).one_or_none()
        if row is None:
            return refused([fault("MATCH_UNKNOWN", "/match")])
        lock_account(self._connection, row.bank, row.account_sha256)
        row = self._connection.execute(f"{select} for update", about).one()
        if row.undone_at is not None:
            return refused([fault("MATCH_UNDONE", "/match")])
        if self._explained_since(order.match, row):
            return refused([fault("MATCH_EXPLAINED", "/match")])
        reopen_exceptions(
            self._connection, [i["exception"] for i in row.before if "exception" in i]
        )
        for item in row.before:
            if "exception" in item:
                continue
            statement = _RESTORE.format(table=_TABLES[isinstance(item["id"], int)])
            values = {**item, "candidates": json.dumps(item["candidates"])}
            self._connection.execute(statement, values)
        self._connection.execute(
            "update bank_match set undone_at = %(at)s, undone_by = %(by)s,"
            " undone_reason = %(reason)s where id = %(id)s",
            {"at": self._at, "by": order.by, "reason": order.reason, "id": order.match},
        )
        account = {"bank": row.bank, "account_sha256": row.account_sha256}
        return self._done([account], {"match": order.match, "status": "undone"})

    def _explained_since(self, number: int, row: Any) -> bool:
        """What is left of a match was explained: that is taken back first."""
        found = self._connection.execute(
            "select 1 from bank_entry where id = any(%(entries)s) and by_hand <> %(number)s"
            " union all select 1 from expected_movement"
            " where id = any(%(expected)s) and by_hand <> %(number)s limit 1",
            {"entries": row.entries, "expected": row.expected, "number": number},
        )
        return found.one_or_none() is not None

    def _named(
        self, order: MatchOrder | ExplanationOrder
    ) -> tuple[list[dict[str, Any]], list[Fault]]:
        """Rows of what the order names, under the lock of their account, and what is wrong."""
        for row in self._rows(order)[:1]:
            lock_account(self._connection, row["bank"], row["account_sha256"])
        rows = self._rows(order)
        matches = sorted({row["match_id"] for row in rows if row["match_id"] is not None})
        mates = [
            row["id"]
            for select in (_ENTRY, _EXPECTED)
            for row in self._chosen(select, "e.match_id = any(%(ids)s)", matches)
        ]
        return rows, faults_of_items(order, [_item(row) for row in rows], mates)

    def _rows(self, order: MatchOrder | ExplanationOrder) -> list[dict[str, Any]]:
        chosen = "e.id = any(%(ids)s)"
        return [
            *self._chosen(_ENTRY, chosen, order.entries),
            *self._chosen(_EXPECTED, chosen, order.expected),
        ]

    def _chosen(self, select: str, chosen: str, ids: Sequence[int | str]) -> list[dict[str, Any]]:
        if not ids:
            return []
        values = {"organisation": self._organisation, "ids": list(ids)}
        return self._connection.execute(select.format(chosen=chosen), values).mappings()

    def _keep(
        self,
        order: MatchOrder | ExplanationOrder,
        rows: Sequence[dict[str, Any]],
        status: str,
        why: str,
    ) -> int:
        kept = ("id", "status", "why", "match_id", "by_hand", "candidates")
        before = [{name: row[name] for name in kept} for row in rows if "status" in row]
        explained = order.exceptions if isinstance(order, ExplanationOrder) else []
        number: int = self._connection.execute(
            _MATCH,
            {
                "bank": rows[0]["bank"],
                "account": rows[0]["account_sha256"],
                "organisation": self._organisation,
                "order": self._order_id,
                "entries": order.entries,
                "expected": order.expected,
                "status": status,
                "why": why,
                "by": order.by,
                "reason": order.reason,
                "before": json.dumps([*before, *({"exception": one} for one in explained)]),
                "at": self._at,
            },
        ).scalar_one()
        return number

    def _done(self, rows: Sequence[dict[str, Any]], body: dict[str, Any]) -> dict[str, Any]:
        """The account's days as they stand now, and the answer."""
        key = AccountKey(
            bank=rows[0]["bank"],
            account=rows[0]["account_sha256"],
            organisation=self._organisation,
        )
        changes = keep_days(self._connection, key, [], self._at)
        days = [change.model_dump(mode="json") for change in changes]
        return {"status": 201, "body": {**body, "days": days}}


def _item(row: dict[str, Any]) -> Item:
    members = set(Item.model_fields) - {"account"}
    known = {name: value for name, value in row.items() if name in members}
    return Item(account=f"{row['bank']}:{row['account_sha256']}", **known)
