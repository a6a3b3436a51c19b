"""What has to be in place before our own processes start: the tables and the current build."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from importlib import import_module

from crossclaim.config import Settings


def migrate(settings: Settings) -> None:
    """Brings the tables to the newest revision, as the owner's role."""
    import_module("crossclaim.store.migrate").upgrade(
        settings.database_owner_url.get_secret_value()
    )


def set_current_build(settings: Settings) -> None:
    """Tells the Temporal server that new runs belong to the build which our workers have."""
    set_current = import_module("workers.deployment").set_current
    # It runs an event loop, and the thread that asks may have one already.
    with ThreadPoolExecutor(max_workers=1) as thread:
        thread.submit(set_current, settings).result()
