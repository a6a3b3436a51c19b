"""Delivers webhooks: one stretch at a time, each episode's events in their order."""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from datetime import UTC, datetime

from temporalio import activity

from activities.alive import end_with_worker
from activities.orders import WebhookWatch
from activities.world import World
from crossclaim.domain.errors import Unavailable
from crossclaim.domain.webhook_message import DueMessage, Reply

AT_ONCE = 16
"""Tries of one worker at a time; the outbox lets one endpoint have only a part of them."""
_log = logging.getLogger("crossclaim.webhooks")


class WebhookSteps:
    """One stretch of deliveries; the schedule starts the next. Rows remember every try."""

    def __init__(self, world: World) -> None:
        self._world = world

    @activity.defn(name="deliver_webhooks")
    async def deliver_webhooks(self, watch: WebhookWatch) -> int:
        """Delivers what is due until the stretch is over or the worker stops; how many tries."""
        loop = asyncio.get_running_loop()
        end, tried = loop.time() + watch.seconds, 0
        running: set[asyncio.Task[None]] = set()
        await asyncio.to_thread(self._forget)
        while True:
            activity.heartbeat()
            over = loop.time() >= end or activity.is_worker_shutdown()
            if over and not running:
                end_with_worker()
                return tried
            taken = [] if over else await self._taken(AT_ONCE - len(running))
            tried += len(taken)
            running |= {asyncio.create_task(self.deliver(one)) for one in taken}
            running = await self._rest(running)

    async def _rest(self, running: set[asyncio.Task[None]]) -> set[asyncio.Task[None]]:
        """Until a try has ended, after which the next of its episode may be due, or for a scan."""
        pause = self._world.webhook_scan_s
        if not running:
            await asyncio.sleep(pause)
            return running
        done, left = await asyncio.wait(running, timeout=pause, return_when=asyncio.FIRST_COMPLETED)
        for one in done:
            one.result()
        return left

    async def _taken(self, at_most: int) -> list[DueMessage]:
        """Nothing while the database is away: its rows wait."""
        with suppress(Unavailable):
            return await asyncio.to_thread(self._due, at_most)
        return []

    def _due(self, at_most: int) -> list[DueMessage]:
        outbox = self._world.webhooks
        assert outbox is not None, "the notices worker has the outbox"
        now = datetime.now(UTC)
        outbox.replay(now)
        return outbox.take(at_most, now) if at_most > 0 else []

    def _forget(self) -> None:
        outbox = self._world.webhooks
        assert outbox is not None, "the notices worker has the outbox"
        outbox.forget(self._world.webhook_keep_days)

    async def deliver(self, due: DueMessage) -> None:
        """One try. A worker that dies within it leaves its attempt as unknown; another follows."""
        outbox, sender = self._world.webhooks, self._world.webhook_sender
        assert outbox is not None and sender is not None, "the notices worker has both"
        at = datetime.now(UTC)
        body = due.message.payload(self._world.public_url)
        reply = Reply(outcome="SECRET_UNREADABLE")
        if due.secrets:
            reply = await sender.send(due.url, due.secrets, due.message.id, body, at)
        self._world.fault_point("after-webhook")
        with suppress(Unavailable):
            state = await asyncio.to_thread(outbox.note, due, reply, datetime.now(UTC))
            if state == "given_up":
                _log.error(
                    "webhook endpoint %s is disabled (%s); its events wait",
                    due.endpoint_id,
                    reply.outcome,
                )
