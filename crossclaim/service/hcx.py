"""The exchange's door: what comes is proved, opened, kept once, and answered or handed on."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Callable
from datetime import datetime

from crossclaim.domain.errors import Conflict
from crossclaim.domain.hcx import (
    CALLBACKS,
    CLAIM,
    ERROR,
    NOTIFY,
    PREAUTH,
    REDIRECT,
    REQUEST_STATES,
    REQUESTS,
    VERSION,
    Headers,
)
from crossclaim.domain.hcx_cycle import Arrived, Cycle, Opened
from crossclaim.domain.hcx_errors import HcxCode, HcxError
from crossclaim.domain.hcx_topics import Subscription
from crossclaim.engine import EpisodeEngine
from crossclaim.gateways import fhir_terms as terms
from crossclaim.gateways import strict_json
from crossclaim.gateways.hcx_envelope import (
    check_token,
    compact_of,
    opened,
    protected_headers,
)
from crossclaim.gateways.hcx_insurer import REDIRECTED, resource_in
from crossclaim.gateways.hcx_keys import KeyBook
from crossclaim.service.insurer_answers import InsurerAnswers
from crossclaim.store.hcx_notices import SqlHcxSubscriptions
from crossclaim.store.hcx_tables import SqlHcxArrivals


class HcxDoor:
    """Implements ``crossclaim.api.hcx_port.HcxExchange``."""

    def __init__(
        self,
        book: KeyBook,
        arrivals: SqlHcxArrivals,
        wishes: SqlHcxSubscriptions,
        answers: InsurerAnswers,
        engine: EpisodeEngine,
        stale_after_s: float,
        now: Callable[[], datetime],
    ) -> None:
        self._book = book
        self._arrivals = arrivals
        self._wishes = wishes
        self._answers = answers
        self._engine = engine
        self._stale_after_s = stale_after_s
        self._now = now

    def open(self, version: str, action: str, authorization: str, raw: bytes) -> Opened:
        """Raises ``HcxError`` unless the message is whole, fresh, for us and its sender's own."""
        if version != VERSION or action not in (*REQUESTS, *CALLBACKS, NOTIFY):
            raise HcxError(HcxCode.VERSION)
        compact = compact_of(raw)
        headers = Headers.read(protected_headers(compact), answers=action in CALLBACKS)
        served, sender = self._book.own.get(headers.recipient), headers.sender
        if served is None:
            raise HcxError(HcxCode.RECIPIENT)
        known, at = self._book.others.get(sender), self._now()
        if known is None:
            raise HcxError(HcxCode.SENDER)
        if abs((at - headers.timestamp).total_seconds()) > self._stale_after_s:
            raise HcxError(HcxCode.TIMESTAMP, f"more than {self._stale_after_s:g} s from now")
        check_token(authorization, headers, compact, self._book, at)
        content = opened(compact, self._book.opening_keys(headers.recipient, at))
        try:
            text = content.decode()
        except UnicodeDecodeError:
            raise HcxError(HcxCode.WRONG_DOMAIN, "the content is not UTF-8") from None
        return Opened(
            action=action,
            headers=headers,
            organisation=known.organisation,
            role=known.role,
            served=served.organisation,
            content=text,
            sha256=_digest(action, headers, text),
        )

    async def known(self, message: Opened) -> int | None:
        """The row of this very message, if it came before. Raises ``HcxError`` for another's id."""
        said = message.headers
        found = await asyncio.to_thread(
            self._arrivals.known, message.organisation, said.sender, said.api_call_id
        )
        if found is not None and found[1] != message.sha256:
            raise HcxError(HcxCode.API_CALL_ID, "used before with other content")
        return None if found is None else found[0]

    async def request(self, message: Opened, correlation_id: str) -> Arrived | None:
        """The sender's own request of this cycle."""
        return await asyncio.to_thread(
            self._arrivals.request, message.organisation, message.headers.sender, correlation_id
        )

    async def owe(self, message: Opened, answer: Arrived) -> None:
        """Keeps a request with what it is to be answered, and has the answer sent."""
        await self.answer_again(await self._kept(message, answer))

    async def wish(self, message: Opened, wish: Subscription) -> None:
        """Keeps what the sender wants to be told of."""
        await asyncio.to_thread(self._wishes.add, message.organisation, wish)

    async def note(self, message: Opened, arrived: Arrived) -> None:
        """Keeps a message that is answered by its acknowledgment alone."""
        await self._kept(message, arrived)

    async def _kept(self, message: Opened, arrived: Arrived) -> int:
        number, digest = await asyncio.to_thread(self._arrivals.keep, arrived)
        if digest != message.sha256:
            raise HcxError(HcxCode.API_CALL_ID, "used before with other content")
        return number

    async def answer_again(self, number: int) -> None:
        """Raises ``Unavailable`` when the engine is down: the sender sends again."""
        await self._engine.answer_hcx(number)

    async def take_answer(self, message: Opened) -> None:
        """An answer to a request of ours: kept once, and applied where an episode waits for it."""
        if await self.known(message) is not None:
            return
        cycle = await self._cycle(message)
        if message.headers.status in REQUEST_STATES or cycle.action not in (PREAUTH, CLAIM):
            content = "" if message.headers.error else message.content
            await self._keep(message, cycle, content)
            return
        text = _told(message, cycle)
        try:
            await self._answers.take(
                message.organisation,
                cycle.episode_id,
                f"hcx/{message.headers.api_call_id}",
                text,
            )
        except Conflict:
            raise HcxError(HcxCode.API_CALL_ID, "used before with other content") from None
        await self._keep(message, cycle, text)

    async def _cycle(self, message: Opened) -> Cycle:
        """The request that this answers. Nobody answers for another, nor another's request."""
        said = message.headers
        cycle = await asyncio.to_thread(
            self._arrivals.cycle, message.organisation, said.correlation_id
        )
        if (
            cycle is None
            or (cycle.recipient, cycle.sender) != (said.sender, said.recipient)
            or cycle.action != CALLBACKS[message.action]
        ):
            raise HcxError(HcxCode.CORRELATION_ID)
        if said.workflow_id != cycle.episode_id:
            raise HcxError(HcxCode.WORKFLOW_ID)
        return cycle

    async def _keep(self, message: Opened, cycle: Cycle, content: str) -> None:
        arrived = message.arrived(cycle.episode_id, reference=cycle.reference, content=content)
        await self._kept(message, arrived)


