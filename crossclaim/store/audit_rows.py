"""Rows of the audit in its three tables, each as the chain covers it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from crossclaim.domain.audit_chain import Recorded
from crossclaim.store.connection import Connection

# Whole microseconds, so that a row reads the same whatever the session's time zone is.
_US = "(extract(epoch from {} at time zone 'UTC') * 1000000)::bigint"
_SELECT = {
    "audit": (
        f"select a.id::text, {_US.format('a.recorded_at')} as at_us,"
        " a.organisation_id as organisation, a.key_id, a.operation, a.object as about,"
        " a.outcome, a.purpose, a.fields from audit a"
    ),
    "record_access": (
        f"select a.id::text, {_US.format('a.recorded_at')} as at_us,"
        " a.organisation_id as organisation, a.key_id, 'record_access' as operation,"
        " a.episode_id as about, a.what as outcome,"
        " '' as purpose, array[a.request_id, a.staff] || a.consents::text[] as fields"
        " from record_access a"
    ),
    "submission": (
        f"select a.id, {_US.format('a.received_at')} as at_us,"
        " a.organisation_id as organisation, a.key_id, a.kind as operation,"
        " a.episode_id as about, 'received' as outcome,"
        " '' as purpose, array[encode(a.content_sha256, 'hex')] as fields from submission a"
    ),
}
_WHEN = {"audit": "recorded_at", "record_access": "recorded_at", "submission": "received_at"}
_IDS = {"audit": "bigint", "record_access": "bigint", "submission": "text"}
SOURCES = tuple(_SELECT)


def unlinked(
    connection: Connection, horizon: object, limit: int, *, older: bool = False
) -> list[Recorded]:
    """The first rows, by time, that stand in no block; ``older``: those from before the horizon."""
    found: list[Recorded] = []
    for source in SOURCES:
        when, sign = _WHEN[source], "<" if older else ">="
        rows = connection.execute(
            f"{_SELECT[source]} where a.{when} {sign} cast(%(horizon)s as timestamptz) and not"
            " exists (select 1 from audit_link l where l.source = %(source)s"
            f" and l.row_id = a.id::text) order by a.{when}, a.id limit %(limit)s",
            {"horizon": horizon, "source": source, "limit": limit},
        )
        found += _recorded(source, rows.mappings())
    return sorted(found, key=lambda row: (row.at_us, row.source, row.id))[:limit]


def named(
    connection: Connection, names: Iterable[tuple[str, str]]
) -> dict[tuple[str, str], Recorded]:
    """The rows of these names that are there."""
    wanted: dict[str, list[str]] = {source: [] for source in SOURCES}
    for source, row_id in names:
        wanted[source].append(row_id)
    found: dict[tuple[str, str], Recorded] = {}
    for source, ids in wanted.items():
        if not ids:
            continue
        rows = connection.execute(
            f"{_SELECT[source]} where a.id = any(cast(%(ids)s as {_IDS[source]}[]))", {"ids": ids}
        )
        found |= {row.name: row for row in _recorded(source, rows.mappings())}
    return found


def _recorded(source: str, rows: Sequence[dict[str, Any]]) -> list[Recorded]:
    return [Recorded(source=source, **row) for row in rows]
