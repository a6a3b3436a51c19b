"""Operations for the console: each part is read by itself, so one that is down hides no other."""

from __future__ import annotations

import asyncio
import logging
import platform
import shutil
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Protocol, TypeVar

from crossclaim.config import BankProfile, Settings
from crossclaim.console.operations import OperationsSeen
from crossclaim.domain.errors import CrossclaimError, NotAllowed, NotFound, Unavailable
from crossclaim.domain.operations import (
    FolderSeen,
    PartyCalls,
    RoomSeen,
    ScheduleSeen,
    StepLatency,
)
from crossclaim.security.roles import Principal
from crossclaim.service.engine_state import EngineState
from crossclaim.store.connection import Connection
from crossclaim.store.operation_reads import (
    audit_seen,
    database_size,
    database_versions,
    party_calls,
    step_latencies,
    waiting_at,
    waiting_lines,
)
from crossclaim.store.session import Database

WOKEN_AT_ONCE = 200
_FOLDERS = {
    "staging": "staging",
    "outbound": "outbound",
    "inbound": "inbound",
    "bad": "inbound/bad",
}
_FILES_COUNTED = 10_000
_log = logging.getLogger("crossclaim.operations")
Read = TypeVar("Read")


class Repairs(Protocol):
    async def try_again(self, principal: Principal, episode_id: str, reason: str) -> list[str]: ...


class PlatformOperations:
    """Implements ``crossclaim.console.operations.OperationsDesk``."""

    def __init__(
        self,
        every: Database,
        engine: EngineState,
        repairs: Repairs,
        operates: Callable[[Principal], bool],
        settings: Settings,
        banks: Sequence[BankProfile],
    ) -> None:
        self._every = every
        self._engine = engine
        self._repairs = repairs
        self._operates = operates
        self._settings = settings
        self._banks = banks

    async def seen(self, principal: Principal) -> OperationsSeen:
        await self._check(principal)
        queues, schedules, temporal, pace, folders, disk = await asyncio.gather(
            _or_none(self._engine.queues()),
            _or_none(self._engine.schedules()),
            _or_none(self._engine.version()),
            _or_none(self._engine.pace()),
            asyncio.to_thread(self._folders),
            asyncio.to_thread(self._disk),
        )
        parties, steps, lines, audit, size = await asyncio.gather(
            _or_none(self._rows(party_calls)),
            _or_none(self._rows(step_latencies)),
            _or_none(self._rows(waiting_lines)),
            _or_none(self._rows(audit_seen)),
            _or_none(self._rows(database_size)),
        )
        said = await _or_none(self._rows(database_versions))
        return OperationsSeen(
            at=datetime.now(UTC),
            limits=self._settings.operations,
            queues=queues,
            schedules=schedules,
            parties=parties,
            steps=steps,
            lines=lines,
            audit=audit,
            folders=folders,
            room=RoomSeen(disk_free=disk[0], disk_total=disk[1], database=size),
            engine=pace,
            versions={
                "crossclaim": version("crossclaim"),
                "build": self._settings.build_id,
                "Python": platform.python_version(),
                **(said or {}),
                **({"Temporal": temporal} if temporal else {}),
            },
        )

    async def schedule(self, principal: Principal, schedule_id: str) -> ScheduleSeen:
        await self._check(principal)
        return await self._engine.schedule(schedule_id)

    async def change_schedule(
        self, principal: Principal, schedule_id: str, word: str, reason: str
    ) -> None:
        await self._check(principal)
        await self._engine.change(schedule_id, word, f"{principal.actor}: {reason}")

    async def party(self, principal: Principal, party: str) -> tuple[PartyCalls, list[StepLatency]]:
        await self._check(principal)

        def read(connection: Connection) -> tuple[list[PartyCalls], list[StepLatency]]:
            return party_calls(connection), step_latencies(connection, party)

        parties, steps = await self._rows(read)
        known = next((one for one in parties if one.party == party), None)
        if known is None:
            raise NotFound("nothing was asked of such a party in the last day")
        return known, steps

    async def try_again(self, principal: Principal, party: str, reason: str) -> tuple[int, int]:
        await self._check(principal)
        episodes = await self._rows(lambda c: waiting_at(c, party, WOKEN_AT_ONCE))
        woken = missed = 0
        for episode_id in episodes:
            try:
                await self._repairs.try_again(principal, episode_id, reason)
                woken += 1
            except (NotFound, Unavailable):
                missed += 1
        return woken, missed

    async def _check(self, principal: Principal) -> None:
        if not await asyncio.to_thread(self._operates, principal):
            raise NotAllowed("operations are the platform's own")

    async def _rows(self, read: Callable[[Connection], Read]) -> Read:
        def look() -> Read:
            with self._every.begin() as connection:
                return read(connection)

        return await asyncio.to_thread(look)

    def _folders(self) -> list[FolderSeen]:
        return [
            _folder(profile.bank, name, profile.folder / place)
            for profile in self._banks
            for name, place in _FOLDERS.items()
        ]

    def _disk(self) -> tuple[int | None, int | None]:
        """Of the file system that the data lie on, as far as this process sees."""
        try:
            usage = shutil.disk_usage(self._settings.data_dir)
        except OSError:
            return None, None
        return usage.free, usage.total


async def _or_none(asked: Awaitable[Read]) -> Read | None:
    try:
        return await asked
    except CrossclaimError as error:
        _log.info("a part of operations cannot be read: %s", error.code)
        return None


def _folder(bank: str, name: str, place: Path) -> FolderSeen:
    """Files alone; the folder is not there, or not ours to see: ``files`` is None."""
    count, oldest = 0, None
    try:
        for one in place.iterdir():
            if not one.is_file() or one.name.endswith(".reason.txt"):
                continue
            count += 1
            changed = datetime.fromtimestamp(one.stat().st_mtime, UTC)
            oldest = min(oldest, changed) if oldest else changed
            if count >= _FILES_COUNTED:
                break
    except OSError:
        return FolderSeen(bank=bank, name=name, files=None)
    return FolderSeen(bank=bank, name=name, files=count, oldest=oldest)
