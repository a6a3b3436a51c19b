"""Who works at which claim, and what a payer sees of an account that is proposed to it."""

from __future__ import annotations

from crossclaim.store.migrations.sql_file import run_file

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_file("0043_desks.sql")


def downgrade() -> None:
    """Who had taken what would be lost: restore a backup instead."""
    raise RuntimeError("this change of the schema cannot be taken back; restore a backup instead")
