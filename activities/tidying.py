"""No file of a bank lies in the open for long once it was processed."""

from __future__ import annotations

import asyncio

from temporalio import activity

from activities.alive import alive
from activities.world import World
from crossclaim.domain.errors import GatewayError, Unavailable


class Tidying:
    """Seals what was processed beside the reading: no payout waits for it."""

    def __init__(self, world: World, bank: str) -> None:
        self._world = world
        self._bank = bank
        self._due = asyncio.Event()
        self._ended = False
        self._due.set()

    def due(self) -> None:
        """Something was processed."""
        self._due.set()

    def end(self) -> None:
        """After some more, of which a stretch that read little leaves nothing."""
        self._ended = True
        self._due.set()

    async def go_on(self) -> None:
        """Until it is ended; the next stretch begins with what is left."""
        ended = False
        while not ended:
            await self._due.wait()
            self._due.clear()
            ended = self._ended
            await alive(self._tidy, self._bank)

    def _tidy(self, bank: str) -> None:
        """No processed file lies in the open; one that cannot be sealed now is tried again."""
        if self._world.bank_copies is None:
            return
        try:
            self._world.bank_copies.tidy(bank, lambda: not self._ended)
        except (GatewayError, OSError, Unavailable) as error:
            activity.logger.warning("bank files are not sealed yet: %s", type(error).__name__)
