"""Work in a thread, and signs of life from the activity that waits for it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TypeVar

from temporalio import activity
from temporalio.exceptions import ApplicationError, ApplicationErrorCategory

T = TypeVar("T")
SIGN_OF_LIFE_S = 3.0


async def alive(work: Callable[[str], T], bank: str) -> T:
    """The work of a thread, with a sign of life while it runs: a large statement takes a while."""
    running = asyncio.ensure_future(asyncio.to_thread(work, bank))
    while True:
        done, _ = await asyncio.wait({running}, timeout=SIGN_OF_LIFE_S)
        activity.heartbeat()
        if done:
            return running.result()


def end_with_worker() -> None:
    """Leaves a stretch whose worker stops to the next worker, who begins within a second; one that
    had ended well would be followed only when the next is due."""
    if activity.is_worker_shutdown():
        raise ApplicationError(
            "the worker stops; another one goes on",
            type="WORKER_STOPS",
            category=ApplicationErrorCategory.BENIGN,
        )
