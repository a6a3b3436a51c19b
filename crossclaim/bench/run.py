"""One run of the bench: a stack of its own, ours and bare in turn, and everything counted."""

from __future__ import annotations

import asyncio
import functools
import json
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from temporalio.client import Client

from crossclaim.bench.bare_load import BareDesk
from crossclaim.bench.figures import Block, Figures, Side, figures_of
from crossclaim.bench.hospital import HospitalDesk
from crossclaim.bench.load import Course, Load, Told, lay
from crossclaim.bench.measure import Meter, mib_of, run_of
from crossclaim.bench.plan import BenchPlan, Kind
from crossclaim.domain.errors import CrossclaimError
from crossclaim.seed import KEYS_FILE, seed
from crossclaim.stack import Plan, Stack
from crossclaim.wiring import worker_house

SETTLE_S = 3.0
WARM_UP_MIN, WARM_UP_MAX = 4, 20
"""Episodes before the first block: imports, connections and caches are paid for once."""
RUNS_COUNTED = 10
READY_TIMEOUT_S = 60.0

Advance = Callable[[str], Told]
"""Names what is being measured; gives back what is called once an episode."""


def measure(plan: BenchPlan, data_dir: Path, advance: Advance) -> list[Figures]:
    """Every kind with every number of workers, each number on a fresh stack under ``data_dir``."""
    found: list[Figures] = []
    for workers in plan.workers:
        found += _on_a_stack(plan, data_dir / f"workers-{workers}", workers, advance)
    return found


def _on_a_stack(plan: BenchPlan, home: Path, workers: int, advance: Advance) -> list[Figures]:
    told = advance(f"starting the stack with {workers} worker(s)")
    extra = {} if plan.slots is None else {"CROSSCLAIM_WORKER_THREADS": str(plan.slots)}
    described = Plan(
        workers=workers,
        port_base=0,
        seed=seed,
        supervise=False,
        extra_env=extra,
        party_latency_s=plan.party_latency_s,
    )
    with Stack.of(home, described) as stack, _bare_workers(plan, stack, workers) as bare_pids:
        told()
        bench = Bench(plan, stack, workers, bare_pids, advance)
        return asyncio.run(bench.run())


@contextmanager
def _bare_workers(plan: BenchPlan, stack: Stack, count: int) -> Iterator[list[int]]:
    """As many processes as there are workers of ours, with the same settings."""
    processes: list[subprocess.Popen[bytes]] = []
    try:
        for number in range(1, (count if plan.bare else 0) + 1):
            processes.append(_bare_worker(plan, stack, stack.home.run / f"bare-{number}.ready"))
        yield [process.pid for process in processes]
    finally:
        for process in processes:
            process.terminate()
        for process in processes:
            process.wait()


def _bare_worker(plan: BenchPlan, stack: Stack, ready: Path) -> subprocess.Popen[bytes]:
    words = [sys.executable, "-m", "crossclaim.bench.bare_worker"]
    with (stack.home.logs / f"{ready.stem}.log").open("ab") as log:
        process = subprocess.Popen(
            [*words, str(plan.party_latency_s), str(ready)],
            env=stack.child_env,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )
    deadline = time.monotonic() + READY_TIMEOUT_S
    while not ready.exists():
        if process.poll() is not None or time.monotonic() > deadline:
            process.kill()
            process.wait()
            raise CrossclaimError("the bare worker did not start", code="BENCH_STOPPED")
        time.sleep(0.05)
    return process


class Bench:
    """The blocks of one stack."""

    def __init__(
        self, plan: BenchPlan, stack: Stack, workers: int, bare_pids: list[int], advance: Advance
    ) -> None:
        self._plan = plan
        self._stack = stack
        self._workers = workers
        self._advance = advance
        self._bare_pids = bare_pids
        self._pids = {name: stack.pid(name) for name in stack.names}
        self._pids |= {f"bare-{n}": pid for n, pid in enumerate(bare_pids, 1)}
        self._next = 1

    async def run(self) -> list[Figures]:
        client = await worker_house(self._stack.settings).client(lazy=False)
        keys = json.loads((self._stack.home.root / KEYS_FILE).read_text(encoding="utf-8"))
        connections = self._plan.concurrency if self._plan.rate is None else 200
        desk = HospitalDesk(self._stack.urls.api, keys, client, connections)
        try:
            return [await self._kind(kind, client, desk) for kind in self._plan.kinds]
        finally:
            await desk.close()

    async def _kind(self, kind: Kind, client: Client, desk: HospitalDesk) -> Figures:
        bare_desk = BareDesk(client)

        async def ours(number: int) -> Course:
            return await desk.run(kind, number, self._treatment)

        async def bare(number: int) -> Course:
            return await bare_desk.run(kind, self._treatment)

        sides: dict[Side, Callable[[int], Awaitable[Course]]] = {Side.OURS: ours}
        if self._plan.bare:
            sides[Side.BARE] = bare
        told = self._advance(f"{kind}: warming up")
        warm_up = max(WARM_UP_MIN, min(WARM_UP_MAX, self._plan.episodes // 4))
        for one in sides.values():
            await self._lay(warm_up, one, told)
        await asyncio.sleep(SETTLE_S)
        blocks: list[Block] = []
        for number, size in enumerate(self._plan.blocks(), 1):
            for side, one in sides.items():
                told = self._advance(f"{kind}: {side} block {number}")
                blocks.append(await self._block(side, size, one, told, client))
        return figures_of(kind, self._workers, blocks, paced=self._plan.rate is not None)

    async def _treatment(self) -> None:
        await asyncio.sleep(self._plan.treatment_s)

    async def _lay(self, size: int, one: Callable[[int], Awaitable[Course]], told: Told) -> Load:
        numbers = range(self._next, self._next + size)
        self._next += size
        plan = self._plan
        return await lay(numbers, one, concurrency=plan.concurrency, rate=plan.rate, told=told)

    async def _block(
        self,
        side: Side,
        size: int,
        one: Callable[[int], Awaitable[Course]],
        told: Told,
        client: Client,
    ) -> Block:
        settings, urls = self._stack.settings, self._stack.urls
        reader = settings.database_reader_url.get_secret_value()
        read = functools.partial(Meter.read, self._pids, urls.temporal_metrics, reader)
        before = await asyncio.to_thread(read)
        load = await self._lay(size, one, told)
        done = await asyncio.to_thread(read)
        # The server publishes its counters now and then; what ran is over by now.
        await asyncio.sleep(SETTLE_S)
        counted_late = await asyncio.to_thread(read)
        cost = replace(
            done, actions=counted_late.actions, transactions=counted_late.transactions
        ).since(before)
        counted = [await run_of(client, c.workflow_id) for c in load.courses[:RUNS_COUNTED]]
        names = [n for n in self._stack.names if n.startswith("worker-")]
        pids = self._bare_pids if side is Side.BARE else [self._stack.pid(n) for n in names]
        return Block(side, load, cost, counted, max(mib_of(pid) for pid in pids))
