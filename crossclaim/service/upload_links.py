"""Upload links: whoever holds one answers one request, and reads and writes nothing else.

The link is made of random bits, told once and kept as a SHA-256; it holds no id of anything.
"""

from __future__ import annotations

import asyncio
import hashlib
import re
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from crossclaim.api.services import LinkedItem, LinkedRequest, NewLink
from crossclaim.domain.errors import NotFound, Refused
from crossclaim.domain.fault_sentences import fault
from crossclaim.domain.faults import refusal_text
from crossclaim.domain.information_request import INFORMATION_PLAN
from crossclaim.domain.information_rows import OPEN
from crossclaim.domain.plan import PlanSet
from crossclaim.domain.stay import local_day
from crossclaim.domain.story_information import LINK_KEY
from crossclaim.security.keyring import Keyring
from crossclaim.security.roles import Principal, Role
from crossclaim.service.information import items_of
from crossclaim.store.connection import Connection
from crossclaim.store.session import Database

_LINK = re.compile(r"ul_[A-Za-z0-9_\-]{43}")
_REQUEST = """
select r.id, r.number, r.asked_of, r.state, r.due_at from information_request r
where r.id = %(request)s and r.episode_id = %(episode)s
"""
_NEWER = """
select 1 from information_link
where request_id = %(request)s and organisation_id = %(organisation)s and id > %(id)s limit 1
"""
_ADD = """
insert into information_link (sha256, request_id, episode_id, organisation_id, role, made_by,
    expires_at)
values (%(sha256)s, %(request)s, %(episode)s, %(organisation)s, %(role)s, %(key)s, %(expires)s)
"""
_FIND = """
select id, request_id, episode_id, organisation_id, role, expires_at from information_link
where sha256 = %(sha256)s and expires_at > now()
"""
_BEARER = "select set_config('crossclaim.upload_link', %(sha256)s, true)"


class UploadLinks:
    """Implements ``crossclaim.api.services.UploadLinks``."""

    def __init__(
        self,
        database: Database,
        keyring: Keyring,
        plans: Callable[[], PlanSet],
        now: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._keyring = keyring
        self._plans = plans
        self._now = now

    async def make(self, principal: Principal, episode_id: str, request_id: str) -> NewLink:
        return await asyncio.to_thread(self._make, principal, episode_id, request_id)

    def _make(self, principal: Principal, episode_id: str, request_id: str) -> NewLink:
        """A new link ends the one that this organisation made before for the same request."""
        link = f"{LINK_KEY}{secrets.token_urlsafe(32)}"
        expires_at = self._now() + self._valid_for()
        values = {"request": request_id, "episode": episode_id}
        values |= {"organisation": principal.organisation, "role": principal.role.value}
        with self._database.begin(principal.organisation) as connection:
            found = connection.execute(_REQUEST, values).one_or_none()
            if found is None:
                raise NotFound("there is no such information request")
            if found.state != OPEN:
                closed = fault("INFORMATION_REQUEST_CLOSED", "", state=found.state)
                raise Refused(refusal_text(1), [closed])
            more = {"sha256": _digest(link), "key": principal.key_id, "expires": expires_at}
            connection.execute(_ADD, {**values, **more})
        return NewLink(link=link, expires_at=expires_at)

    def _valid_for(self) -> timedelta:
        plan = self._plans().find(INFORMATION_PLAN)
        if plan is None:
            missing = fault("INFORMATION_RULES_MISSING", "")
            raise Refused(refusal_text(1), [missing])
        return timedelta(days=plan.on(local_day(self._now())).count("information.link_valid"))

    async def opened(self, link: str) -> LinkedRequest:
        return await asyncio.to_thread(self._opened, link)

    def _opened(self, link: str) -> LinkedRequest:
        """Raises ``NotFound`` for a link that is unknown, ended or over: never told apart."""
        if not _LINK.fullmatch(link):
            raise NotFound("there is no such link")
        digest = _digest(link)
        with self._database.begin() as connection:
            connection.execute(_BEARER, {"sha256": digest})
            known = connection.execute(_FIND, {"sha256": digest}).one_or_none()
        if known is None:
            raise NotFound("there is no such link")
        key_id = f"{LINK_KEY}{digest[:12]}"
        principal = Principal(
            organisation=known.organisation_id, role=Role(known.role), key_id=key_id
        )
        values = {"request": known.request_id, "episode": known.episode_id, "id": known.id}
        with self._database.begin(principal.organisation) as connection:
            replaced = {**values, "organisation": principal.organisation}
            if connection.execute(_NEWER, replaced).scalar_one_or_none() is not None:
                raise NotFound("there is no such link")
            return self._read(connection, principal, values, known.expires_at)

    def _read(
        self,
        connection: Connection,
        principal: Principal,
        values: dict[str, Any],
        expires_at: datetime,
    ) -> LinkedRequest:
        episode_id, request_id = values["episode"], values["request"]
        request = connection.execute(_REQUEST, values).one_or_none()
        if request is None:
            raise NotFound("there is no such link")
        items = items_of(connection, self._keyring, episode_id).get(request_id, [])
        return LinkedRequest(
            principal=principal,
            episode_id=episode_id,
            request_id=request_id,
            number=request.number,
            status=request.state,
            asked_of=request.asked_of,
            due_at=request.due_at,
            expires_at=expires_at,
            documents=[LinkedItem.model_validate(one) for one in items],
        )


def _digest(link: str) -> str:
    return hashlib.sha256(link.encode()).hexdigest()
