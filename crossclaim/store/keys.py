"""Data keys and API keys in PostgreSQL."""

from __future__ import annotations

from datetime import UTC, datetime

from crossclaim.security.api_keys import ApiKeyRecord
from crossclaim.security.data_key import WrappedKey
from crossclaim.store.connection import Connection
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


class SqlDataKeys:
    """Implements ``DataKeyStore``."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def wrapped_key(self, scope: str) -> WrappedKey | None:
        with self._database.begin() as connection:
            return select_data_key(connection, scope)

    def create(self, scope: str, wrapped: WrappedKey) -> None:
        with self._database.begin() as connection:
            insert_data_key(connection, scope, wrapped)


class SqlApiKeys:
    """API keys, hashed."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, organisation: str, role: str, record: ApiKeyRecord) -> None:
        with self._database.begin() as connection:
            connection.execute(
                """
                insert into api_key (prefix, organisation_id, sha256, role)
                values (%(prefix)s, %(organisation)s, %(sha256)s, %(role)s)
                """,
                {
                    "prefix": record.prefix,
                    "organisation": organisation,
                    "sha256": record.sha256,
                    "role": role,
                },
            )

    def find(self, prefix: str) -> tuple[ApiKeyRecord, str, str] | None:
        """The record, organisation and role of a key in force; None otherwise."""
        with self._database.begin() as connection:
            row = connection.execute(
                """
                select sha256, organisation_id, role, expires_at from api_key
                where prefix = %(prefix)s and revoked_at is null
                """,
                {"prefix": prefix},
            ).one_or_none()
        if row is None or (row.expires_at is not None and row.expires_at <= datetime.now(UTC)):
            return None
        record = ApiKeyRecord(prefix=prefix, sha256=row.sha256)
        return record, row.organisation_id, row.role

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
