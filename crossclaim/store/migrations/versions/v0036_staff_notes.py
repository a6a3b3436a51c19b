"""Notes of staff, and indexes for what the console searches by."""

from __future__ import annotations

from crossclaim.store.migrations.sql_file import run_file

revision = "0036"
down_revision = "0034"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_file("0036_staff_notes.sql")


def downgrade() -> None:
    """What staff wrote would be lost: restore a backup instead."""
    raise RuntimeError("this change of the schema cannot be taken back; restore a backup instead")
