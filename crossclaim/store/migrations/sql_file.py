"""Runs the SQL file of a migration as it is."""

from __future__ import annotations

from pathlib import Path

from alembic import op

_FOLDER = Path(__file__).with_name("versions")


def run_file(name: str) -> None:
    """In the migration's transaction; the file is reviewed as SQL, not as Python."""
    sql = (_FOLDER / name).read_text(encoding="utf-8")
    # Straight to the driver: with no parameters it takes the text, percent signs and all, as it is.
    driver = op.get_bind().connection.driver_connection
    assert driver is not None
    driver.execute(sql)
