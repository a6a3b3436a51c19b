"""How many pages one visitor follows at once: each costs a look every two seconds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

MOST_EACH = 6
MOST = 200
"""Of one process: more would slow down those who only read."""


class LiveStreams:
    """The streams of one process that are open, by visitor."""

    def __init__(self, most_each: int = MOST_EACH, most: int = MOST) -> None:
        self._most_each, self._most = most_each, most
        self._open: Counter[str] = Counter()

    @contextmanager
    def one_of(self, visitor: str) -> Iterator[bool]:
        """Whether there is room for one more; it counts until it is left."""
        room = self._open[visitor] < self._most_each and self._open.total() < self._most
        if not room:
            yield False
            return
        self._open[visitor] += 1
        try:
            yield True
        finally:
            self._open[visitor] -= 1
            if not self._open[visitor]:
                del self._open[visitor]
