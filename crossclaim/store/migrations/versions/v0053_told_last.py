"""What was said last on the exchange, and why what is owed there ended."""

from __future__ import annotations

from crossclaim.store.migrations.sql_file import run_file

revision = "0053"
down_revision = "0052"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_file("0053_told_last.sql")


def downgrade() -> None:
    """What was told would be told again: restore a backup instead."""
    raise RuntimeError("this change of the schema cannot be taken back; restore a backup instead")
