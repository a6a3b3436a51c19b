"""How far the doors reach: reads at a rate, with episodes and FHIR messages beside them."""

from __future__ import annotations

import asyncio
import copy
import json
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict

from crossclaim.bench.hospital import HospitalDesk
from crossclaim.bench.http_line import HttpLine
from crossclaim.bench.measure import percentile, seconds_of, seconds_of_self
from crossclaim.bench.plan import Kind
from crossclaim.domain.errors import CrossclaimError
from crossclaim.seed import EXAMPLES, KEYS_FILE, seed
from crossclaim.stack import Plan, Stack
from crossclaim.wiring import worker_house

LINES = 64
"""Open connections of the reader; more reads at once wait for one."""
KNOWN = 30
"""Episodes that are there before the reads begin."""
WARM_UP = 12
SETTLE_S = 3.0
MIX: tuple[tuple[int, str, str], ...] = (
    (10, "episode", "/v1/episodes/{episode}"),
    (3, "story", "/v1/episodes/{episode}/story"),
    (3, "episodes", "/v1/episodes?limit=20"),
    (2, "myself", "/v1/me"),
    (1, "fhir episode", "/fhir/EpisodeOfCare/{resource}"),
    (1, "fhir answers", "/fhir/ClaimResponse?patient=Patient/{resource}"),
)
"""Of twenty reads how many are what: a hospital's system that follows its episodes."""
TURNS = [(what, path) for share, what, path in MIX for _ in range(share)]
READER, SENDER = "jiangmen-central", "hku-szh"
"""Hospitals of the example episode and of the example claim."""


@dataclass(frozen=True)
class ReachPlan:
    reads: float
    """A second, each at its moment whether or not the one before was answered."""
    episodes: float
    submits: float
    """FHIR claims a second."""
    seconds: float


class KindOfRead(BaseModel):
    model_config = ConfigDict(frozen=True)

    count: int
    p50_ms: float
    p99_ms: float


class Reach(BaseModel):
    """What a run came to. ``processor``: cores that each part kept busy."""

    model_config = ConfigDict(frozen=True)

    seconds: float
    reads_wanted: float
    reads: float
    """A second, answered within the run."""
    read_p50_ms: float
    read_p99_ms: float
    kinds: dict[str, KindOfRead]
    episodes: float
    submits: float
    submit_p50_ms: float
    submit_p99_ms: float
    refused: dict[str, int]
    """Answers that were none of 200 to 202, by status."""
    processor: dict[str, float]


@dataclass
class Taken:
    """Seconds that answers took, by what was asked."""

    seconds: dict[str, list[float]] = field(default_factory=dict)
    refused: Counter[str] = field(default_factory=Counter)

    def note(self, what: str, took: float, status: int) -> None:
        self.seconds.setdefault(what, []).append(took)
        if status not in (200, 201, 202):
            self.refused[str(status)] += 1


Told = Callable[[], None]


def measure(plan: ReachPlan, home: Path, told: Told) -> Reach:
    """On a whole stack of its own in ``home``; ``told`` is called once a read."""
    # The pace of one key would answer most of it.
    paces = {"CROSSCLAIM_READS_PER_S": "100000", "CROSSCLAIM_WRITES_PER_S": "100000"}
    described = Plan(port_base=0, seed=seed, supervise=False, extra_env=paces)
    with Stack.of(home, described) as stack:
        return asyncio.run(_Run(plan, stack, told).whole())


