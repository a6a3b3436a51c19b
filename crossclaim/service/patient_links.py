"""Patients' links and sessions: a link is random bits, told once and kept as a SHA-256.

What a session shows is what the organisation that it was made by may read of this one person; so
whoever makes a link and comes in by it learns nothing that he could not read before.
"""

from __future__ import annotations

import asyncio
import io
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from crossclaim.api.audit_port import AuditRecord
from crossclaim.api.patient_port import NewPatientLink
from crossclaim.api.problem_sentences import problem_fault
from crossclaim.domain.errors import NotFound, Refused, Unavailable
from crossclaim.domain.faults import refusal_text
from crossclaim.domain.patient_bearer import PATIENT_KEY, Bearer, Factor, Persona, is_the_one
from crossclaim.patient.services import LetIn, PatientSession
from crossclaim.security.errors import KeyDestroyed, KeyMissing
from crossclaim.security.keyring import Keyring
from crossclaim.security.narrowed import ONLY_EPISODES
from crossclaim.security.principal import HOSPITAL_ROLES, INSURER_ROLES, Principal, Role
from crossclaim.service.audit import SqlAudit
from crossclaim.service.sign_ins import SEEN_EVERY, csrf_of, digest
from crossclaim.store.patient_reads import episodes_of, persona_of
from crossclaim.store.patient_tables import LinkRow, NewLinkRow, SqlPatientLinks
from crossclaim.store.session import Database

LINK = "pl_"
PATH = "/patient/in/"
_LINK = re.compile(r"pl_[A-Za-z0-9_\-]{43}")
_COOKIE = re.compile(r"[A-Za-z0-9_\-]{43}")
_KNOWN = "select hospital_id from episode where id = %(episode)s"
_INSURERS = """
select organisation_id from coverage
where episode_id = %(episode)s and organisation_id is not null order by ordinal
"""


@dataclass(frozen=True)
class PatientTimes:
    """How long what is good, and how often a link may be tried."""

    link: timedelta
    idle: timedelta
    life: timedelta
    tries: int


