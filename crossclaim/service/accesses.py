"""Who looked at an episode, changed it or was refused: for its patient, told by his hospital."""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import Any

from crossclaim.domain.access_words import access_words
from crossclaim.domain.errors import NotFound
from crossclaim.domain.stay import REGION_ZONE
from crossclaim.security.roles import Principal
from crossclaim.service.reads import opened_cursor, sealed_cursor
from crossclaim.store.record_reads import is_visible
from crossclaim.store.session import Database

_ACCESSES = """
select x.at, x.organisation, x.key, x.operation, x.outcome, x.purpose, x.fields, x.what, x.place
from (
    select a.recorded_at as at, a.organisation_id as organisation, a.key_id as key, a.operation,
           a.outcome, a.purpose, a.fields, 'request' as what, 'a' || a.id as place
    from audit a where a.object = %(id)s
       or a.object in (select c.id from claim c where c.episode_id = %(id)s)
    union all
    select r.recorded_at, r.organisation_id, r.key_id, 'record_access', r.what, '',
           array[r.request_id], 'record', 'r' || r.id
    from record_access r where r.episode_id = %(id)s
    union all
    select s.received_at, s.organisation_id, s.key_id, s.kind, 'received', '', array[]::text[],
           'submission', 's' || s.id from submission s where s.episode_id = %(id)s
) x
where cast(%(at)s as timestamptz) is null
   or (x.at, x.place) < (cast(%(at)s as timestamptz), %(place)s)
order by x.at desc, x.place desc limit %(limit)s
"""


class StoredAccesses:
    """Implements ``crossclaim.api.privacy_ports.Accesses`` under row-level security.

    A hospital sees who asked through the API whatever his house, and of submissions its own.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    async def accesses(
        self,
        principal: Principal,
        episode_id: str,
        language: str,
        limit: int,
        cursor: str | None,
    ) -> dict[str, Any]:
        work = (principal, episode_id, language, limit, cursor)
        return await asyncio.to_thread(self._accesses, *work)

    def _accesses(
        self,
        principal: Principal,
        episode_id: str,
        language: str,
        limit: int,
        cursor: str | None,
    ) -> dict[str, Any]:
        at, place = _opened(cursor)
        asked = {"id": episode_id, "limit": limit + 1, "at": at, "place": place}
        with self._database.begin(principal.organisation) as connection:
            if not is_visible(connection, episode_id):
                raise NotFound("there is no such episode")
            rows = connection.execute(_ACCESSES, asked).mappings()
        last = rows[limit - 1] if len(rows) > limit else None
        return {
            "episode_id": episode_id,
            "accesses": [_told(row, language) for row in rows[:limit]],
            "next": None if last is None else _sealed(last),
        }


def _sealed(row: dict[str, Any]) -> str:
    return sealed_cursor(f"{row['at'].isoformat()} {row['place']}")


def _opened(cursor: str | None) -> tuple[str | None, str]:
    """The place behind which a page begins; none of ours begins anew."""
    at, _, place = (opened_cursor(cursor) or "").partition(" ")
    try:
        known = datetime.fromisoformat(at)
    except ValueError:
        return None, ""
    return (at, place) if known.tzinfo and 1900 <= known.year <= 2199 else (None, "")


def _told(row: dict[str, Any], language: str) -> dict[str, Any]:
    told = {name: value for name, value in row.items() if value not in ("", [], None)}
    for ours in ("what", "place"):
        told.pop(ours)
    told["at"] = row["at"].astimezone(REGION_ZONE).isoformat(timespec="milliseconds")
    told["says"] = access_words(row["what"], row["outcome"], language, row["operation"])
    return told