class _Run:
    def __init__(self, plan: ReachPlan, stack: Stack, told: Told) -> None:
        self._plan = plan
        self._stack = stack
        self._told = told
        self._taken = Taken()
        self._keys = json.loads((stack.home.root / KEYS_FILE).read_text(encoding="utf-8"))
        self._free: asyncio.Queue[HttpLine] = asyncio.Queue()
        self._bundle = (EXAMPLES / "fhir-claim-bundle.json").read_text(encoding="utf-8")
        self._done = 0

    async def whole(self) -> Reach:
        client = await worker_house(self._stack.settings).client(lazy=False)
        desk = HospitalDesk(self._stack.urls.api, self._keys, client, 50)
        for _ in range(LINES):
            self._free.put_nowait(HttpLine(self._stack.urls.api))
        try:
            known = await self._prepared(desk)
            await asyncio.sleep(SETTLE_S)
            return await self._measured(desk, known)
        finally:
            await desk.close()
            while not self._free.empty():
                self._free.get_nowait().close()

    async def _prepared(self, desk: HospitalDesk) -> list[str]:
        """Finished episodes, and every kind of request once."""
        found = []
        for number in range(KNOWN):
            course = await desk.run(Kind.OUTPATIENT, number + 1, _at_once)
            found.append(course.workflow_id)
        # Many at once, so that every connection of the API has planned its statements.
        for _ in range(WARM_UP):
            await asyncio.gather(*(self._read(number, found) for number in range(LINES)))
        for number in range(3):
            await self._submit(number)
        self._taken = Taken()
        return found

    async def _measured(self, desk: HospitalDesk, known: list[str]) -> Reach:
        plan, pids = self._plan, {name: self._stack.pid(name) for name in self._stack.names}
        before = {name: seconds_of(pid) for name, pid in pids.items()}
        own, begun = seconds_of_self(), time.monotonic()

        async def episode(number: int) -> None:
            await desk.run(Kind.OUTPATIENT, KNOWN + number + 1, _at_once)
            self._done += 1

        async def read(number: int) -> None:
            await self._read(number, known)
            self._told()

        await asyncio.gather(
            self._paced(plan.reads, begun, read),
            self._paced(plan.episodes, begun, episode),
            self._paced(plan.submits, begun, lambda number: self._submit(10 + number)),
        )
        took = time.monotonic() - begun
        spent = {n: (seconds_of(pid) - before[n]) / took for n, pid in pids.items()}
        spent["bench"] = (seconds_of_self() - own) / took
        return self._figures(took, spent)

    async def _paced(
        self, rate: float, begun: float, one: Callable[[int], Awaitable[None]]
    ) -> None:
        """Each at its moment, until the time is over; ends with the last answer."""
        count = int(rate * self._plan.seconds)

        async def at_its_moment(number: int) -> None:
            await asyncio.sleep(max(0.0, begun + number / rate - time.monotonic()))
            await one(number)

        async with asyncio.TaskGroup() as group:
            for number in range(count):
                group.create_task(at_its_moment(number))

    async def _read(self, number: int, known: Sequence[str]) -> None:
        what, path = TURNS[number % len(TURNS)]
        episode = known[number * 7 % len(known)]
        address = path.format(episode=episode, resource=episode.replace("_", "-"))
        await self._timed(what, READER, "GET", address)

    async def _submit(self, number: int) -> None:
        """A claim of a visit of its own, by the hospital's own system."""
        text = self._bundle.replace("ZY20260311-0087", f"ZY20260311-B{number:05d}")
        text = text.replace("F20260314-0087", f"F20260314-B{number:05d}")
        await self._timed("submit", SENDER, "POST", "/fhir/Claim/$submit", text.encode())

    async def _timed(self, what: str, who: str, method: str, path: str, body: bytes = b"") -> None:
        """From its moment to its answer; waiting for a free connection counts."""
        begun = time.monotonic()
        line = await self._free.get()
        headers = {"Authorization": f"Bearer {self._keys[who]}"}
        if body:
            headers["Content-Type"] = "application/fhir+json"
        try:
            status, _ = await line.ask(method, path, headers, body)
        except OSError as error:
            raise CrossclaimError(
                f"the API did not answer to {what} ({type(error).__name__})", code="BENCH_STOPPED"
            ) from None
        finally:
            self._free.put_nowait(line)
        self._taken.note(what, time.monotonic() - begun, status)

    def _figures(self, took: float, spent: dict[str, float]) -> Reach:
        seconds = copy.copy(self._taken.seconds)
        submits = seconds.pop("submit", [])
        reads = [one for values in seconds.values() for one in values]
        kinds = {
            what: KindOfRead(count=len(v), p50_ms=_ms(v, 0.5), p99_ms=_ms(v, 0.99))
            for what, v in seconds.items()
        }
        return Reach(
            seconds=round(took, 1),
            reads_wanted=self._plan.reads,
            reads=round(len(reads) / took, 1),
            read_p50_ms=_ms(reads, 0.5),
            read_p99_ms=_ms(reads, 0.99),
            kinds=kinds,
            episodes=round(self._done / took, 2),
            submits=round(len(submits) / took, 2),
            submit_p50_ms=_ms(submits, 0.5),
            submit_p99_ms=_ms(submits, 0.99),
            refused=dict(self._taken.refused),
            processor={name: round(cores, 3) for name, cores in spent.items()},
        )


async def _at_once() -> None:
    return


def _ms(values: list[float], share: float) -> float:
    return round(1000 * percentile(values, share), 1)


def sentences(found: Reach) -> list[str]:
    """For people."""
    told: list[Any] = [
        f"{found.reads:g} reads a second of {found.reads_wanted:g} wanted, beside"
        f" {found.episodes:g} episodes and {found.submits:g} FHIR claims a second:"
        f" {found.read_p50_ms:g} ms (median), {found.read_p99_ms:g} ms (99th percentile)"
    ]
    if found.submits:
        told.append(
            f"a FHIR claim: {found.submit_p50_ms:g} ms (median), {found.submit_p99_ms:g} ms"
        )
    told += [
        f"  {what:<14} {one.count:>6}  {one.p50_ms:>8} {one.p99_ms:>8} ms"
        for what, one in found.kinds.items()
    ]
    busy = ", ".join(f"{name} {cores:.2f}" for name, cores in found.processor.items())
    told.append(f"cores kept busy: {busy}")
    if found.refused:
        told.append(f"refused, by status: {found.refused}")
    return told
