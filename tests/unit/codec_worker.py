"""A worker process with our logging or, as its naive twin, with Python's and the SDK's own."""

from __future__ import annotations

import asyncio
import logging
import sys
from pathlib import Path

from crossclaim.config import Settings
from crossclaim.observability import configure_logging, correlated, temporal_runtime
from crossclaim.security.codec import data_converter
from tests.unit.test_security_codec import Ring, Server, live_through, stumble_through
from workers.main import leave


async def main(address: str, directory: str, name: str, mode: str) -> None:
    if mode == "naive":
        logging.basicConfig(level=logging.DEBUG)
    else:
        configure_logging("worker", "debug")
    runtime = temporal_runtime(Settings())
    ring = Ring(Path(directory))
    episode = f"ep_{name.lower()}"
    ring.keyring.ensure(episode)
    server = Server(address, Path(directory))
    converter = data_converter(ring.keyring)
    with correlated(correlation_id="c-1"):
        await live_through(server, converter, episode, name, runtime)
        await stumble_through(server, converter, f"{episode}/2", name, runtime)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
    # As a worker does: the interpreter's own shutdown can abort in the engine's core.
    leave(0)
