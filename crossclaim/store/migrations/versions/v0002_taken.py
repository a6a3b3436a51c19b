"""Notes which submissions their runs are known to have."""

from __future__ import annotations

from crossclaim.store.migrations.sql_file import run_file

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_file("0002_taken.sql")


def downgrade() -> None:
    """What runs are known to have would be forgotten: restore a backup instead."""
    raise RuntimeError("this change of the schema cannot be taken back; restore a backup instead")