def _digest(action: str, headers: Headers, content: str) -> str:
    """The timestamp is left out: whoever sends a message again stamps it anew."""
    whole = headers.model_dump(mode="json", exclude={"timestamp"})
    text = json.dumps([action, whole, content], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _told(message: Opened, cycle: Cycle) -> str:
    """What the episode is handed: the ClaimResponse, or the error as an OperationOutcome."""
    said = message.headers
    if said.status in (ERROR, REDIRECT):
        return _outcome(said.error.code if said.error else REDIRECTED)
    try:
        answer = resource_in(strict_json.loads(message.content), "ClaimResponse")
    except ValueError:
        raise HcxError(HcxCode.WRONG_DOMAIN, "one ClaimResponse is expected") from None
    request = answer.get("request")
    identifier = request.get("identifier") if isinstance(request, dict) else None
    if not isinstance(identifier, dict) or identifier.get("value") != cycle.reference:
        raise HcxError(HcxCode.DOMAIN, "ClaimResponse.request.identifier")
    return strict_json.dumps(answer).decode()


def _outcome(code: str) -> str:
    coding = [{"system": terms.HCX_ERROR, "code": code}]
    issue = {"severity": "error", "code": "processing", "details": {"coding": coding}}
    return json.dumps({"resourceType": "OperationOutcome", "issue": [issue]})
