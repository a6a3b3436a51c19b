"""Keeps children running: one that ends unasked is started again, later each time it ends soon."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable

from crossclaim.stack.process import Child

LOGGER = logging.getLogger(__name__)
LOOK_EVERY_S = 0.2
BACK_OFF_MAX_S = 30.0
STEADY_AFTER_S = 60.0


class Supervisor:
    """Watches a set of children from a thread of its own while it is on."""

    def __init__(self, *, say: Callable[[str], None], changed: Callable[[], None]) -> None:
        self._say = say
        self._changed = changed
        self._children: dict[str, Child] = {}
        self._due: dict[str, float] = {}
        self._lock = threading.RLock()
        self._ended = threading.Event()
        self._thread: threading.Thread | None = None
        self.on = True

    def watch(self, child: Child) -> None:
        with self._lock:
            self._children[child.name] = child
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="supervisor", daemon=True)
                self._thread.start()

    def hold(self) -> threading.RLock:
        """Held by who stops or restarts a child, so that the two never act at once."""
        return self._lock

    def end(self) -> None:
        self._ended.set()
        if self._thread is not None and self._thread is not threading.current_thread():
            self._thread.join()

    def _run(self) -> None:
        while not self._ended.wait(LOOK_EVERY_S):
            if self.on:
                self.look()

    def look(self) -> None:
        """One round: notices who ended, and starts again whose wait is over."""
        with self._lock:
            for child in self._children.values():
                if child.wanted and not child.alive():
                    self._revive(child)
                else:
                    self._due.pop(child.name, None)

    def _revive(self, child: Child) -> None:
        now = time.monotonic()
        if child.name not in self._due:
            if now - child.started_at > STEADY_AFTER_S:
                child.restarts = 0
            wait_s = min(0.5 * 2**child.restarts, BACK_OFF_MAX_S)
            self._due[child.name] = now + wait_s
            status = child.process.returncode if child.process else None
            self._tell(f"{child.command.title} ended (status {status}); again in {wait_s:g} s")
        if now < self._due[child.name]:
            return
        del self._due[child.name]
        child.restarts += 1
        try:
            child.spawn()
        except OSError as error:
            self._tell(f"{child.command.title} cannot be started: {error.strerror}")
        self._changed()

    def _tell(self, sentence: str) -> None:
        LOGGER.info(sentence)
        self._say(sentence)
