"""Watches a bank's inbound folder: every file once, the bad ones aside, every payout told."""

from __future__ import annotations

import asyncio
import hashlib
from pathlib import Path

from temporalio import activity

from activities.orders import InboxWatch
from activities.ports import Bank
from activities.world import World
from crossclaim.domain.errors import Final, Retryable

Told = list[tuple[str, str]]


class InboxSteps:
    """One stretch of watching; the schedule starts the next. Rows remember what was processed."""

    def __init__(self, world: World) -> None:
        self._world = world

    @activity.defn(name="watch_inbox")
    async def watch_inbox(self, watch: InboxWatch) -> int:
        """Scans until the stretch is over or the worker stops; the number of files processed."""
        loop = asyncio.get_running_loop()
        end = loop.time() + watch.seconds
        files = 0
        await self._announce(await asyncio.to_thread(self._left_over, watch.bank))
        while True:
            activity.heartbeat()
            count, told = await asyncio.to_thread(self._scan, watch.bank)
            files += count
            await self._announce(told)
            if loop.time() >= end or activity.is_worker_shutdown():
                return files
            await asyncio.sleep(self._world.scan_every_s)

    def _left_over(self, bank: str) -> Told:
        """Payouts whose reports were stored but perhaps never announced before a crash."""
        assert self._world.inbox is not None, "the bank-files worker has inbox records"
        return self._world.inbox.unannounced(bank)

    def _scan(self, bank_id: str) -> tuple[int, Told]:
        bank, told, count = self._world.banks[bank_id], [], 0
        for path in bank.arrived():
            told += self._take(bank_id, bank, path)
            count += 1
        return count, told

    def _take(self, bank_id: str, bank: Bank, path: Path) -> Told:
        """Stores a file in one transaction, then moves it: a crash between repeats nothing."""
        inbox = self._world.inbox
        assert inbox is not None, "the bank-files worker has inbox records"
        try:
            sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
            if not inbox.take_file(sha256, bank_id, path.name):
                bank.finish(path)
                return []
            told = inbox.store_message(sha256, bank_id, bank.read(path))
        except Final as error:
            inbox.set_bad(sha256, error.code)
            bank.set_aside(path, error.detail)
            return []
        except (OSError, Retryable) as error:
            # One file that cannot be read now never holds up those behind it.
            activity.logger.warning("a bank file is left for later: %s", type(error).__name__)
            return []
        bank.finish(path)
        return told

    async def _announce(self, told: Told) -> None:
        assert self._world.runs is not None, "the bank-files worker can reach the engine"
        for episode_id, reference in dict.fromkeys(told):
            await self._world.runs.announce_payout(episode_id, reference)
