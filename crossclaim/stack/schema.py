"""What has to be in place before our own processes start: tables, seeds, the current build."""

from __future__ import annotations

import asyncio
import inspect
import threading
from importlib import import_module
from importlib.util import find_spec

from crossclaim.config import Settings


def migrate(settings: Settings) -> None:
    """Brings the tables to the newest revision, as the owner's role."""
    import_module("crossclaim.store.migrate").upgrade(
        settings.database_owner_url.get_secret_value()
    )


def set_current_build(settings: Settings) -> None:
    """Tells the Temporal server that new runs belong to the build which our workers have."""
    if find_spec("workers.deployment") is None:
        return
    answer = import_module("workers.deployment").set_current(settings)
    if inspect.iscoroutine(answer):
        _run(answer)


def _run(coroutine: object) -> None:
    """Runs it to its end in a thread of its own, since the caller may have a loop already."""
    failed: list[BaseException] = []

    def target() -> None:
        try:
            asyncio.run(coroutine)  # type: ignore[arg-type]
        except BaseException as error:  # noqa: BLE001 it is raised again below
            failed.append(error)

    thread = threading.Thread(target=target)
    thread.start()
    thread.join()
    if failed:
        raise failed[0]
