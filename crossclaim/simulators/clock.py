"""A party's own time: real, or a given start that runs on from there."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime, timedelta, timezone

from crossclaim.simulators.state import State

REGION = timezone(timedelta(hours=8))
"""Hong Kong and the mainland keep the same time, without summer time."""


class Clock:
    """Keeps its offset to real time in the state file, so that a restart does not turn it back."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._listeners: list[Callable[[float], None]] = []
        self.reload()

    def reload(self) -> None:
        self._offset_s = float(self._state.recall("clock_offset_s") or 0.0)

    def on_jump(self, listener: Callable[[float], None]) -> None:
        """``listener`` is told by how many seconds the time jumped."""
        self._listeners.append(listener)

    def now_s(self) -> float:
        """Seconds since 1970 in the party's time."""
        return time.time() + self._offset_s

    def now(self) -> datetime:
        return datetime.fromtimestamp(self.now_s(), REGION)

    def set(self, start: datetime | None) -> None:
        """From this moment the time is ``start`` and runs on; ``None`` means real time."""
        before_s = self._offset_s
        self._offset_s = 0.0 if start is None else start.timestamp() - time.time()
        with self._state.transaction():
            self._state.remember("clock_offset_s", self._offset_s)
            for listener in self._listeners:
                listener(self._offset_s - before_s)
