"""Settings for commands that look at, or add to, an installation that runs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from crossclaim.config import Settings


def settings_for(data_dir: Path) -> Settings:
    """Those of the environment when it names a database, else of the stack in ``data_dir``."""
    from crossclaim.config import checked_settings

    settings = checked_settings()
    urls = (settings.database_url, settings.database_worker_url, settings.database_reader_url)
    if any(url.get_secret_value() for url in urls):
        return settings
    from crossclaim.stack.attach import settings_of_running

    return settings_of_running(data_dir)
