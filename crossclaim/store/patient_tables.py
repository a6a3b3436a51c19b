"""Rows of patients' links and sessions; each is found only by who shows its digest."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from pydantic import BaseModel, ConfigDict

from crossclaim.store.connection import Connection
from crossclaim.store.credential import also_shown, shown
from crossclaim.store.session import Database

_END_OLDER = """
update patient_link set ended_at = %(at)s
where episode_id = %(episode)s and organisation_id = %(organisation)s and bearer = %(bearer)s
  and ended_at is null
returning id
"""
_END_SESSIONS = """
update patient_session set ended_at = %(at)s where link_id = any(%(links)s) and ended_at is null
"""
_ADD = """
insert into patient_link (sha256, episode_id, organisation_id, role, bearer, maker_id, made_by,
    expires_at)
values (%(sha256)s, %(episode)s, %(organisation)s, %(role)s, %(bearer)s, %(maker)s, %(made_by)s,
    %(expires)s)
"""
# Counted before it is judged, in the transaction that judges: two tries at once are two.
_TRY = """
update patient_link set tries = tries + 1
where sha256 = %(sha256)s and used_at is null and ended_at is null and expires_at > %(at)s
  and tries < %(tries)s
returning id, episode_id, organisation_id, role, bearer, made_by, tries
"""
_OPEN = """
select id, episode_id, organisation_id, role, bearer, made_by, tries from patient_link
where sha256 = %(sha256)s and used_at is null and ended_at is null and expires_at > %(at)s
  and tries < %(tries)s
"""
_USE = """
update patient_link set used_at = %(at)s where sha256 = %(sha256)s and used_at is null
returning id
"""
_START = """
insert into patient_session (sha256, link_id, episode_id, organisation_id, role, bearer,
    started_at, last_seen_at, expires_at)
values (%(sha256)s, %(link)s, %(episode)s, %(organisation)s, %(role)s, %(bearer)s, %(at)s, %(at)s,
    %(expires)s)
"""
_FIND = """
select episode_id, organisation_id, role, bearer, last_seen_at, expires_at
from patient_session where sha256 = %(sha256)s and ended_at is null
"""
_SEEN = """
update patient_session set last_seen_at = %(at)s where sha256 = %(sha256)s and ended_at is null
"""
_END = """
update patient_session set ended_at = %(at)s where sha256 = %(sha256)s and ended_at is null
"""


class LinkRow(BaseModel):
    """Where a link leads: to one episode, as one organisation may read it."""

    model_config = ConfigDict(frozen=True)

    id: int
    episode_id: str
    organisation_id: str
    role: str
    bearer: str
    made_by: str
    tries: int


class NewLinkRow(BaseModel):
    model_config = ConfigDict(frozen=True)

    sha256: str
    episode: str
    organisation: str
    role: str
    bearer: str
    maker: str
    made_by: str
    expires: datetime


class PatientSessionRow(BaseModel):
    """A session that nobody ended; whether it is over by time is for the reader to say."""

    model_config = ConfigDict(frozen=True)

    episode_id: str
    organisation_id: str
    role: str
    bearer: str
    last_seen_at: datetime
    expires_at: datetime


class SqlPatientLinks:
    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, new: NewLinkRow, at: datetime) -> None:
        """Ends what was made before for the same bearer, with the sessions that began by it."""
        with self._database.begin(new.maker) as connection:
            older = connection.execute(_END_OLDER, {**new.model_dump(), "at": at}).scalars()
            connection.execute(_END_SESSIONS, {"links": list(older), "at": at})
            connection.execute(_ADD, new.model_dump())

    def open_link(self, sha256: str, tries: int, at: datetime) -> LinkRow | None:
        """The link that may still be tried; nothing is counted."""
        with shown(self._database, sha256) as connection:
            row = connection.execute(
                _OPEN, {"sha256": sha256, "tries": tries, "at": at}
            ).one_or_none()
        return None if row is None else LinkRow.model_validate(row._asdict())

    @contextmanager
    def tried(
        self, sha256: str, tries: int, at: datetime
    ) -> Iterator[tuple[Connection, LinkRow | None]]:
        """The link that may still be tried, with the try counted: it stays counted."""
        values = {"sha256": sha256, "tries": tries, "at": at}
        with shown(self._database, sha256) as connection:
            row = connection.execute(_TRY, values).one_or_none()
            yield connection, None if row is None else LinkRow.model_validate(row._asdict())

    def start(
        self,
        connection: Connection,
        link: LinkRow,
        sha256: str,
        session: str,
        at: datetime,
        expires: datetime,
    ) -> bool:
        """The link is used and its session begun, in the transaction of the try; False: it was."""
        used = connection.execute(_USE, {"sha256": sha256, "at": at}).scalar_one_or_none()
        if used is None:
            return False
        also_shown(connection, session)
        values = {"sha256": session, "link": link.id, "episode": link.episode_id}
        values |= {"organisation": link.organisation_id, "role": link.role, "bearer": link.bearer}
        connection.execute(_START, {**values, "at": at, "expires": expires})
        return True

    def find(self, sha256: str) -> PatientSessionRow | None:
        with shown(self._database, sha256) as connection:
            row = connection.execute(_FIND, {"sha256": sha256}).one_or_none()
        return None if row is None else PatientSessionRow.model_validate(row._asdict())

    def seen(self, sha256: str, at: datetime) -> None:
        self._change(_SEEN, sha256, at)

    def end(self, sha256: str, at: datetime) -> None:
        self._change(_END, sha256, at)

    def _change(self, statement: str, sha256: str, at: datetime) -> None:
        with shown(self._database, sha256) as connection:
            connection.execute(statement, {"sha256": sha256, "at": at})
