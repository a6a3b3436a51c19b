"""Health records: who signs, requests, deliveries, and everybody who looked at a record."""

from __future__ import annotations

from crossclaim.store.migrations.sql_file import run_file

revision = "0009"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_file("0009_health_records.sql")


def downgrade() -> None:
    """Who looked at a record would be forgotten: restore a backup instead."""
    raise RuntimeError("this change of the schema cannot be taken back; restore a backup instead")