class PatientLinks:
    """Implements ``crossclaim.api.patient_port.PatientLinks`` and
    ``crossclaim.patient.services.Doorkeeper``."""

    def __init__(
        self,
        database: Database,
        keyring: Keyring,
        public_url: str,
        times: PatientTimes,
        now: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._keyring = keyring
        self._rows = SqlPatientLinks(database)
        self._audit = SqlAudit(database)
        self._public_url = public_url.rstrip("/")
        self._times = times
        self._now = now

    async def make(self, principal: Principal, episode_id: str, bearer: Bearer) -> NewPatientLink:
        return await asyncio.to_thread(self._make, principal, episode_id, bearer)

    def _make(self, principal: Principal, episode_id: str, bearer: Bearer) -> NewPatientLink:
        reader, role = self._reader(principal, episode_id)
        if self._persona(reader, episode_id, bearer) is None:
            raise Refused(refusal_text(1), [problem_fault("PATIENT_LINK_NOBODY", "/for")])
        link, at = f"{LINK}{secrets.token_urlsafe(32)}", self._now()
        new = NewLinkRow(
            sha256=digest(link),
            episode=episode_id,
            organisation=reader,
            role=role.value,
            bearer=bearer.value,
            maker=principal.organisation,
            made_by=principal.actor,
            expires=at + self._times.link,
        )
        self._rows.add(new, at)
        url = f"{self._public_url}{PATH}{link}"
        return NewPatientLink(url=url, qr_svg=_qr(url), bearer=bearer, expires_at=new.expires)

    def _reader(self, principal: Principal, episode_id: str) -> tuple[str, Role]:
        """As whom the pages read: the maker, or for staff the episode's hospital, else its insurer.

        Raises ``NotFound`` for an episode that the maker may not see.
        """
        with self._database.begin(principal.organisation) as connection:
            hospital = connection.execute(_KNOWN, {"episode": episode_id}).scalar_one_or_none()
            insurers = connection.execute(_INSURERS, {"episode": episode_id}).scalars()
        if hospital is None:
            raise NotFound("there is no such episode")
        if principal.role in HOSPITAL_ROLES:
            return principal.organisation, Role.HOSPITAL_BILLING
        if principal.role in INSURER_ROLES:
            return principal.organisation, Role.INSURER_SYSTEM
        for organisation in (hospital, *insurers):
            with self._database.begin(organisation) as connection:
                sees = connection.execute(_KNOWN, {"episode": episode_id}).scalars()
            if sees:
                own = organisation == hospital
                return organisation, Role.HOSPITAL_BILLING if own else Role.INSURER_SYSTEM
        raise NotFound("there is no such episode")

    def _persona(self, reader: str, episode_id: str, bearer: Bearer) -> Persona | None:
        try:
            with self._database.begin(reader) as connection:
                if not connection.execute(_KNOWN, {"episode": episode_id}).scalars():
                    return None
                return persona_of(connection, self._keyring, episode_id, bearer)
        except (KeyDestroyed, KeyMissing):
            return None

    async def enter(self, link: str, given: Factor) -> LetIn | None:
        """None for whatever is not right: an unknown link, a used one, a wrong word."""
        if not _LINK.fullmatch(link):
            return None
        let_in, tried = await asyncio.to_thread(self._enter, link, given)
        if tried is not None:
            await self._audit.record(
                AuditRecord(
                    organisation=tried.organisation_id,
                    key_id=f"{PATIENT_KEY}{digest(link)[:12]}",
                    operation="patient_enters",
                    about=tried.episode_id,
                    outcome="200" if let_in is not None else "403",
                )
            )
        return let_in

    def _enter(self, link: str, given: Factor) -> tuple[LetIn | None, LinkRow | None]:
        at, sha256 = self._now(), digest(link)
        whose = self._rows.open_link(sha256, self._times.tries, at)
        if whose is None:
            return None, None
        # Read before: a try that waits for its turn holds a connection, and must need no second.
        known = self._persona(whose.organisation_id, whose.episode_id, Bearer(whose.bearer))
        with self._rows.tried(sha256, self._times.tries, at) as (connection, row):
            if row is None:
                return None, None
            if known is None or not is_the_one(given, known):
                return None, row
            cookie, expires = secrets.token_urlsafe(32), at + self._times.life
            begun = self._rows.start(connection, row, sha256, digest(cookie), at, expires)
        return (LetIn(cookie=cookie, expires_at=expires) if begun else None), row

    async def session(self, cookie: str) -> PatientSession | None:
        """None for one that is unknown, ended, idle for too long or over; or whose episode the
        organisation may no longer see."""
        if not _COOKIE.fullmatch(cookie):
            return None
        return await asyncio.to_thread(self._session, cookie)

    def _session(self, cookie: str) -> PatientSession | None:
        sha256, at = digest(cookie), self._now()
        row = self._rows.find(sha256)
        if row is None or at >= row.expires_at or at - row.last_seen_at >= self._times.idle:
            return None
        bearer = Bearer(row.bearer)
        with self._database.begin(row.organisation_id) as connection:
            episodes = episodes_of(connection, row.episode_id, bearer)
        if not episodes:
            return None
        if at - row.last_seen_at >= SEEN_EVERY:
            self._rows.seen(sha256, at)
        principal = Principal(
            organisation=row.organisation_id,
            role=Role(row.role),
            key_id=f"{PATIENT_KEY}{sha256[:12]}",
        )
        return PatientSession(
            principal=principal, bearer=bearer, episodes=tuple(episodes), csrf=csrf_of(cookie)
        )

    async def end(self, cookie: str) -> None:
        if _COOKIE.fullmatch(cookie):
            await asyncio.to_thread(self._rows.end, digest(cookie), self._now())

    def narrow(self, session: PatientSession) -> None:
        """From now on this request reads rows of the session's own episodes alone."""
        ONLY_EPISODES.set(session.episodes)


def _qr(url: str) -> str:
    try:
        import segno
    except ModuleNotFoundError as absent:
        raise Unavailable(f"QR codes need the package {absent.name}; install it with pip") from None
    out = io.BytesIO()
    segno.make(url, error="m", micro=False).save(out, kind="svg", scale=4, border=4, xmldecl=False)
    return out.getvalue().decode()
