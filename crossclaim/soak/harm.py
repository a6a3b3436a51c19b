"""Restarts of workers, one after the other, for as long as the soak runs."""

from __future__ import annotations

import asyncio
import itertools
import logging

from crossclaim.stack import Stack, StackError

LOGGER = logging.getLogger(__name__)


class Harm:
    """Kills a worker every so many seconds and starts it again; counts how often."""

    def __init__(self, stack: Stack, every_s: float) -> None:
        self._stack = stack
        self._every_s = every_s
        self.restarts = 0

    async def go_on(self) -> None:
        """Until it is cancelled."""
        workers = [name for name in self._stack.names if name.startswith("worker-")]
        for name in itertools.cycle(workers):
            await asyncio.sleep(self._every_s)
            await asyncio.to_thread(self._restart, name)

    def _restart(self, name: str) -> None:
        self._stack.kill(name)
        try:
            self._stack.restart(name)
        except StackError as error:
            # On a machine that is busy it may not be ready in time; it is started already.
            LOGGER.warning("%s is slow to come back: %s", name, error)
        self.restarts += 1
