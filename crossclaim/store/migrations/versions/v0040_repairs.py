"""Holds, cancellations and skipped steps of an episode."""

from __future__ import annotations

from crossclaim.store.migrations.sql_file import run_file

revision = "0040"
down_revision = "0038"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_file("0040_repairs.sql")


def downgrade() -> None:
    """Who held or cancelled what would be lost: restore a backup instead."""
    raise RuntimeError("this change of the schema cannot be taken back; restore a backup instead")
