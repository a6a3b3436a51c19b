"""Saved views of the console as rows of their organisation; their names are sealed."""

from __future__ import annotations

import asyncio

from ulid import ULID

from crossclaim.console.saved_views import SavedView, ViewChange
from crossclaim.security.keyring import SYSTEM, Keyring
from crossclaim.security.roles import Principal
from crossclaim.store.session import Database

_FIELD = "saved_view"
_LISTED = """
select id, sealed, query, person = %(me)s as own, shared,
  is_default and person = %(me)s as is_default
from saved_view where organisation_id = %(own)s and page = %(page)s and ended_at is null
  and (person = %(me)s or shared)
limit 500
"""
_SAVE = """
insert into saved_view (id, organisation_id, person, page, sealed, query)
values (%(id)s, %(own)s, %(me)s, %(page)s, %(sealed)s, %(query)s)
"""
_MINE = """
select page from saved_view
where id = %(id)s and organisation_id = %(own)s and person = %(me)s and ended_at is null
"""
_NO_DEFAULT = """
update saved_view set is_default = false
where organisation_id = %(own)s and person = %(me)s and page = %(page)s and is_default
"""
_CHANGE = """
update saved_view set sealed = coalesce(%(sealed)s, sealed), shared = coalesce(%(shared)s, shared),
  is_default = coalesce(%(is_default)s, is_default), changed_at = now(),
  ended_at = case when %(ended)s then now() else ended_at end
where id = %(id)s and organisation_id = %(own)s
"""


class StoredViews:
    """Implements ``crossclaim.console.saved_views.SavedViews``."""

    def __init__(self, own: Database, keyring: Keyring) -> None:
        self._own = own
        self._keyring = keyring

    async def listed(self, principal: Principal, page: str) -> list[SavedView]:
        return await asyncio.to_thread(self._listed, principal, page)

    async def save(self, principal: Principal, page: str, name: str, query: str) -> str:
        return await asyncio.to_thread(self._save, principal, page, name, query)

    async def change(self, principal: Principal, view_id: str, change: ViewChange) -> bool:
        return await asyncio.to_thread(self._change, principal, view_id, change)

    def _listed(self, principal: Principal, page: str) -> list[SavedView]:
        given = {"own": principal.organisation, "me": principal.actor, "page": page}
        with self._own.begin(principal.organisation) as connection:
            rows = connection.execute(_LISTED, given).mappings()
        views = [SavedView(name=self._name(row.pop("sealed")), **row) for row in rows]
        return sorted(views, key=lambda view: (not view.own, view.name.casefold(), view.id))

    def _save(self, principal: Principal, page: str, name: str, query: str) -> str:
        view = f"vw_{ULID()}"
        given = {
            "id": view,
            "own": principal.organisation,
            "me": principal.actor,
            "page": page,
            "sealed": self._sealed(name),
            "query": query,
        }
        with self._own.begin(principal.organisation) as connection:
            connection.execute(_SAVE, given)
        return view

    def _change(self, principal: Principal, view_id: str, change: ViewChange) -> bool:
        given = {
            "id": view_id,
            "own": principal.organisation,
            "me": principal.actor,
            "sealed": self._sealed(change.name) if change.name else None,
            "shared": change.shared,
            "is_default": False if change.ended else change.is_default,
            "ended": change.ended,
        }
        with self._own.begin(principal.organisation) as connection:
            page = connection.execute(_MINE, given).scalar_one_or_none()
            if page is None:
                return False
            if change.is_default:
                connection.execute(_NO_DEFAULT, {**given, "page": page})
            connection.execute(_CHANGE, given)
        return True

    def _sealed(self, name: str) -> bytes:
        self._keyring.ensure(SYSTEM)
        return self._keyring.encrypt(SYSTEM, name.encode(), _FIELD)

    def _name(self, sealed: bytes) -> str:
        return self._keyring.decrypt(SYSTEM, bytes(sealed), _FIELD).decode()
