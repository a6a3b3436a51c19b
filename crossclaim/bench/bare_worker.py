"""``python -m crossclaim.bench.bare_worker``: serves the bare workflow as ours are served."""

from __future__ import annotations

import asyncio
import signal
import time
from contextlib import AsyncExitStack
from pathlib import Path

from temporalio import activity
from temporalio.client import Client
from temporalio.runtime import Runtime
from temporalio.worker import Worker

from crossclaim import event_loop
from crossclaim.bench.bare import BareWorkflow
from crossclaim.bench.bare_messages import (
    BARE,
    QUEUES,
    RECEIPT_CHARS,
    STANDING_CHARS,
    BareApplied,
    BareOrder,
    BareStanding,
)
from crossclaim.config import Settings
from crossclaim.observability import configure_logging, temporal_runtime
from crossclaim.wiring import worker_house
from workers.main import leave, queue_worker


class BareSteps:
    """Empty steps; ``latency_s`` is what an outside party would take."""

    def __init__(self, latency_s: float) -> None:
        self._latency_s = latency_s
        self._standing = BareStanding(filler="s" * STANDING_CHARS)

    @activity.defn(name="bare_own")
    def own(self, order: BareOrder) -> BareStanding:
        return self._standing

    @activity.defn(name="bare_apply")
    def apply(self, order: BareOrder) -> BareApplied:
        return BareApplied(receipt="r" * RECEIPT_CHARS, standing=self._standing)

    @activity.defn(name="bare_outside")
    def outside(self, order: BareOrder) -> BareStanding:
        if self._latency_s > 0:
            time.sleep(self._latency_s)
        return self._standing


def bare_workers(client: Client, settings: Settings, steps: BareSteps) -> list[Worker]:
    own = queue_worker(client, settings, BARE, [BareWorkflow], [steps.own, steps.apply])
    queues = QUEUES.values()
    return [own, *(queue_worker(client, settings, q, [], [steps.outside]) for q in queues)]


async def serve(settings: Settings, runtime: Runtime, latency_s: float, ready: Path) -> None:
    """Until SIGTERM; touches ``ready`` once it polls."""
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    client = await worker_house(settings, runtime).client(lazy=False)
    async with AsyncExitStack() as running:
        for worker in bare_workers(client, settings, BareSteps(latency_s)):
            await running.enter_async_context(worker)
        await asyncio.to_thread(ready.touch)
        await stop.wait()


def main(arguments: list[str]) -> int:
    """``arguments``: the outside parties' latency in seconds, and the file to touch."""
    settings = Settings()
    configure_logging("bare worker", settings.log_level)
    runtime = temporal_runtime(settings)
    Runtime.set_default(runtime)
    event_loop.run(serve(settings, runtime, float(arguments[0]), Path(arguments[1])))
    return 0


if __name__ == "__main__":
    import sys

    leave(main(sys.argv[1:]))
