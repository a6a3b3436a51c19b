"""Exceptions about statements that a person explained: they keep no day open any more."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from crossclaim.domain.allocation import Fault
from crossclaim.domain.match_order import ExplanationOrder, fault
from crossclaim.store.connection import Connection
from crossclaim.store.statement_exceptions import EXPLAINED


def open_exceptions(
    connection: Connection, organisation: str, order: ExplanationOrder
) -> tuple[list[dict[str, Any]], list[Fault]]:
    """The organisation's own that are open, and a fault for each other id."""
    if not order.exceptions:
        return [], []
    rows = connection.execute(
        "select id, bank, account_sha256 from statement_exception where resolved_at is null"
        " and organisation_id = %(organisation)s and id = any(cast(%(ids)s as numeric[]))"
        " order by id for update",
        {"organisation": organisation, "ids": order.exceptions},
    ).mappings()
    known = {row["id"] for row in rows}
    faults = [
        fault("MATCH_ITEM_UNKNOWN", f"/exceptions/{place}")
        for place, one in enumerate(order.exceptions)
        if one not in known
    ]
    if len({(row["bank"], row["account_sha256"]) for row in rows}) > 1:
        faults.append(fault("MATCH_TWO_ACCOUNTS", "/exceptions"))
    return rows, faults


def explain_exceptions(connection: Connection, order: ExplanationOrder, at: datetime) -> None:
    connection.execute(
        "update statement_exception set resolved_at = %(at)s, resolution = %(how)s,"
        " details = details || %(told)s where id = any(cast(%(ids)s as bigint[]))",
        {
            "at": at,
            "how": EXPLAINED,
            "told": json.dumps({"explained_by": order.by, "explanation": order.reason}),
            "ids": order.exceptions,
        },
    )


def reopen_exceptions(connection: Connection, ids: Sequence[int]) -> None:
    """An explanation was taken back: a person has to look at them again."""
    if ids:
        connection.execute(
            "update statement_exception set resolved_at = null, resolution = '',"
            " details = details - 'explained_by' - 'explanation'"
            " where id = any(cast(%(ids)s as bigint[])) and resolution = %(how)s",
            {"ids": ids, "how": EXPLAINED},
        )
