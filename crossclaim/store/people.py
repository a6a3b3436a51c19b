"""People of organisations: who may sign in, in which roles, with which licences."""

from __future__ import annotations

import hashlib
import json
from datetime import date, datetime
from typing import Any

from pydantic import BaseModel, ConfigDict
from ulid import ULID

from crossclaim.security.keyring import SYSTEM, Keyring
from crossclaim.security.principal import Licence
from crossclaim.security.roles import belongs
from crossclaim.store.connection import Connection
from crossclaim.store.credential import also_shown, shown
from crossclaim.store.organisation_kinds import require_belonging
from crossclaim.store.session import Database

_FIELD = "person"
_LICENCE_FIELD = "licence"
_SUBJECT_FIELD = "person_subject"
_PERSON = """
select p.id, p.organisation_id, o.kind, p.sealed, p.disabled_at
from person p join organisation o on o.id = p.organisation_id where
"""
_BY_SUBJECT = f"{_PERSON} p.subject = %(value)s"
_BY_ID = f"{_PERSON} p.id = %(value)s"
_ROLES = "select role from person_role where person_id = %(id)s and ended_at is null order by role"
_LICENCES = """
select valid_from, valid_to from person_licence
where person_id = %(id)s and ended_at is null order by valid_from
"""


class Person(BaseModel):
    """Somebody who may sign in."""

    model_config = ConfigDict(frozen=True)

    id: str
    organisation: str
    name: str
    roles: tuple[str, ...]
    licences: tuple[Licence, ...] = ()
    disabled_at: datetime | None = None


class SqlPeople:
    """The API finds one person at a time; the command line, as the worker's role, keeps them."""

    def __init__(self, database: Database, keyring: Keyring) -> None:
        self._database = database
        self._keyring = keyring

    def by_subject(self, issuer: str, subject: str) -> Person | None:
        """Whom the provider means; None for a stranger and for who may no longer come in."""
        index = self._index(issuer, subject)
        with shown(self._database, index) as connection:
            found = self._read(connection, _BY_SUBJECT, index)
        return found if found is not None and found.disabled_at is None else None

    def by_id(self, person_id: str) -> Person | None:
        with shown(self._database, person_id) as connection:
            return self._read(connection, _BY_ID, person_id)

    def _read(self, connection: Connection, statement: str, value: str) -> Person | None:
        row = connection.execute(statement, {"value": value}).one_or_none()
        if row is None:
            return None
        also_shown(connection, row.id)
        roles = connection.execute(_ROLES, {"id": row.id})
        licences = connection.execute(_LICENCES, {"id": row.id})
        words = json.loads(self._keyring.decrypt(SYSTEM, bytes(row.sealed), _FIELD))
        return Person(
            id=row.id,
            organisation=row.organisation_id,
            name=words["name"],
            # Rows may be older than the rule that holds a role to a kind of organisation.
            roles=tuple(role for role in roles.scalars() if belongs(role, row.kind)),
            licences=tuple(
                Licence(valid_from=one.valid_from, valid_to=one.valid_to) for one in licences
            ),
            disabled_at=row.disabled_at,
        )

    def add(self, organisation: str, issuer: str, subject: str, name: str, roles: list[str]) -> str:
        """The new person's id. Raises ``RoleMisplaced``, and ``psycopg.IntegrityError`` for one
        who is known already."""
        self._keyring.ensure(SYSTEM)
        person_id = f"pn_{ULID()}"
        words = json.dumps({"issuer": issuer, "subject": subject, "name": name})
        with self._database.begin() as connection:
            require_belonging(connection, organisation, roles)
            connection.execute(
                """
                insert into person (id, organisation_id, subject, sealed)
                values (%(id)s, %(organisation)s, %(subject)s, %(sealed)s)
                """,
                {
                    "id": person_id,
                    "organisation": organisation,
                    "subject": self._index(issuer, subject),
                    "sealed": self._keyring.encrypt(SYSTEM, words.encode(), _FIELD),
                },
            )
            _add_roles(connection, person_id, roles)
        return person_id

    def set_roles(self, person_id: str, roles: list[str]) -> None:
        """These and no others; a session in a role that is gone ends with its next request.

        Raises ``RoleMisplaced``.
        """
        with self._database.begin() as connection:
            organisation = connection.execute(
                "select organisation_id from person where id = %(id)s", {"id": person_id}
            ).scalar_one()
            require_belonging(connection, organisation, roles)
            connection.execute(
                "update person_role set ended_at = now() where person_id = %(id)s",
                {"id": person_id},
            )
            _add_roles(connection, person_id, roles)

    def disable(self, person_id: str) -> None:
        """Never again, and out of every session."""
        with self._database.begin() as connection:
            connection.execute(
                "update person set disabled_at = now() where id = %(id)s and disabled_at is null",
                {"id": person_id},
            )
            end_sessions(connection, person_id)

    def add_licence(
        self, person_id: str, number: str, valid_from: date, valid_to: date | None
    ) -> None:
        """A mainland licence on file; its number is sealed."""
        self._keyring.ensure(SYSTEM)
        with self._database.begin() as connection:
            connection.execute(
                """
                insert into person_licence (person_id, sealed, valid_from, valid_to)
                values (%(id)s, %(sealed)s, %(from)s, %(to)s)
                """,
                {
                    "id": person_id,
                    "sealed": self._keyring.encrypt(SYSTEM, number.encode(), _LICENCE_FIELD),
                    "from": valid_from,
                    "to": valid_to,
                },
            )

    def end_licences(self, person_id: str) -> None:
        with self._database.begin() as connection:
            connection.execute(
                "update person_licence set ended_at = now()"
                " where person_id = %(id)s and ended_at is null",
                {"id": person_id},
            )

    def listed(self) -> list[Person]:
        with self._database.begin() as connection:
            ids = connection.execute("select id from person order by organisation_id, id").scalars()
        known = (self.by_id(one) for one in ids)
        return [one for one in known if one is not None]

    def sessions(self, person_id: str) -> list[dict[str, Any]]:
        """Those that are open, without their ids."""
        with self._database.begin() as connection:
            return connection.execute(
                """
                select left(sha256, 12) as session, role, signed_in_at, last_seen_at, expires_at
                from person_session where person_id = %(id)s and ended_at is null
                  and expires_at > now() order by signed_in_at
                """,
                {"id": person_id},
            ).mappings()

    def end_sessions(self, person_id: str) -> int:
        """How many were open."""
        with self._database.begin() as connection:
            return end_sessions(connection, person_id)

    def _index(self, issuer: str, subject: str) -> str:
        """Of a digest: the index itself would take ``AB`` for ``ab``, which are two subjects."""
        both = hashlib.sha256(json.dumps([issuer, subject]).encode()).hexdigest()
        return self._keyring.blind_index(both, _SUBJECT_FIELD).hex()


def end_sessions(connection: Connection, person_id: str) -> int:
    return connection.execute(
        "update person_session set ended_at = now() where person_id = %(id)s and ended_at is null",
        {"id": person_id},
    ).rowcount


def _add_roles(connection: Connection, person_id: str, roles: list[str]) -> None:
    for role in sorted(set(roles)):
        connection.execute(
            """
            insert into person_role (person_id, role) values (%(id)s, %(role)s)
            on conflict (person_id, role) do update set ended_at = null
            """,
            {"id": person_id, "role": role},
        )
