"""All that is held about a person, gathered table by table, as one sealed ZIP for one download."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from datetime import date, datetime, timedelta
from typing import Any, Protocol

from crossclaim.domain.errors import CrossclaimError
from crossclaim.domain.others_masked import names_of, others_masked
from crossclaim.domain.plan import PlanSet
from crossclaim.domain.retention import Held, RetentionRules
from crossclaim.domain.stay import local_day
from crossclaim.domain.subject_request import EXPORT_SCHEMA, SubjectState
from crossclaim.domain.submission import IdentityDocument
from crossclaim.security.errors import KeyDestroyed
from crossclaim.security.keyring import Keyring
from crossclaim.security.opened_history import opened_history
from crossclaim.store.column_names import checked
from crossclaim.store.connection import Connection
from crossclaim.store.person_index import document_index
from crossclaim.store.sealed_columns import DIGEST_COLUMNS, SEALED_COLUMNS
from crossclaim.store.session import Database
from crossclaim.store.subject_requests import note_audit, request_of, set_request
from crossclaim.store.subject_scopes import mentioned_in, scopes_of

_NAMES = {
    "episode": ("episode_id", "object"),
    "family_binding": ("binding_id", "episode_id", "object"),
    "family_code_link": ("link_id", "episode_id", "object"),
    "credit_account": ("account_id", "episode_id", "object"),
}
"""Kind of scope → columns by which other tables name it."""
_TABLES = """
select c.table_name as name, c.column_name as about
from information_schema.columns c join information_schema.tables t using (table_schema, table_name)
where c.table_schema = 'public' and t.table_type = 'BASE TABLE'
  and c.column_name = any(%(columns)s) and c.data_type = 'text'
order by c.table_name, array_position(%(columns)s::text[], c.column_name::text)
"""
_LEFT_OUT = frozenset({"identity_index", "name_token", "retention_due", "account", "posting"})
_CREATED = (2026, 1, 1, 0, 0, 0)


class ObjectStore(Protocol):
    def get(self, key: str) -> bytes: ...

    def put(self, key: str, content: bytes, content_type: str) -> None: ...


Pages = Callable[[dict[str, Any]], dict[str, str]]
"""Prints an export for people: file name → HTML."""


class SqlSubjectExports:
    """Implements ``activities.privacy_ports.SubjectExports`` as the worker's role."""

    def __init__(
        self,
        database: Database,
        keyring: Keyring,
        objects: ObjectStore,
        pages: Pages,
        plans: Callable[[], PlanSet],
    ) -> None:
        self._database = database
        self._keyring = keyring
        self._objects = objects
        self._pages = pages
        self._plans = plans

    def make(self, request_id: str, at: datetime) -> str:
        """Gathers, seals and stores; a second time the state that the first came to."""
        with self._database.begin() as connection:
            request = request_of(connection, request_id)
            if request.kind != "access" or request.state != SubjectState.ASKED:
                return str(request.state)
            who = [bytes(one) for one in request.person]
            held = scopes_of(connection, self._keyring, who)
            told = _Gathering(connection, self._keyring, who).all_of(request_id, held, at)
        if not held and not told["mentions"]:
            return self._settle(request, SubjectState.NOBODY, {}, at)
        self._objects.put(f"{request_id}/export.zip", self._zipped(told), "application/zip")
        counts = {"scopes": len(held), "mentions": len(told["mentions"])}
        return self._settle(request, SubjectState.READY, counts, at)

    def _settle(
        self, request: Any, state: SubjectState, counts: dict[str, Any], at: datetime
    ) -> str:
        with self._database.begin() as connection:
            if request_of(connection, request.id).state != SubjectState.ASKED:
                return str(request_of(connection, request.id).state)
            days = RetentionRules(self._plans(), local_day(at)).export_days()
            expires = at + timedelta(days=days)
            set_request(connection, request.id, state, counts, ready_at=at, expires_at=expires)
            note_audit(
                connection,
                request.organisation_id,
                request.asked_by,
                "gather_subject_export",
                request.id,
                state.value,
                "subject_access",
            )
        return state.value

    def expire(self, at: datetime) -> int:
        """Whoever has the file has it; here its key dies, and the object with it."""
        with self._database.begin() as connection:
            done = connection.execute(
                "update subject_request r set state = 'expired' where r.state = 'ready'"
                " and (r.expires_at < %(at)s or exists (select 1 from subject_fetch f"
                " where f.request_id = r.id and f.recorded_at < now() - interval '1 hour'))"
                " returning r.id",
                {"at": at},
            ).scalars()
            for request_id in done:
                connection.execute(
                    "update data_key set wrapped = null, destroyed_at = %(at)s"
                    " where scope = %(scope)s and wrapped is not null",
                    {"at": at, "scope": request_id},
                )
        return len(done)

    def _zipped(self, told: dict[str, Any]) -> bytes:
        files: dict[str, bytes] = {
            "data.json": json.dumps(told, ensure_ascii=False, indent=1).encode(),
            **{name: page.encode() for name, page in self._pages(told).items()},
            **dict(self._objects_of(told)),
        }
        made = io.BytesIO()
        with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
            for name in sorted(files):
                archive.writestr(zipfile.ZipInfo(name, _CREATED), files[name])
        return made.getvalue()

    def _objects_of(self, told: dict[str, Any]) -> Iterator[tuple[str, bytes]]:
        """The documents themselves, and what the engine remembers, opened."""
        for one in told["scopes"]:
            for row in one["tables"].get("document", []):
                name = f"documents/{one['scope']}/{row['sha256']}{_ending(row['content_type'])}"
                yield name, self._content(row["object_key"])
            for row in one["tables"].get("issued_paper", []):
                yield f"papers/{one['scope']}/{row['code']}.pdf", self._content(row["object_key"])
            for row in one["tables"].get("history_archive", []):
                content = self._content(row["object_key"])
                events = opened_history(self._keyring, content) if content else []
                name = f"histories/{one['scope']}/{row['run_id']}.json"
                yield name, json.dumps(events, ensure_ascii=False, indent=1).encode()

    def _content(self, key: str) -> bytes:
        """Empty where the store has lost it: the rest is told all the same."""
        try:
            return self._objects.get(key)
        except CrossclaimError:
            return b""


