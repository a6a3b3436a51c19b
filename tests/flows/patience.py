"""Waiting for a condition with a deadline that only a broken system reaches."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

DEADLINE_S = 150.0
LOOK_EVERY_S = 0.05

Found = TypeVar("Found")


def until(look: Callable[[], Found | None], what: str, deadline_s: float = DEADLINE_S) -> Found:
    """What ``look`` finds at last. Fails with ``what`` and the last look at the deadline."""
    end = time.monotonic() + deadline_s
    while True:
        found = look()
        if found is not None and found is not False:
            return found
        if time.monotonic() > end:
            raise AssertionError(f"waited {deadline_s:g} s in vain for: {what}")
        time.sleep(LOOK_EVERY_S)
