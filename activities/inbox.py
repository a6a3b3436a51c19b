"""Watches a bank's inbound folder: every file once, the bad ones aside, every payout told."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from temporalio import activity

from activities.alive import alive, end_with_worker
from activities.bank_matching import apply_left_over, matching_of, now
from activities.orders import InboxWatch
from activities.ports import Bank
from activities.tidying import Tidying
from activities.world import World
from crossclaim.domain.errors import Final, Retryable

Told = list[tuple[str, str]]
TOLD_AT_ONCE, TOLD_TOGETHER = 8, 50
"""Payouts that are told at a time, and files after which theirs are: what came first never waits
for a whole backlog."""


class InboxSteps:
    """One stretch of watching; the schedule starts the next. Rows remember what was processed."""

    def __init__(self, world: World) -> None:
        self._world = world

    @activity.defn(name="watch_inbox")
    async def watch_inbox(self, watch: InboxWatch) -> int:
        """Scans until the stretch is over or the worker stops; the number of files processed."""
        await self._announce(await alive(self._left_over, watch.bank))
        tidying = Tidying(self._world, watch.bank)
        running = asyncio.ensure_future(tidying.go_on())
        try:
            return await self._read(watch, tidying)
        finally:
            tidying.end()
            await running

    async def _read(self, watch: InboxWatch, tidying: Tidying) -> int:
        loop = asyncio.get_running_loop()
        end = loop.time() + watch.seconds
        files = 0
        while True:
            activity.heartbeat()
            paths = await alive(self._arrived, watch.bank)
            for first in range(0, len(paths), TOLD_TOGETHER):
                some = paths[first : first + TOLD_TOGETHER]
                await self._announce(await alive(partial(self._take_some, some), watch.bank))
                files += len(some)
                tidying.due()
                end_with_worker()
            if loop.time() >= end:
                return files
            end_with_worker()
            await asyncio.sleep(self._world.scan_every_s)

    def _arrived(self, bank_id: str) -> list[Path]:
        return list(self._world.banks[bank_id].arrived())

    def _left_over(self, bank: str) -> Told:
        """What a crash left: entries that nothing matched yet, and payouts whose reports were
        stored but perhaps never announced."""
        assert self._world.inbox is not None, "the bank-files worker has inbox records"
        matching = matching_of(self._world)
        if matching is not None:
            matching.match_unseen(bank, now())
            apply_left_over(self._world, now())
        return self._world.inbox.unannounced(bank)

    def _take_some(self, paths: Sequence[Path], bank_id: str) -> Told:
        bank = self._world.banks[bank_id]
        return [one for path in paths for one in self._take(bank_id, bank, path)]

    def _take(self, bank_id: str, bank: Bank, path: Path) -> Told:
        """Stores a file in one transaction, then moves it: a crash between repeats nothing."""
        inbox = self._world.inbox
        assert inbox is not None, "the bank-files worker has inbox records"
        sha256 = ""
        try:
            sha256 = bank.digest(path)
            if not inbox.take_file(sha256, bank_id, _told(path)):
                self._note_repeated(bank_id, bank, path, sha256)
                bank.finish(path)
                return []
            told = self._stored(sha256, bank_id, bank, path)
        except Final as error:
            inbox.set_bad(sha256, error.code)
            self._note_refused(bank_id, sha256, _told(path), error)
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
        name = _told(path)
        if first and (first != name or bank.is_finished(path.name)):
            matching.note_repeated(bank_id, sha256, name, now())

    def _note_refused(self, bank_id: str, sha256: str, name: str, error: Final) -> None:
        matching = matching_of(self._world)
        if matching is not None:
            matching.note_refused(bank_id, sha256, name, error.code, error.detail, now())

    async def _announce(self, told: Told) -> None:
        runs = self._world.runs
        assert runs is not None, "the bank-files worker can reach the engine"
        payouts = list(dict.fromkeys(told))
        for first in range(0, len(payouts), TOLD_AT_ONCE):
            some = payouts[first : first + TOLD_AT_ONCE]
            await asyncio.gather(*(runs.announce_payout(*one) for one in some))


def _told(path: Path) -> str:
    """A file's name as rows hold it: it may be of bytes that are no text."""
    return os.fsencode(path.name).decode("utf-8", "backslashreplace")
