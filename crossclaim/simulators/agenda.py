"""The agenda: what a party has promised to do later, kept until it is done."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable
from typing import Any

from crossclaim.simulators.clock import Clock
from crossclaim.simulators.state import State

Again = float | None
"""In how many seconds the task is to be done again; ``None`` when it is done."""

Decide = Callable[[dict[str, Any]], Again]
"""Does one task within this party, in one transaction with its end."""

Deliver = Callable[[dict[str, Any]], Awaitable[Again]]
"""Does one task with the outside; may be done twice when the party is killed meanwhile."""

_LONGEST_SLEEP_S = 1.0
_AT_ONCE_MAX = 16
_AFTER_FAILURE_S = 1.0

log = logging.getLogger(__name__)


class Agenda:
    """Due times are in the party's time, so a clock set forward makes promises due.

    A clock turned back takes the promises along; otherwise they would wait for years.
    """

    def __init__(self, state: State, clock: Clock) -> None:
        self._state = state
        self._clock = clock
        self._deciders: dict[str, Decide] = {}
        self._deliverers: dict[str, Deliver] = {}
        self._running: dict[int, asyncio.Task[None]] = {}
        self._changed = asyncio.Event()
        clock.on_jump(self._follow)

    def decide(self, task: str, decide: Decide) -> None:
        self._deciders[task] = decide

    def deliver(self, task: str, deliver: Deliver) -> None:
        self._deliverers[task] = deliver

    def add(self, delay_s: float, task: str, **members: Any) -> None:
        """Promises ``task`` in ``delay_s`` seconds; commits with the caller's transaction."""
        self._state.execute(
            "INSERT INTO agenda (due_s, task, members) VALUES (?, ?, ?)",
            self._clock.now_s() + delay_s,
            task,
            json.dumps(members),
        )
        self._changed.set()

    def has(self, task: str) -> bool:
        return self._state.one("SELECT 1 FROM agenda WHERE task = ?", task) is not None

    def _follow(self, jump_s: float) -> None:
        if jump_s < 0:
            self._state.execute("UPDATE agenda SET due_s = due_s + ?", jump_s)
        self._changed.set()

    async def run(self) -> None:
        """Works off what is due until cancelled; the next start finds what was not finished."""
        try:
            while True:
                self._changed.clear()
                wait_s = self._start_due()
                try:
                    await asyncio.wait_for(self._changed.wait(), wait_s)
                except TimeoutError:
                    continue
        finally:
            for running in list(self._running.values()):
                running.cancel()

    def _start_due(self) -> float:
        now_s = self._clock.now_s()
        rows = self._state.every(
            "SELECT * FROM agenda ORDER BY due_s, id LIMIT ?", _AT_ONCE_MAX + len(self._running)
        )
        for row in rows:
            if row["due_s"] > now_s:
                return float(min(row["due_s"] - now_s, _LONGEST_SLEEP_S))
            number, task, members = row["id"], row["task"], json.loads(row["members"])
            if task in self._deciders:
                self._decide(number, task, members)
            elif number not in self._running and len(self._running) < _AT_ONCE_MAX:
                self._running[number] = asyncio.create_task(self._deliver(number, task, members))
        return _LONGEST_SLEEP_S

    def _decide(self, number: int, task: str, members: dict[str, Any]) -> None:
        try:
            with self._state.transaction():
                self._finish(number, self._deciders[task](members))
        except Exception:
            log.exception("the task %s failed and will be tried again", task)
            self._finish(number, _AFTER_FAILURE_S)

    async def _deliver(self, number: int, task: str, members: dict[str, Any]) -> None:
        again_in_s: Again = _AFTER_FAILURE_S
        try:
            again_in_s = await self._deliverers[task](members)
        except Exception:
            log.exception("the task %s failed and will be tried again", task)
        finally:
            del self._running[number]
        self._finish(number, again_in_s)

    def _finish(self, number: int, again_in_s: Again) -> None:
        if again_in_s is None:
            self._state.execute("DELETE FROM agenda WHERE id = ?", number)
        else:
            due_s = self._clock.now_s() + again_in_s
            self._state.execute("UPDATE agenda SET due_s = ? WHERE id = ?", due_s, number)
        self._changed.set()
