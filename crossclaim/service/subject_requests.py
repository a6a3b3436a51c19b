"""Requests of persons about their own data: the row first, then the engine; an export goes once."""

from __future__ import annotations

import asyncio
import hashlib
from contextlib import suppress
from typing import Any, Protocol

from psycopg.errors import CheckViolation
from ulid import ULID

from activities.ports import Documents
from crossclaim.domain.errors import CrossclaimError, KeyReused, NotAllowed, NotFound, Unavailable
from crossclaim.domain.subject_request import SubjectKind, SubjectRequest, SubjectState
from crossclaim.security.keyring import Keyring
from crossclaim.security.roles import Principal
from crossclaim.store.keys import insert_data_key
from crossclaim.store.person_index import document_index
from crossclaim.store.session import Database

FIELD = "subject_request"
_ADD = """
insert into subject_request (id, organisation_id, kind, sealed, person, asked_by)
values (%(id)s, %(organisation)s, %(kind)s, %(sealed)s, %(person)s::bytea[], %(key)s)
on conflict (id) do nothing
"""
_READ = """
select r.id, r.kind, r.state, r.asked_at, r.asked_by, r.ready_at, r.expires_at, r.findings,
       r.person, c.key_id as confirmed_by, c.recorded_at as confirmed_at,
       f.recorded_at as fetched_at
from subject_request r left join subject_confirmation c on c.request_id = r.id
left join subject_fetch f on f.request_id = r.id where r.id = %(id)s
"""
_TOLD = ("kind", "state", "asked_by", "confirmed_by", "findings")
_TIMES = ("asked_at", "confirmed_at", "ready_at", "expires_at", "fetched_at")


class ExportGone(CrossclaimError):
    """It was fetched, or lay too long: its key is destroyed or about to be."""

    status = 410
    code = "EXPORT_GONE"


class ExportStarter(Protocol):
    async def export_subject(self, request_id: str) -> None: ...


class SubjectDesk:
    """Implements ``crossclaim.api.privacy_ports.SubjectRequests`` under row-level security."""

    def __init__(
        self, database: Database, keyring: Keyring, objects: Documents, engine: ExportStarter
    ) -> None:
        self._database = database
        self._keyring = keyring
        self._objects = objects
        self._engine = engine

    async def ask(
        self, principal: Principal, asked: SubjectRequest, key: str | None
    ) -> dict[str, Any]:
        request_id = _request_id(principal, key)
        await asyncio.to_thread(self._keep, request_id, principal, asked)
        return await self.read(principal, request_id)

    def _keep(self, request_id: str, principal: Principal, asked: SubjectRequest) -> None:
        """Under a key of its own, which dies with the export or the erasure."""
        new = self._keyring.new_key(request_id)
        person = document_index(self._keyring, asked.document)
        plain = asked.model_dump_json().encode()
        with self._database.begin(principal.organisation) as connection:
            insert_data_key(connection, request_id, new)
            added = connection.execute(
                _ADD,
                {
                    "id": request_id,
                    "organisation": principal.organisation,
                    "kind": asked.kind,
                    "sealed": self._keyring.encrypt(request_id, plain, FIELD, key=new),
                    "person": [person],
                    "key": principal.actor,
                },
            ).rowcount
            known = connection.execute(_READ, {"id": request_id}).one()
        same = (known.kind, [bytes(one) for one in known.person]) == (asked.kind, [person])
        if not added and not same:
            raise KeyReused("this Idempotency-Key was used for another request")

    async def confirm(self, principal: Principal, request_id: str) -> dict[str, Any]:
        await asyncio.to_thread(self._confirm, principal, request_id)
        return await self.read(principal, request_id)

    def _confirm(self, principal: Principal, request_id: str) -> None:
        row = self._row(principal, request_id)
        if row.kind != SubjectKind.ERASURE:
            raise NotFound("only an erasure is confirmed")
        try:
            with self._database.begin(principal.organisation) as connection:
                connection.execute(
                    "insert into subject_confirmation (request_id, organisation_id, key_id)"
                    " values (%(id)s, %(organisation)s, %(key)s) on conflict do nothing",
                    _by(principal, request_id),
                )
        except CheckViolation:
            raise NotAllowed("whoever asked for an erasure cannot confirm it") from None

    async def read(self, principal: Principal, request_id: str) -> dict[str, Any]:
        row = await asyncio.to_thread(self._row, principal, request_id)
        if (row.kind, row.state) == (SubjectKind.ACCESS, SubjectState.ASKED):
            # Without an engine the row is there all the same: the next look starts the work.
            with suppress(Unavailable):
                await self._engine.export_subject(request_id)
        return _body(row)

    def _row(self, principal: Principal, request_id: str) -> Any:
        with self._database.begin(principal.organisation) as connection:
            row = connection.execute(_READ, {"id": request_id}).one_or_none()
        if row is None:
            raise NotFound("there is no such request")
        return row

    async def fetch(self, principal: Principal, request_id: str) -> bytes:
        return await asyncio.to_thread(self._fetch, principal, request_id)

    def _fetch(self, principal: Principal, request_id: str) -> bytes:
        row = self._row(principal, request_id)
        if row.fetched_at is not None or row.state == SubjectState.EXPIRED:
            raise ExportGone("the export was fetched or has expired; ask again")
        if row.state != SubjectState.READY:
            raise NotFound("there is no export yet")
        # Read first: a store that is down costs nobody his only download.
        content = self._objects.get(f"{request_id}/export.zip")
        with self._database.begin(principal.organisation) as connection:
            first = connection.execute(
                "insert into subject_fetch (request_id, organisation_id, key_id)"
                " values (%(id)s, %(organisation)s, %(key)s) on conflict do nothing",
                _by(principal, request_id),
            ).rowcount
        if not first:
            raise ExportGone("the export was fetched or has expired; ask again")
        return content


def _by(principal: Principal, request_id: str) -> dict[str, Any]:
    """A person with two credentials is one: an erasure cannot be taken back."""
    return {
        "id": request_id,
        "organisation": principal.organisation,
        "key": principal.actor,
    }


def _body(row: Any) -> dict[str, Any]:
    told: dict[str, Any] = {"id": row.id, **{name: getattr(row, name) for name in _TOLD}}
    confirmed = row.kind == SubjectKind.ERASURE and row.confirmed_by is not None
    if confirmed and row.state == SubjectState.ASKED:
        told["state"] = SubjectState.CONFIRMED.value
    told |= {
        name: moment.isoformat() for name in _TIMES if (moment := getattr(row, name)) is not None
    }
    if row.state == SubjectState.READY and row.fetched_at is None:
        told["export"] = f"/v1/subject-requests/{row.id}/export"
    return {name: value for name, value in told.items() if value is not None}


def _request_id(principal: Principal, key: str | None) -> str:
    """The same for a request that is sent again under its key."""
    if key is None:
        return f"sr_{ULID()}"
    text = f"{principal.organisation}\n{principal.key_id}\n{key}"
    return f"sr_{hashlib.sha256(text.encode()).hexdigest()[:32]}"
