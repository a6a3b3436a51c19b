"""Opens payloads for Temporal's UI and CLI: for who may see that run, and a hundred a minute."""

from __future__ import annotations

import asyncio
import threading
import time
from collections import deque
from collections.abc import Callable

from google.protobuf.json_format import MessageToJson, Parse, ParseError
from temporalio.api.common.v1 import Payload, Payloads

from crossclaim.domain.errors import CrossclaimError, NotFound
from crossclaim.security.data_key import SYSTEM
from crossclaim.security.errors import KeyMissing, Undecipherable
from crossclaim.security.keyring import Keyring
from crossclaim.security.opened_history import opened_payload, scope_of_payload
from crossclaim.security.roles import Principal, Role
from crossclaim.store.session import Database

PAYLOADS_A_MINUTE = 100
_MAY_SEE = """
select exists (select 1 from organisation o where o.id = %(organisation)s and o.kind = 'operator')
    or exists (select 1 from episode e where e.id = %(scope)s)
    or exists (select 1 from family_binding b where b.id = %(scope)s)
    or exists (select 1 from family_code_link l where l.id = %(scope)s) as may
"""


class TooMany(CrossclaimError):
    status = 429
    code = "TOO_MANY_PAYLOADS"


class NotPayloads(CrossclaimError):
    status = 422
    code = "PAYLOADS_MALFORMED"


class CodecDesk:
    """Implements ``crossclaim.api.privacy_ports.PayloadDecoder``.

    An operator sees that and why a run waits, so he opens what is about nobody; support opens what
    its organisation may see, and the platform's own support any run.
    """

    def __init__(
        self,
        database: Database,
        keyring: Keyring,
        origin: str,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.origin = origin
        self._database = database
        self._keyring = keyring
        self._clock = clock
        self._lock = threading.Lock()
        self._opened: dict[str, deque[float]] = {}

    async def decode(
        self, principal: Principal, body: bytes, reason: str
    ) -> tuple[bytes, list[str]]:
        return await asyncio.to_thread(self._decode, principal, body)

    def _decode(self, principal: Principal, body: bytes) -> tuple[bytes, list[str]]:
        asked = _payloads(body)
        self._count(principal.key_id, len(asked))
        scopes = sorted({scope for one in asked if (scope := _scope(one)) is not None})
        for scope in scopes:
            if not self._may_see(principal, scope):
                raise NotFound("there is no such run")
        opened = Payloads(payloads=[self._open(one) for one in asked])
        return MessageToJson(opened).encode(), scopes

    def _open(self, payload: Payload) -> Payload:
        try:
            return opened_payload(self._keyring, payload)
        except (KeyMissing, Undecipherable):
            raise NotPayloads("a payload was not sealed by us") from None

    def _may_see(self, principal: Principal, scope: str) -> bool:
        if scope == SYSTEM:
            return True
        if principal.role is Role.OPERATOR:
            return False
        about = {"organisation": principal.organisation, "scope": scope}
        with self._database.begin(principal.organisation) as connection:
            return bool(connection.execute(_MAY_SEE, about).scalar_one())

    def _count(self, key_id: str, payloads: int) -> None:
        with self._lock:
            now = self._clock()
            opened = self._opened.setdefault(key_id, deque())
            while opened and opened[0] <= now - 60:
                opened.popleft()
            if len(opened) + payloads > PAYLOADS_A_MINUTE:
                raise TooMany(f"at most {PAYLOADS_A_MINUTE} payloads are opened in a minute")
            opened.extend([now] * payloads)


def _payloads(body: bytes) -> list[Payload]:
    try:
        return list(Parse(body, Payloads()).payloads)
    except (ParseError, ValueError, TypeError, AttributeError, RecursionError):
        raise NotPayloads("the body is no list of payloads") from None


def _scope(payload: Payload) -> str | None:
    try:
        return scope_of_payload(payload)
    except Undecipherable:
        raise NotPayloads("a payload names no key of ours") from None
