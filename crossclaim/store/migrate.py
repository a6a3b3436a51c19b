"""Brings a database to the newest schema; two processes at once: one works, the other waits."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, text

from crossclaim.store.session import driver_url

MIGRATION_LOCK = 0x43C1A1
_FOLDER = Path(__file__).with_name("migrations")


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(_FOLDER))
    config.set_main_option("path_separator", "os")
    return config


def upgrade(owner_url: str, revision: str = "head") -> str:
    """Runs what is missing as the owner role; returns the newest revision that there is."""
    engine = create_engine(driver_url(owner_url), pool_size=1, hide_parameters=True)
    try:
        with engine.connect() as connection:
            connection.execute(text("select pg_advisory_lock(:k)"), {"k": MIGRATION_LOCK})
            connection.commit()
            config = _config()
            config.attributes["connection"] = connection
            command.upgrade(config, revision)
            connection.commit()
            connection.execute(text("select pg_advisory_unlock(:k)"), {"k": MIGRATION_LOCK})
            connection.commit()
    finally:
        engine.dispose()
    return ScriptDirectory.from_config(_config()).get_current_head() or ""
