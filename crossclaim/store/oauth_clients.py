"""Systems that ask for access tokens, the assertions they showed, and the keys we sign with."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from psycopg import IntegrityError
from pydantic import BaseModel, ConfigDict

from crossclaim.security.keyring import SYSTEM, Keyring
from crossclaim.security.roles import belongs
from crossclaim.store.credential import shown
from crossclaim.store.organisation_kinds import require_belonging
from crossclaim.store.session import Database

_FIND = """
select c.organisation_id, c.role, c.scopes, c.secret_argon2, o.kind
from oauth_client c join organisation o on o.id = c.organisation_id
where c.id = %(id)s and c.revoked_at is null and (c.expires_at is null or c.expires_at > now())
"""
_KEYS = """
select public_jwk from oauth_client_key where client_id = %(id)s and revoked_at is null
"""
_SPEND = """
insert into oauth_assertion (client_id, jti_sha256, expires_at)
values (%(id)s, %(jti)s, %(expires)s)
"""
_FIELD = "token_key"


class StoredClient(BaseModel):
    """A client in force."""

    model_config = ConfigDict(frozen=True)

    id: str
    organisation: str
    role: str
    scopes: frozenset[str] | None = None
    secret_argon2: str | None = None
    keys: tuple[dict[str, Any], ...] = ()
    """Public JWKs."""


class SqlOAuthClients:
    """The API finds one client at a time; the command line, as the worker's role, keeps them."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def find(self, client_id: str) -> StoredClient | None:
        if not (client_id.isascii() and client_id.isprintable()):
            return None  # anybody may say anything here, and no row can hold it
        with shown(self._database, client_id) as connection:
            row = connection.execute(_FIND, {"id": client_id}).one_or_none()
            if row is None or not belongs(row.role, row.kind):
                return None
            keys = connection.execute(_KEYS, {"id": client_id}).scalars()
        return StoredClient(
            id=client_id,
            organisation=row.organisation_id,
            role=row.role,
            scopes=None if row.scopes is None else frozenset(row.scopes),
            secret_argon2=row.secret_argon2,
            keys=tuple(keys),
        )

    def spend(self, client_id: str, jti_sha256: str, expires_at: datetime) -> bool:
        """Whether an assertion was shown for the first time."""
        values = {"id": client_id, "jti": jti_sha256, "expires": expires_at}
        try:
            with shown(self._database, client_id) as connection:
                connection.execute(_SPEND, values)
        except IntegrityError:
            return False
        return True

    def add(
        self,
        client_id: str,
        organisation: str,
        role: str,
        *,
        name: str,
        scopes: list[str] | None,
        secret_argon2: str | None,
        expires_at: datetime | None = None,
    ) -> None:
        """Raises ``RoleMisplaced``."""
        with self._database.begin() as connection:
            require_belonging(connection, organisation, [role])
            connection.execute(
                """
                insert into oauth_client (id, organisation_id, role, name, scopes, secret_argon2,
                                          expires_at)
                values (%(id)s, %(organisation)s, %(role)s, %(name)s, %(scopes)s::text[],
                        %(secret)s, %(expires)s)
                """,
                {
                    "id": client_id,
                    "organisation": organisation,
                    "role": role,
                    "name": name,
                    "scopes": scopes,
                    "secret": secret_argon2,
                    "expires": expires_at,
                },
            )

    def add_key(self, client_id: str, kid: str, public_jwk: dict[str, Any]) -> None:
        with self._database.begin() as connection:
            connection.execute(
                """
                insert into oauth_client_key (client_id, kid, public_jwk)
                values (%(id)s, %(kid)s, cast(%(jwk)s as jsonb))
                """,
                {"id": client_id, "kid": kid, "jwk": json.dumps(public_jwk)},
            )

    def end_keys(self, client_id: str, *, but: str = "") -> None:
        """Those before the newest, once its system uses it."""
        with self._database.begin() as connection:
            connection.execute(
                """
                update oauth_client_key set revoked_at = now()
                where client_id = %(id)s and kid <> %(but)s and revoked_at is null
                """,
                {"id": client_id, "but": but},
            )

    def set_secret(self, client_id: str, secret_argon2: str) -> None:
        with self._database.begin() as connection:
            connection.execute(
                "update oauth_client set secret_argon2 = %(secret)s where id = %(id)s",
                {"id": client_id, "secret": secret_argon2},
            )

    def revoke(self, client_id: str) -> bool:
        """Whether there was such a client in force."""
        with self._database.begin() as connection:
            return (
                connection.execute(
                    "update oauth_client set revoked_at = now()"
                    " where id = %(id)s and revoked_at is null",
                    {"id": client_id},
                ).rowcount
                > 0
            )

    def listed(self) -> list[dict[str, Any]]:
        """Every client, without secrets."""
        with self._database.begin() as connection:
            return connection.execute(
                """
                select c.id, c.organisation_id as organisation, c.role, c.name, c.scopes,
                       c.secret_argon2 is not null as has_secret, c.created_at, c.expires_at,
                       c.revoked_at, array(select k.kid from oauth_client_key k
                       where k.client_id = c.id and k.revoked_at is null order by k.added_at)
                       as keys
                from oauth_client c order by c.organisation_id, c.id
                """
            ).mappings()


class SqlTokenKeys:
    """Keys that sign access tokens; the first process that needs one makes it."""

    def __init__(self, database: Database, keyring: Keyring) -> None:
        self._database = database
        self._keyring = keyring

    def load(self) -> list[tuple[str, str]]:
        """Kid and private JWK of those in use, the newest first."""
        with self._database.begin() as connection:
            rows = connection.execute(
                "select kid, sealed from token_key where retired_at is null"
                " order by made_at desc, kid"
            ).all()
        return [
            (row.kid, self._keyring.decrypt(SYSTEM, bytes(row.sealed), _FIELD).decode())
            for row in rows
        ]

    def add(self, kid: str, public_jwk: dict[str, Any], private_jwk: str) -> None:
        self._keyring.ensure(SYSTEM)
        with self._database.begin() as connection:
            connection.execute(
                """
                insert into token_key (kid, public_jwk, sealed)
                values (%(kid)s, cast(%(public)s as jsonb), %(sealed)s)
                """,
                {
                    "kid": kid,
                    "public": json.dumps(public_jwk),
                    "sealed": self._keyring.encrypt(SYSTEM, private_jwk.encode(), _FIELD),
                },
            )
