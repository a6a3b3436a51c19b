"""What the API tells about episodes: a list, one episode with its money, its story."""

from __future__ import annotations

import asyncio
import base64
import json
from typing import Any

from crossclaim.api.services import EpisodeFilters
from crossclaim.domain.errors import NotFound
from crossclaim.security.roles import Principal
from crossclaim.service.party_view import Balance, party_view
from crossclaim.service.story import StoryTeller, story_body
from crossclaim.store.connection import Connection
from crossclaim.store.rows import read_party_rows
from crossclaim.store.session import Database

_LIST = """
select id, hospital_id, visit_number, encounter_class, status, opened_at, closed_at
from episode
where (cast(%(state)s as text) is null or status = %(state)s)
  and (cast(%(hospital)s as text) is null or hospital_id = %(hospital)s)
  and (cast(%(visit)s as text) is null or visit_number = %(visit)s)
  and (cast(%(after_id)s as text) is null or id {beyond} %(after_id)s)
order by id {order} limit %(limit)s
"""
_ORDERED = {
    "newest": _LIST.format(beyond="<", order="desc"),
    "oldest": _LIST.format(beyond=">", order="asc"),
}


class SqlEpisodes:
    """Episodes from our rows alone, as the database role may see them."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def episode(self, principal: Principal, episode_id: str) -> dict[str, Any]:
        return await asyncio.to_thread(self._episode, principal, episode_id)

    def _episode(self, principal: Principal, episode_id: str) -> dict[str, Any]:
        with self._database.begin(principal.organisation) as connection:
            rows = read_party_rows(connection, episode_id)
            if rows is None:
                raise NotFound("there is no such episode")
            return party_view(principal, rows, _ledger(connection, episode_id))

    async def episodes(
        self, principal: Principal, filters: EpisodeFilters, cursor: str | None
    ) -> dict[str, Any]:
        return await asyncio.to_thread(self._episodes, principal, filters, cursor)

    def _episodes(
        self, principal: Principal, filters: EpisodeFilters, cursor: str | None
    ) -> dict[str, Any]:
        after = opened_cursor(cursor)
        with self._database.begin(principal.organisation) as connection:
            rows = connection.execute(
                _ORDERED[filters.order],
                {
                    "state": filters.state,
                    "hospital": filters.hospital,
                    "visit": filters.visit,
                    "after_id": after,
                    "limit": filters.limit + 1,
                },
            ).mappings()
            found = [
                {k: v.isoformat() if hasattr(v, "isoformat") else v for k, v in row.items()}
                for row in rows
            ]
        page = found[: filters.limit]
        more = len(found) > filters.limit
        return {"episodes": page, "next": sealed_cursor(page[-1]["id"]) if more else None}


class SqlReads(SqlEpisodes):
    """Implements ``crossclaim.api.services.Reads`` under row-level security."""

    def __init__(self, database: Database, teller: StoryTeller) -> None:
        super().__init__(database)
        self._teller = teller

    async def story(self, principal: Principal, episode_id: str, language: str) -> dict[str, Any]:
        story = await self._teller.tell_to(principal, episode_id, language)
        return story_body(story)


def _ledger(connection: Connection, episode_id: str) -> list[Balance]:
    """Balances of the accounts that this episode posted to, by its own entries."""
    rows = connection.execute(
        """
        select p.account_id, a.organisation_id, p.currency,
               sum(p.amount_minor)::bigint as balance_minor
        from posting p join entry e on e.id = p.entry_id join account a on a.id = p.account_id
        where e.episode_id = %(id)s
        group by p.account_id, a.organisation_id, p.currency order by p.account_id
        """,
        {"id": episode_id},
    ).mappings()
    return [Balance.model_validate(dict(row)) for row in rows]


def sealed_cursor(last_id: str) -> str:
    return base64.urlsafe_b64encode(json.dumps(last_id).encode()).decode()


def opened_cursor(cursor: str | None) -> str | None:
    if cursor is None:
        return None
    try:
        value = json.loads(base64.urlsafe_b64decode(cursor.encode()))
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, str) and value.isascii() and value.isprintable() else None
