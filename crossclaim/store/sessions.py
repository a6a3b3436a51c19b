"""Sessions of people, and sign-ins on their way; each found only by who shows its id."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel, ConfigDict

from crossclaim.store.credential import shown
from crossclaim.store.people import end_sessions
from crossclaim.store.session import Database

_START = """
insert into person_session (sha256, person_id, organisation_id, role, provider_session,
                            signed_in_at, created_at, last_seen_at, expires_at)
values (%(sha256)s, %(person)s, %(organisation)s, %(role)s, %(provider_session)s,
        %(signed_in_at)s, %(at)s, %(at)s, %(expires_at)s)
"""
_FIND = """
select person_id, organisation_id, role, signed_in_at, last_seen_at, expires_at
from person_session where sha256 = %(sha256)s and ended_at is null
"""
_SEEN = """
update person_session set last_seen_at = %(at)s where sha256 = %(sha256)s and ended_at is null
"""
_ACT_AS = """
update person_session set role = %(role)s where sha256 = %(sha256)s and ended_at is null
"""
_END = """
update person_session set ended_at = %(at)s where sha256 = %(sha256)s and ended_at is null
"""
_BEGIN = """
insert into login_attempt (sha256, state, nonce, verifier, return_to)
values (%(sha256)s, %(state)s, %(nonce)s, %(verifier)s, %(return_to)s)
"""
_BEGUN = """
select state, nonce, verifier, return_to from login_attempt
where sha256 = %(sha256)s and taken_at is null and began_at > now() - interval '10 minutes'
for update
"""
_TAKE = """
update login_attempt set taken_at = now(), nonce = '', verifier = '' where sha256 = %(sha256)s
"""


class LoginAttempt(BaseModel):
    """What we remember between the way to the provider and the way back."""

    model_config = ConfigDict(frozen=True)

    state: str
    nonce: str
    verifier: str
    return_to: str


class StoredSession(BaseModel):
    """A session that nobody ended; whether it is over by time is for the reader to say."""

    model_config = ConfigDict(frozen=True)

    person: str
    organisation: str
    role: str
    signed_in_at: datetime
    last_seen_at: datetime
    expires_at: datetime


class NewSession(BaseModel):
    model_config = ConfigDict(frozen=True)

    sha256: str
    person: str
    organisation: str
    role: str
    provider_session: str
    signed_in_at: datetime
    at: datetime
    expires_at: datetime


class SqlSessions:
    def __init__(self, database: Database) -> None:
        self._database = database

    def begin_login(self, sha256: str, attempt: LoginAttempt) -> None:
        with shown(self._database, sha256) as connection:
            connection.execute(_BEGIN, {"sha256": sha256, **attempt.model_dump()})

    def take_login(self, sha256: str) -> LoginAttempt | None:
        """The attempt, once: a second way back finds nothing."""
        with shown(self._database, sha256) as connection:
            row = connection.execute(_BEGUN, {"sha256": sha256}).one_or_none()
            connection.execute(_TAKE, {"sha256": sha256})
        return None if row is None else LoginAttempt.model_validate(row._asdict())

    def start(self, new: NewSession) -> None:
        with shown(self._database, new.sha256) as connection:
            connection.execute(_START, new.model_dump())

    def find(self, sha256: str) -> StoredSession | None:
        with shown(self._database, sha256) as connection:
            row = connection.execute(_FIND, {"sha256": sha256}).one_or_none()
        if row is None:
            return None
        return StoredSession(
            person=row.person_id,
            organisation=row.organisation_id,
            role=row.role,
            signed_in_at=row.signed_in_at,
            last_seen_at=row.last_seen_at,
            expires_at=row.expires_at,
        )

    def seen(self, sha256: str, at: datetime) -> None:
        self._change(_SEEN, sha256, at=at)

    def act_as(self, sha256: str, role: str) -> None:
        self._change(_ACT_AS, sha256, role=role)

    def end(self, sha256: str, at: datetime) -> None:
        self._change(_END, sha256, at=at)

    def end_all(self, person_id: str) -> int:
        """Every open session of one person; how many there were."""
        with shown(self._database, person_id) as connection:
            return end_sessions(connection, person_id)

    def _change(self, statement: str, sha256: str, **values: object) -> None:
        with shown(self._database, sha256) as connection:
            connection.execute(statement, {"sha256": sha256, **values})