class _Gathering:
    def __init__(self, connection: Connection, keyring: Keyring, who: list[bytes]) -> None:
        self._connection = connection
        self._keyring = keyring
        self._who = who

    def all_of(self, request_id: str, held: list[Held], at: datetime) -> dict[str, Any]:
        scopes: list[dict[str, Any]] = [
            {"scope": one.scope, "kind": one.kind, "tables": self._tables(one)} for one in held
        ]
        mentions = [
            {"scope": scope, "as": "spouse", "told": told}
            for scope, told in mentioned_in(self._connection, self._keyring, self._who)
        ]
        told = {
            "schema": EXPORT_SCHEMA,
            "request": request_id,
            "made_at": at.isoformat(),
            "scopes": scopes,
            "mentions": mentions,
        }
        own = names_of(told, self._is_subject)
        masked: dict[str, Any] = others_masked(told, self._is_subject, own)
        return masked

    def _tables(self, held: Held) -> dict[str, list[dict[str, Any]]]:
        columns = list(_NAMES[held.kind])
        tables = self._connection.execute(_TABLES, {"columns": columns}).all()
        found: dict[str, list[dict[str, Any]]] = {}
        for name, about in [("", ""), *((row.name, row.about) for row in tables)]:
            if name in found or name in _LEFT_OUT or not name:
                continue
            rows = self._rows(name, about, held.scope)
            if rows:
                found[name] = rows
        if held.kind not in found:
            found[held.kind] = self._rows(held.kind, "id", held.scope)
        return found

    def _rows(self, table: str, about: str, scope: str) -> list[dict[str, Any]]:
        # Names come from the schema itself, values are bound.
        rows = self._connection.execute(
            f'select t.* from "{checked(table)}" t where t."{checked(about)}" = %(scope)s',
            {"scope": scope},
        ).mappings()
        return [dict(self._cells(table, scope, row)) for row in rows]

    def _cells(self, table: str, scope: str, row: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
        for column, value in row.items():
            if value is None or (table, column) in DIGEST_COLUMNS:
                continue
            field = SEALED_COLUMNS.get((table, column))
            if field is not None:
                # Of somebody else in this record who was forgotten there is nothing to tell.
                with suppress(KeyDestroyed):
                    yield column, _read(self._keyring.decrypt(scope, bytes(value), field))
            elif not isinstance(value, bytes | memoryview) and not _is_bytes_list(value):
                yield column, _plain(value)

    def _is_subject(self, document: Mapping[str, Any]) -> bool:
        try:
            told = IdentityDocument.model_validate(dict(document))
        except ValueError:
            return False
        return document_index(self._keyring, told) in self._who


def _read(plain: bytes) -> Any:
    try:
        return json.loads(plain)
    except ValueError:
        return plain.decode("utf-8", "replace")


def _is_bytes_list(value: Any) -> bool:
    return isinstance(value, list) and any(isinstance(one, bytes | memoryview) for one in value)


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, dict | list | str | int | float | bool):
        return value
    return str(value)


def _ending(content_type: str) -> str:
    return {"application/pdf": ".pdf", "image/png": ".png", "image/jpeg": ".jpg"}.get(
        content_type, ".bin"
    )
