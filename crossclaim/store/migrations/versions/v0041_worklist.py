"""Episodes and open exceptions as they are searched and sorted, the care of staff, saved views."""

from __future__ import annotations

from crossclaim.store.migrations.sql_file import run_file

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_file("0041_worklist.sql")


def downgrade() -> None:
    """Who looks after what would be lost: restore a backup instead."""
    raise RuntimeError("this change of the schema cannot be taken back; restore a backup instead")
