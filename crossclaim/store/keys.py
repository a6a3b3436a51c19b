"""Data keys and API keys in PostgreSQL."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict

from crossclaim.security.api_keys import ApiKeyRecord
from crossclaim.security.data_key import WrappedKey
from crossclaim.security.keyring import Keyring
from crossclaim.security.roles import belongs
from crossclaim.store.connection import Connection
from crossclaim.store.credential import shown
from crossclaim.store.organisation_kinds import require_belonging
from crossclaim.store.session import Database


def insert_data_key(connection: Connection, scope: str, key: WrappedKey) -> None:
    """Stores a key unless the scope has one; part of the caller's transaction."""
    connection.execute(
        """
        insert into data_key (scope, key_id, epoch, wrapped)
        values (%(scope)s, %(id)s, %(epoch)s, %(wrapped)s)
        on conflict (scope) do nothing
        """,
        {"scope": scope, "id": key.key_id, "epoch": key.epoch, "wrapped": key.wrapped},
    )


def select_data_key(connection: Connection, scope: str) -> WrappedKey | None:
    row = connection.execute(
        "select key_id, epoch, wrapped from data_key where scope = %(scope)s", {"scope": scope}
    ).one_or_none()
    if row is None:
        return None
    return WrappedKey(key_id=row.key_id, epoch=row.epoch, wrapped=bytes(row.wrapped or b""))


def select_data_keys(connection: Connection, scopes: Collection[str]) -> dict[str, WrappedKey]:
    """Of those that have one."""
    rows = connection.execute(
        "select scope, key_id, epoch, wrapped from data_key where scope = any(%(scopes)s)",
        {"scopes": sorted(scopes)},
    ).all()
    return {
        row.scope: WrappedKey(key_id=row.key_id, epoch=row.epoch, wrapped=bytes(row.wrapped or b""))
        for row in rows
    }


def mention_keys(
    connection: Connection, keyring: Keyring, scopes: Collection[str]
) -> dict[str, WrappedKey]:
    """``mention_key`` of several, made in the order of their names."""
    stored = select_data_keys(connection, scopes)
    made = [scope for scope in sorted(scopes) if scope not in stored]
    for scope in made:
        insert_data_key(connection, scope, keyring.new_key(scope))
    return {**stored, **select_data_keys(connection, made)} if made else stored


def mention_key(connection: Connection, keyring: Keyring, scope: str) -> WrappedKey:
    """The key of a person who is named in a record, made at the first mention."""
    stored = select_data_key(connection, scope)
    if stored is None:
        # Of two that make it at once the second waits here, and then finds the first one's.
        insert_data_key(connection, scope, keyring.new_key(scope))
        stored = select_data_key(connection, scope)
    assert stored is not None, "a key that was made is there"
    return stored


class SqlDataKeys:
    """Implements ``DataKeyStore``."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def wrapped_key(self, scope: str) -> WrappedKey | None:
        with self._database.begin() as connection:
            return select_data_key(connection, scope)

    def wrapped_keys(self, scopes: Collection[str]) -> dict[str, WrappedKey]:
        with self._database.begin() as connection:
            return select_data_keys(connection, scopes)

    def create(self, scope: str, wrapped: WrappedKey) -> None:
        with self._database.begin() as connection:
            insert_data_key(connection, scope, wrapped)


class StoredApiKey(BaseModel):
    """A key in force: what verifies it, and as whom it counts."""

    model_config = ConfigDict(frozen=True)

    record: ApiKeyRecord
    organisation: str
    role: str
    scopes: frozenset[str] | None = None
    person: str | None = None


class SqlApiKeys:
    """API keys, hashed."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(
        self,
        organisation: str,
        role: str,
        record: ApiKeyRecord,
        *,
        scopes: list[str] | None = None,
        person: str | None = None,
        expires_at: datetime | None = None,
    ) -> None:
        """Raises ``RoleMisplaced``."""
        with self._database.begin() as connection:
            require_belonging(connection, organisation, [role])
            connection.execute(
                """
                insert into api_key (prefix, organisation_id, sha256, argon2, role, scopes,
                                     person_id, expires_at)
                values (%(prefix)s, %(organisation)s, %(sha256)s, %(argon2)s, %(role)s,
                        %(scopes)s::text[], %(person)s, %(expires)s)
                """,
                {
                    **record.model_dump(),
                    "organisation": organisation,
                    "role": role,
                    "scopes": scopes,
                    "person": person,
                    "expires": expires_at,
                },
            )

    def find(self, prefix: str) -> StoredApiKey | None:
        """A key in force whose role is one of its kind of organisation; None otherwise."""
        with shown(self._database, prefix) as connection:
            row = connection.execute(
                """
                select k.sha256, k.argon2, k.organisation_id, k.role, k.scopes, k.person_id, o.kind
                from api_key k join organisation o on o.id = k.organisation_id
                where k.prefix = %(prefix)s and k.revoked_at is null
                  and (k.expires_at is null or k.expires_at > now())
                """,
                {"prefix": prefix},
            ).one_or_none()
        if row is None or not belongs(row.role, row.kind):
            return None
        return StoredApiKey(
            record=ApiKeyRecord(prefix=prefix, sha256=row.sha256, argon2=row.argon2),
            organisation=row.organisation_id,
            role=row.role,
            scopes=None if row.scopes is None else frozenset(row.scopes),
            person=row.person_id,
        )

    def harden(self, prefix: str, argon2: str) -> None:
        """The slow hash takes the place of an older build's fast one."""
        with shown(self._database, prefix) as connection:
            connection.execute(
                """
                update api_key set argon2 = %(argon2)s, sha256 = null
                where prefix = %(prefix)s and argon2 is null
                """,
                {"prefix": prefix, "argon2": argon2},
            )

    def revoke(self, prefix: str) -> bool:
        """Whether there was such a key in force."""
        with self._database.begin() as connection:
            return (
                connection.execute(
                    "update api_key set revoked_at = now() where prefix = %(prefix)s"
                    " and revoked_at is null",
                    {"prefix": prefix},
                ).rowcount
                > 0
            )

    def listed(self) -> list[dict[str, Any]]:
        """Every key without its hash."""
        with self._database.begin() as connection:
            return connection.execute(
                """
                select prefix, organisation_id as organisation, role, scopes, person_id as person,
                       argon2 is not null as hardened, created_at, expires_at, revoked_at
                from api_key order by organisation_id, created_at
                """
            ).mappings()

    def organisations_without(self) -> list[str]:
        """Organisations that have no key yet."""
        with self._database.begin() as connection:
            rows = connection.execute(
                """
                select id from organisation o
                where not exists (select 1 from api_key k where k.organisation_id = o.id)
                order by id
                """
            )
            return [row.id for row in rows]
