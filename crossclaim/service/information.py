"""Information requests as their parties may read them: the insurer that asks, and the hospital."""

from __future__ import annotations

import asyncio
from typing import Any

from crossclaim.domain.errors import NotFound
from crossclaim.domain.records import EpisodeRows
from crossclaim.gateways.documents import S3Documents
from crossclaim.security.keyring import Keyring
from crossclaim.security.roles import Principal
from crossclaim.service.party_view import is_closed_off, own_rows
from crossclaim.service.reads import opened_cursor, sealed_cursor
from crossclaim.store.connection import Connection
from crossclaim.store.information_tables import NOTE
from crossclaim.store.rows import read_party_rows
from crossclaim.store.session import Database

_REQUEST = """
select r.id as request, r.episode_id, r.claim_id as claim, r.guarantee,
       r.organisation_id as insurer, r.number,
       r.asked_of, r.state as status, r.asked_at, r.due_at, r.overdue_at, r.reminded, r.closed_at,
       (select count(*) from information_item i where i.request_id = r.id) as documents,
       (select count(*) from information_item i
        where i.request_id = r.id and i.state = 'wanted') as "left"
from information_request r
"""
_LISTED = (
    _REQUEST
    + """
where (cast(%(status)s as text) is null or r.state = %(status)s)
  and (cast(%(after)s as text) is null or r.id < %(after)s)
order by r.id desc limit %(limit)s
"""
)
_OF_EPISODE = _REQUEST + "where r.episode_id = %(id)s order by r.id"
_ITEMS = """
select i.request_id, i.item, i.kind as type, i.line, i.paper, i.note_sealed, i.state as status,
       i.sha256, i.reason, i.answered_at, d.content_type, d.size_bytes as size
from information_item i
left join document d on d.episode_id = i.episode_id and d.sha256 = i.sha256
where i.episode_id = %(id)s order by i.request_id, i.item
"""
_DOCUMENT = """
select d.object_key, d.content_type, c.bill_id from information_item i
left join claim c on c.id = i.claim_id
join information_request r on r.id = i.request_id and r.organisation_id = %(organisation)s
join document d on d.episode_id = i.episode_id and d.sha256 = i.sha256
where i.episode_id = %(id)s and i.request_id = %(request)s and i.item = %(item)s
  and i.state = 'received'
"""


class StoredInformation:
    """Implements ``crossclaim.api.services.InformationReads`` under row-level security."""

    def __init__(self, database: Database, keyring: Keyring, objects: S3Documents) -> None:
        self._database = database
        self._keyring = keyring
        self._objects = objects

    async def listed(
        self, principal: Principal, status: str | None, limit: int, cursor: str | None
    ) -> dict[str, Any]:
        after = opened_cursor(cursor)
        return await asyncio.to_thread(
            requests_listed, self._database, principal.organisation, status, limit, after
        )

    async def of_episode(self, principal: Principal, episode_id: str) -> dict[str, Any]:
        return await asyncio.to_thread(self._of_episode, principal, episode_id)

    def _of_episode(self, principal: Principal, episode_id: str) -> dict[str, Any]:
        with self._database.begin(principal.organisation) as connection:
            visible = "select 1 from episode where id = %(id)s"
            if connection.execute(visible, {"id": episode_id}).scalar_one_or_none() is None:
                raise NotFound("there is no such episode")
            found = connection.execute(_OF_EPISODE, {"id": episode_id}).mappings()
            requests = [_plain(dict(row)) for row in found]
            items = items_of(connection, self._keyring, episode_id)
        for one in requests:
            one["documents"] = items.get(one["request"], [])
        return {"episode_id": episode_id, "information_requests": requests}

    async def document(
        self, principal: Principal, episode_id: str, request_id: str, item: int
    ) -> tuple[str, bytes]:
        return await asyncio.to_thread(self._document, principal, episode_id, request_id, item)

    def _document(
        self, principal: Principal, episode_id: str, request_id: str, item: int
    ) -> tuple[str, bytes]:
        """Only for the insurer that asked, and for none that a withdrawn consent keeps out."""
        organisation = principal.organisation
        values = {"id": episode_id, "request": request_id, "item": item}
        with self._database.begin(organisation) as connection:
            found = connection.execute(
                _DOCUMENT, {**values, "organisation": organisation}
            ).one_or_none()
            rows = None if found is None else read_party_rows(connection, episode_id)
        if found is None or rows is None or not _open_to(organisation or "", rows, found.bill_id):
            raise NotFound("there is no such document")
        return found.content_type, self._objects.get(found.object_key)


def _open_to(organisation: str, rows: EpisodeRows, bill_id: str | None) -> bool:
    """What a withdrawn consent keeps an insurer from goes with the bill, or with the letter."""
    if bill_id is None:
        return not is_closed_off(organisation, rows)
    return bill_id in {bill.id for bill in own_rows(organisation, rows).bills}


def requests_listed(
    database: Database, organisation: str | None, status: str | None, limit: int, after: str | None
) -> dict[str, Any]:
    """One page, newest first; without an organisation, as far as the database's role may see."""
    values = {"status": status, "after": after, "limit": limit + 1}
    with database.begin(organisation) as connection:
        found = [_plain(dict(row)) for row in connection.execute(_LISTED, values).mappings()]
    page, more = found[:limit], len(found) > limit
    following = sealed_cursor(page[-1]["request"]) if more else None
    return {"information_requests": page, "next": following}


def items_of(
    connection: Connection, keyring: Keyring, episode_id: str
) -> dict[str, list[dict[str, Any]]]:
    """Request → its documents, with what whoever is asked is told of each."""
    found: dict[str, list[dict[str, Any]]] = {}
    for row in connection.execute(_ITEMS, {"id": episode_id}).mappings():
        item = _plain(dict(row))
        sealed, request_id = item.pop("note_sealed"), item.pop("request_id")
        if sealed is not None:
            item["note"] = keyring.decrypt(episode_id, bytes(sealed), NOTE).decode()
        told = {name: value for name, value in item.items() if value not in (None, "")}
        found.setdefault(request_id, []).append(told)
    return found


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    plain = {k: v.isoformat() if hasattr(v, "isoformat") else v for k, v in row.items()}
    for about in ("claim", "guarantee"):
        if plain.get(about, "") is None:
            del plain[about]
    return plain
