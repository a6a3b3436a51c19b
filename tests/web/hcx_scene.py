"""Participants of an exchange in one process: ourselves, a hospital and an insurer elsewhere."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

import httpx
from fastapi import FastAPI

from crossclaim.api.application import build_app
from crossclaim.config import HcxParticipant, HcxSelf
from crossclaim.domain.errors import Conflict, Unavailable
from crossclaim.domain.hcx import CLAIM, ErrorDetails, Headers, opens_cycle
from crossclaim.domain.hcx_cycle import Answered, Arrived, Cycle
from crossclaim.domain.hcx_topics import Subscription
from crossclaim.gateways.hcx_envelope import body, seal, token
from crossclaim.gateways.hcx_keys import KeyBook, add_keys, own_file, public_file
from crossclaim.service.hcx import HcxDoor
from tests.web.house import MemoryHouse, example, services_over

HARBOUR, MUTUAL = "harbour@hcx", "mutual@hcx"
"""Participants that we are: for insurers that we serve."""
HOSPITAL, PAYOR, STRANGER = "shenzhen@hcx", "jade@hcx", "stranger@hcx"
"""Others; the last one stands in no registry."""
ORGANISATIONS = {
    HARBOUR: "harbour-life",
    MUTUAL: "kowloon-mutual",
    HOSPITAL: "hku-szh",
    PAYOR: "jade-health",
}
VALID = timedelta(days=30)


def plain(content: bytes, field: str) -> bytes:
    return content


@dataclass
class Memory:
    """Rows of the exchange and what was handed on, in lists; the book and the arrivals in one."""

    cycles: list[Cycle] = field(default_factory=list)
    arrived: list[Arrived] = field(default_factory=list)
    taken: dict[str, tuple[str, str]] = field(default_factory=dict)
    owed: list[int] = field(default_factory=list)
    wishes: list[tuple[str, Subscription]] = field(default_factory=list)
    down: bool = False
    on_open: Callable[[], None] = lambda: None

    def open(self, wanted: Cycle) -> Cycle:
        self.on_open()
        known = self.find(wanted.recipient, [wanted.reference]) if wanted.opens else None
        if known is not None and known.action == wanted.action:
            return known
        self.cycles.append(wanted)
        return wanted

    def find(self, recipient: str, references: list[str]) -> Cycle | None:
        fitting = [
            c
            for c in self.cycles
            if c.recipient == recipient and c.reference in references and opens_cycle(c.action)
        ]
        return fitting[-1] if fitting else None

    def answer(self, cycle: Cycle) -> Answered | None:
        fitting = [a for a in self.arrived if a.correlation_id == cycle.correlation_id]
        if not fitting:
            return None
        last = fitting[-1]
        return Answered(status=last.status, code=last.code, content=last.content)

    def cycle(self, organisation: str, correlation_id: str) -> Cycle | None:
        mine = (c for c in self.cycles if c.organisation == organisation)
        return next((c for c in mine if c.correlation_id == correlation_id), None)

    def known(self, organisation: str, sender: str, api_call_id: str) -> tuple[int, str] | None:
        for number, one in enumerate(self.arrived):
            ids = (one.organisation, one.sender, one.api_call_id)
            if ids == (organisation, sender, api_call_id):
                return number, one.sha256
        return None

    def request(self, organisation: str, sender: str, correlation_id: str) -> Arrived | None:
        for one in self.arrived:
            same = (one.sender, one.correlation_id) == (sender, correlation_id)
            if same and one.organisation == organisation and opens_cycle(one.action):
                return one
        return None

    def keep(self, message: Arrived) -> tuple[int, str]:
        ids = (message.organisation, message.sender, message.api_call_id)
        if self.known(*ids) is None:
            self.arrived.append(message)
        kept = self.known(*ids)
        assert kept is not None
        return kept

    def add(self, organisation: str, wish: Subscription) -> None:
        self.wishes.append((organisation, wish))

    async def answer_hcx(self, message: int) -> None:
        if self.down:
            raise Unavailable("down")
        self.owed.append(message)

    async def take(self, insurer: str, episode_id: str, message_id: str, text: str) -> None:
        before = self.taken.setdefault(message_id, (episode_id, text))
        if before != (episode_id, text):
            raise Conflict("submitted before with other content")


class Exchange:
    """The door of ours, and a hand for whoever knocks."""

    def __init__(self, folder: Path) -> None:
        self.memory, self.house = Memory(), MemoryHouse()
        self.started = datetime.now(UTC)
        self.now = self.started
        self.ours, self.theirs = folder / "ours", folder / "theirs"
        for code in (*ORGANISATIONS, STRANGER):
            keys = self.ours if code in (HARBOUR, MUTUAL) else self.theirs
            if not own_file(keys, code).exists():
                self.make_keys(keys, code)
        self.book = self._book(self.ours, self.theirs, [HARBOUR, MUTUAL], [HOSPITAL, PAYOR])
        self.their_book = self._book(
            self.theirs, self.ours, [HOSPITAL, PAYOR, STRANGER], [HARBOUR, MUTUAL]
        )

    def make_keys(
        self, folder: Path, code: str, starts: timedelta = -VALID, ends: timedelta = VALID
    ) -> list[str]:
        return add_keys(folder, code, self.started + starts, self.started + ends, plain)

    def _book(self, own: Path, others: Path, we: list[str], they: list[str]) -> KeyBook:
        return KeyBook(
            [HcxSelf(code=c, organisation=ORGANISATIONS.get(c, "nobody")) for c in we],
            [
                HcxParticipant(
                    code=c,
                    organisation=ORGANISATIONS[c],
                    role="provider" if c == HOSPITAL else "payor",
                    base_url="http://127.0.0.1:1",
                    jwks_file=public_file(others, c),
                )
                for c in they
            ],
            own,
            plain,
        )

    @cached_property
    def app(self) -> FastAPI:
        door = HcxDoor(
            self.book,
            self.memory,  # type: ignore[arg-type]
            self.memory,  # type: ignore[arg-type]
            self.memory,  # type: ignore[arg-type]
            self.memory,  # type: ignore[arg-type]
            300,
            lambda: self.now,
        )
        return build_app(replace(services_over(self.house), hcx=door, document_limit_bytes=400_000))

    def headers(self, sender: str = HOSPITAL, recipient: str = HARBOUR, **said: Any) -> Headers:
        known = {
            "api_call_id": str(uuid.uuid4()),
            "correlation_id": str(uuid.uuid4()),
            "workflow_id": "visit-87",
            "timestamp": self.now,
        }
        return Headers.model_validate({"sender": sender, "recipient": recipient, **known, **said})

    def sealed(self, headers: Headers, content: Any) -> str:
        """For whom the headers name; one whom nobody knows gets it under the first's key."""
        known = headers.recipient if headers.recipient in ORGANISATIONS else HARBOUR
        text = content if isinstance(content, str) else json.dumps(content)
        return seal(headers, text.encode(), self.their_book.sealing_key(known, self.now))

    def authorization(self, headers: Headers, compact: str) -> str:
        key = self.their_book.own_signing_key(headers.sender, self.now)
        return f"Bearer {token(headers, compact, key, self.now)}"

    async def post(
        self,
        headers: Headers,
        content: Any = None,
        action: str = CLAIM,
        *,
        version: str = "v0.8",
        compact: str = "",
        authorization: str | None = None,
    ) -> httpx.Response:
        whole = example("fhir-claim-bundle") if content is None else content
        compact = compact or self.sealed(headers, whole)
        signed = self.authorization(headers, compact) if authorization is None else authorization
        return await self.raw(body(compact), action, version, {"Authorization": signed})

    async def raw(
        self, content: bytes, action: str = CLAIM, version: str = "v0.8", extra: Any = None
    ) -> httpx.Response:
        transport = httpx.ASGITransport(self.app)
        known = {"Content-Type": "application/json", **(extra or {})}
        async with httpx.AsyncClient(transport=transport, base_url="http://api.test") as client:
            return await client.post(f"/hcx/{version}/{action}", content=content, headers=known)

    def asked(self, action: str = CLAIM, reference: str = "CL1", **said: str) -> Cycle:
        """A request of ours to the insurer elsewhere."""
        cycle = Cycle(
            organisation=ORGANISATIONS[PAYOR],
            sender=HARBOUR,
            recipient=PAYOR,
            action=action,
            reference=reference,
            episode_id="ep_1",
            api_call_id=str(uuid.uuid4()),
            correlation_id=str(uuid.uuid4()),
        ).model_copy(update=said)
        return self.memory.open(cycle)

    def answering(self, cycle: Cycle, **said: Any) -> Headers:
        known = {"status": "response.complete", "workflow_id": cycle.episode_id}
        known["correlation_id"] = cycle.correlation_id
        return self.headers(cycle.recipient, cycle.sender, **{**known, **said})


def decided(reference: str = "CL1", **said: Any) -> dict[str, Any]:
    """The least of a ClaimResponse that says whose answer it is."""
    request = {"identifier": {"value": reference}}
    return {"resourceType": "ClaimResponse", "request": request, **said}


def details(code: str = "ERR_OWN") -> ErrorDetails:
    return ErrorDetails(code=code, message="said there")
