"""Token buckets: who asks too fast waits, and nobody else does."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable

from pydantic import BaseModel, ConfigDict

_BUCKETS_MAX = 10_000


class Pace(BaseModel):
    """So many a second on average, and so many at once."""

    model_config = ConfigDict(frozen=True)

    per_s: float
    burst: float


class Buckets:
    """One bucket for each key, full at first; the least used is forgotten when there are many."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._levels: OrderedDict[Hashable, tuple[float, float]] = OrderedDict()

    def take(self, key: Hashable, pace: Pace) -> float:
        """0 when ``key`` may go on; else the seconds after which it may."""
        if pace.per_s <= 0:
            return 0.0
        with self._lock:
            at = self._clock()
            level, before = self._levels.get(key, (pace.burst, at))
            level = min(pace.burst, level + (at - before) * pace.per_s)
            passes = level >= 1
            self._levels[key] = (level - 1 if passes else level, at)
            self._levels.move_to_end(key)
            while len(self._levels) > _BUCKETS_MAX:
                self._levels.popitem(last=False)
        return 0.0 if passes else (1 - level) / pace.per_s
