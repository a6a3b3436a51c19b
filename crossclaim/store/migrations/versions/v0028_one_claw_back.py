"""A later decision asks money back as a correction does."""

from __future__ import annotations

from crossclaim.store.migrations.sql_file import run_file

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_file("0028_one_claw_back.sql")


def downgrade() -> None:
    """Rows of the new cause would have none: restore a backup instead."""
    raise RuntimeError("this change of the schema cannot be taken back; restore a backup instead")
