"""Watches a bank's inbound folder: every file once, the bad ones aside, every payout told."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from temporalio import activity

from activities.bank_matching import apply_left_over, matching_of, now
from activities.orders import InboxWatch
from activities.ports import Bank
from activities.world import World
from crossclaim.domain.errors import Final, Retryable

Told = list[tuple[str, str]]
T = TypeVar("T")
SIGN_OF_LIFE_S = 3.0


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
        await self._announce(await _alive(self._left_over, watch.bank))
        while True:
            activity.heartbeat()
            count, told = await _alive(self._scan, watch.bank)
            files += count
            await self._announce(told)
            if loop.time() >= end or activity.is_worker_shutdown():
                return files
            await asyncio.sleep(self._world.scan_every_s)

    def _left_over(self, bank: str) -> Told:
        """What a crash left: entries that nothing matched yet, and payouts whose reports were
        stored but perhaps never announced."""
        assert self._world.inbox is not None, "the bank-files worker has inbox records"
        matching = matching_of(self._world)
        if matching is not None:
            matching.match_unseen(bank, now())
            apply_left_over(self._world, now())
        return self._world.inbox.unannounced(bank)

    def _scan(self, bank_id: str) -> tuple[int, Told]:
        bank, count = self._world.banks[bank_id], 0
        told: Told = []
        for path in bank.arrived():
            told += self._take(bank_id, bank, path)
            count += 1
        return count, told

    def _take(self, bank_id: str, bank: Bank, path: Path) -> Told:
        """Stores a file in one transaction, then moves it: a crash between repeats nothing."""
        inbox = self._world.inbox
        assert inbox is not None, "the bank-files worker has inbox records"
        sha256 = ""
        try:
            sha256 = bank.digest(path)
            if not inbox.take_file(sha256, bank_id, path.name):
                self._note_repeated(bank_id, bank, path, sha256)
                bank.finish(path)
                return []
            told = self._stored(sha256, bank_id, bank, path)
        except Final as error:
            inbox.set_bad(sha256, error.code)
            self._note_refused(bank_id, sha256, path.name, error)
            bank.set_aside(path, error.detail)
            return []
        except (OSError, Retryable) as error:
            # One file that cannot be read now never holds up those behind it.
            activity.logger.warning("a bank file is left for later: %s", type(error).__name__)
            return []
        bank.finish(path)
        return told

    def _stored(self, sha256: str, bank_id: str, bank: Bank, path: Path) -> Told:
        inbox, matching = self._world.inbox, matching_of(self._world)
        assert inbox is not None, "the bank-files worker has inbox records"
        if matching is None or not bank.is_statement(path):
            return inbox.store_message(sha256, bank_id, bank.read(path))
        return matching.take(sha256, bank_id, bank.pieces(path), now()).told

    def _note_repeated(self, bank_id: str, bank: Bank, path: Path, sha256: str) -> None:
        """A statement that came twice; not one that a crash left in the folder."""
        matching = matching_of(self._world)
        if matching is None or not bank.is_statement(path):
            return
        first = matching.first_name(sha256)
        if first and (first != path.name or bank.is_finished(path.name)):
            matching.note_repeated(bank_id, sha256, path.name, now())

    def _note_refused(self, bank_id: str, sha256: str, name: str, error: Final) -> None:
        matching = matching_of(self._world)
        if matching is not None:
            matching.note_refused(bank_id, sha256, name, error.code, error.detail, now())

    async def _announce(self, told: Told) -> None:
        assert self._world.runs is not None, "the bank-files worker can reach the engine"
        for episode_id, reference in dict.fromkeys(told):
            await self._world.runs.announce_payout(episode_id, reference)


async def _alive(work: Callable[[str], T], bank: str) -> T:
    """The work of a thread, with a sign of life while it runs: a large statement takes a while."""
    running = asyncio.ensure_future(asyncio.to_thread(work, bank))
    while True:
        done, _ = await asyncio.wait({running}, timeout=SIGN_OF_LIFE_S)
        activity.heartbeat()
        if done:
            return running.result()
