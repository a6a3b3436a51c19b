"""How soon claims with papers are decided at a given rate, and which of them without a person."""

from __future__ import annotations

import asyncio
import json
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from pydantic import BaseModel, ConfigDict

from crossclaim.bench.claim_stream import Drawn, stream
from crossclaim.bench.measure import percentile
from crossclaim.domain.errors import CrossclaimError, InProgress
from crossclaim.seed import KEYS_FILE, seed
from crossclaim.stack import Plan, Stack
from crossclaim.wiring import House, worker_house

LOOK_EVERY_S = 0.5
PATIENCE_S = 120.0
WARM_UP = 5
CLEAN = "clean"
REFUSED = "refused"
"""Turned away at the door or by the rules: nothing was opened."""
BY_ITSELF = ("approved", "partial")
DECIDED = (*BY_ITSELF, "denied", "voided", "failed")


class ClaimFigures(BaseModel):
    """What a stream of claims came to. ``ends``: what the claims are (``clean``, or what is not as
    it is in them) → how they ended without a person → how many."""

    model_config = ConfigDict(frozen=True)

    claims: int
    rate: float
    """Claims a second, as they were sent."""
    seed: int
    decision_p50_s: float
    """From the sending of a clean claim to its decision."""
    decision_p99_s: float
    decided_alone: float
    """Share of the clean claims that were decided without a person."""
    dirty_approved: int
    """Dirty claims that were approved by themselves."""
    ends: dict[str, dict[str, int]]


@dataclass(frozen=True)
class Sent:
    """``claim_id``: empty where it was refused. ``at``: seconds since the epoch."""

    drawn: Drawn
    at: float
    claim_id: str


Told = Callable[[], None]
_ENDS = "select id, state, decided_at from claim where id = any(%(ids)s)"


def measure(claims: int, rate: float, drawn_by: int, place: Path, told: Told) -> ClaimFigures:
    """On a whole stack of its own in ``place``. Raises ``CrossclaimError`` where the API fails."""
    with Stack.of(place, Plan(port_base=0, seed=seed, supervise=False)) as stack:
        keys = json.loads((stack.home.root / KEYS_FILE).read_text(encoding="utf-8"))
        house = worker_house(stack.settings)
        try:
            sender = Sender(stack.urls.api, keys, house)
            asyncio.run(sender.send(stream(drawn_by + 1, WARM_UP, 0.0), rate, lambda: None))
            sent = asyncio.run(sender.send(stream(drawn_by, claims), rate, told))
            ends = sender.ends(sent)
        finally:
            house.database.close()
    return figures_of(sent, ends, rate, drawn_by)


@dataclass(frozen=True)
class Ended:
    state: str
    at: float | None
    """When it was decided, seconds since the epoch."""


class Sender:
    """An insurer's system that sends claims and reads what became of them."""

    def __init__(self, api: str, keys: dict[str, str], house: House) -> None:
        self._api = api
        self._keys = keys
        self._house = house

    async def send(self, drawn: Sequence[Drawn], rate: float, told: Told) -> list[Sent]:
        """Each at its moment, whether or not the one before it was answered."""
        begun = time.monotonic()
        limits = httpx.Limits(max_connections=200, max_keepalive_connections=200)
        async with httpx.AsyncClient(base_url=self._api, timeout=60, limits=limits) as http:

            async def one(number: int, claim: Drawn) -> Sent:
                await asyncio.sleep(max(0.0, begun + number / rate - time.monotonic()))
                sent = await self._one(http, claim)
                told()
                return sent

            return await asyncio.gather(*(one(n, claim) for n, claim in enumerate(drawn)))

    async def _one(self, http: httpx.AsyncClient, claim: Drawn) -> Sent:
        headers = {"Authorization": f"Bearer {self._keys[claim.insurer]}"}
        at = time.time()
        while True:
            answer = await http.post("/v1/claims", json=claim.body, headers=headers)
            body: dict[str, Any] = answer.json()
            if answer.status_code in (200, 201):
                return Sent(claim, at, str(body["claim_id"]))
            if "errors" in body:
                return Sent(claim, at, "")
            if answer.status_code not in (202, 503) and body.get("code") != InProgress.code:
                raise CrossclaimError(
                    f"the API answered {answer.status_code} to a claim", code="BENCH_STOPPED"
                )
            await asyncio.sleep(LOOK_EVERY_S)

    def ends(self, sent: Sequence[Sent]) -> dict[str, Ended]:
        """Of each claim, once every one is decided or waits for a person."""
        ids = [one.claim_id for one in sent if one.claim_id]
        deadline = time.monotonic() + PATIENCE_S
        while True:
            found = self._look(ids)
            on_their_way = [one for one in found.values() if one.state in ("due", "submitted")]
            if not on_their_way or time.monotonic() > deadline:
                return found
            time.sleep(LOOK_EVERY_S)

    def _look(self, ids: Sequence[str]) -> dict[str, Ended]:
        with self._house.database.begin() as connection:
            rows = connection.execute(_ENDS, {"ids": list(ids)}).all()
        return {
            str(row[0]): Ended(str(row[1]), None if row[2] is None else row[2].timestamp())
            for row in rows
        }


def figures_of(
    sent: Sequence[Sent], ends: dict[str, Ended], rate: float, drawn_by: int
) -> ClaimFigures:
    """The shares and times of what was sent."""
    table: dict[str, Counter[str]] = {}
    waits: list[float] = []
    for one in sent:
        ended = ends.get(one.claim_id, Ended(REFUSED, None))
        kind = CLEAN if one.drawn.dirt is None else one.drawn.dirt.value
        table.setdefault(kind, Counter())[ended.state] += 1
        if kind == CLEAN and ended.at is not None:
            waits.append(ended.at - one.at)
    clean = table.get(CLEAN, Counter())
    dirty = [states for kind, states in table.items() if kind != CLEAN]
    return ClaimFigures(
        claims=len(sent),
        rate=rate,
        seed=drawn_by,
        decision_p50_s=round(percentile(waits, 0.5), 3),
        decision_p99_s=round(percentile(waits, 0.99), 3),
        decided_alone=round(sum(clean[s] for s in DECIDED) / max(1, clean.total()), 4),
        dirty_approved=sum(states[s] for states in dirty for s in BY_ITSELF),
        ends={kind: dict(sorted(states.items())) for kind, states in sorted(table.items())},
    )
