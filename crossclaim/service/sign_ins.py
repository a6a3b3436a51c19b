"""People sign in at their identity provider; what they get here is a session row and a cookie."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import logging
import re
import secrets
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta

from crossclaim.api.identity_ports import SignedIn, SignInRefused
from crossclaim.gateways.identity_provider import IdentityProvider, ProviderRefused
from crossclaim.security.expiring_cache import ExpiringCache
from crossclaim.security.principal import Principal, Role
from crossclaim.store.people import Person, SqlPeople
from crossclaim.store.sessions import LoginAttempt, NewSession, SqlSessions, StoredSession

ENDED_WITHIN_S = 5.0
SEEN_EVERY = timedelta(seconds=30)
_COOKIE = re.compile(r"[A-Za-z0-9_\-]{43}")
# A path of ours and nothing that a browser could take for another host.
_PATH = re.compile(r"/(?![/\\])[A-Za-z0-9_\-./?=&%]{0,400}")
_log = logging.getLogger("crossclaim.sign_ins")


def _utc_now() -> datetime:
    return datetime.now(UTC)


class ProvidedSignIns:
    """Implements ``crossclaim.api.identity_ports.SignIns``.

    A session that was ended elsewhere, or a person who was disabled, is out within 5 s.
    """

    def __init__(
        self,
        people: SqlPeople,
        sessions: SqlSessions,
        provider: IdentityProvider,
        *,
        idle: timedelta,
        life: timedelta,
        now: Callable[[], datetime] = _utc_now,
    ) -> None:
        self._people = people
        self._sessions = sessions
        self._provider = provider
        self._idle = idle
        self._life = life
        self._now = now
        self._open: ExpiringCache[str, SignedIn] = ExpiringCache(
            entries_max=4096, age_max_s=ENDED_WITHIN_S
        )

    async def begin(self, return_to: str, *, anew: bool, language: str) -> tuple[str, str]:
        cookie, state = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
        nonce, verifier = secrets.token_urlsafe(32), secrets.token_urlsafe(48)
        address = await self._provider.address(
            state=state, nonce=nonce, verifier=verifier, anew=anew, language=language
        )
        place = return_to if _PATH.fullmatch(return_to) else "/"
        attempt = LoginAttempt(state=state, nonce=nonce, verifier=verifier, return_to=place)
        await asyncio.to_thread(self._sessions.begin_login, digest(cookie), attempt)
        return address, cookie

    async def complete(
        self, attempt: str, answer: Mapping[str, str], before: str | None
    ) -> tuple[str, str]:
        begun = None
        if _COOKIE.fullmatch(attempt):
            begun = await asyncio.to_thread(self._sessions.take_login, digest(attempt))
        # As bytes: of texts only plain ASCII can be compared.
        state = answer.get("state", "").encode()
        if begun is None or not hmac.compare_digest(begun.state.encode(), state):
            raise SignInRefused("this sign-in did not begin in this browser, or is over")
        if answer.get("iss", self._provider.issuer).rstrip("/") != self._provider.issuer:
            raise SignInRefused("another provider answered than was asked")
        if "code" not in answer:
            raise SignInRefused("the identity provider did not sign you in")
        try:
            proven = await self._provider.identity(
                code=answer["code"], nonce=begun.nonce, verifier=begun.verifier
            )
        except ProviderRefused as error:
            _log.warning("a sign-in was refused: %s", error)
            raise SignInRefused("what the identity provider said cannot be believed") from None
        person = await asyncio.to_thread(self._people.by_subject, proven.issuer, proven.subject)
        if person is None or not person.roles:
            _log.warning("a sign-in was refused: nobody here is known by it")
            raise SignInRefused("you are not known here; ask your organisation to add you")
        if before is not None:
            await self.end(before)
        cookie = await asyncio.to_thread(self._start, person, proven.session, proven.signed_in_at)
        return cookie, begun.return_to

    def _start(self, person: Person, provider_session: str, signed_in_at: datetime) -> str:
        """A session never goes on under an id that anybody had before."""
        cookie, at = secrets.token_urlsafe(32), self._now()
        self._sessions.start(
            NewSession(
                sha256=digest(cookie),
                person=person.id,
                organisation=person.organisation,
                role=person.roles[0],
                provider_session=provider_session,
                signed_in_at=min(signed_in_at, at),
                at=at,
                expires_at=at + self._life,
            )
        )
        return cookie

    async def session(self, cookie: str) -> SignedIn | None:
        if not _COOKIE.fullmatch(cookie):
            return None
        key = digest(cookie)
        known = self._open.get(key)
        if known is None:
            known = await asyncio.to_thread(self._session, key, cookie)
            if known is not None:
                self._open.put(key, known)
        return known

    def _session(self, key: str, cookie: str) -> SignedIn | None:
        stored, at = self._sessions.find(key), self._now()
        if stored is None or at >= stored.expires_at or at - stored.last_seen_at >= self._idle:
            return None
        person = self._people.by_id(stored.person)
        if person is None or person.disabled_at is not None or stored.role not in person.roles:
            return None
        if at - stored.last_seen_at >= SEEN_EVERY:
            self._sessions.seen(key, at)
        return SignedIn(
            principal=_principal(person, stored),
            name=person.name,
            roles=person.roles,
            csrf=csrf_of(cookie),
            expires_at=stored.expires_at,
        )

    async def act_as(self, cookie: str, role: str) -> bool:
        known = await self.session(cookie)
        if known is None or role not in known.roles:
            return False
        await asyncio.to_thread(self._sessions.act_as, digest(cookie), role)
        self._open.forget(digest(cookie))
        return True

    async def end(self, cookie: str) -> None:
        if _COOKIE.fullmatch(cookie):
            await asyncio.to_thread(self._sessions.end, digest(cookie), self._now())
            self._open.forget(digest(cookie))

    async def provider_ended(self, logout_token: str) -> None:
        try:
            subject = await self._provider.logged_out(logout_token)
        except ProviderRefused:
            raise SignInRefused("this is no logout token of the identity provider") from None
        person = await asyncio.to_thread(self._people.by_subject, self._provider.issuer, subject)
        if person is not None:
            await asyncio.to_thread(self._sessions.end_all, person.id)


def digest(cookie: str) -> str:
    return hashlib.sha256(cookie.encode()).hexdigest()


def csrf_of(cookie: str) -> str:
    """What our pages know and no others: made of the cookie, which no script reads."""
    return hmac.new(cookie.encode(), b"csrf", hashlib.sha256).hexdigest()


def _principal(person: Person, stored: StoredSession) -> Principal:
    return Principal(
        organisation=person.organisation,
        role=Role(stored.role),
        key_id=person.id,
        person=person.id,
        signed_in_at=stored.signed_in_at,
        licences=person.licences,
    )
