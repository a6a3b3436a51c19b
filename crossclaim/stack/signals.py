"""Turns the signals that mean "stop" into something that can be waited for."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import FrameType

STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@dataclass
class Asked:
    """``event`` is set once somebody asked; ``interrupt`` also raises where the program is."""

    interrupt: bool = False
    event: threading.Event = field(default_factory=threading.Event)

    def hear(self, number: int, frame: FrameType | None) -> None:
        again = self.event.is_set()
        self.event.set()
        # A second signal would break off the orderly stop that the first one began.
        if self.interrupt and not again:
            raise KeyboardInterrupt


@contextmanager
def asked_to_stop(*, interrupt: bool = False) -> Iterator[Asked]:
    """Main thread only. The handlers before are put back at the end."""
    asked = Asked(interrupt=interrupt)
    before = {number: signal.signal(number, asked.hear) for number in STOPPING}
    try:
        yield asked
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
