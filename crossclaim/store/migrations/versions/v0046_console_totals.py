"""Sums of finance and figures as they are kept, and a list that is derived where it changed."""

from __future__ import annotations

from crossclaim.store.migrations.sql_file import run_file

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_file("0046_console_totals.sql")


def downgrade() -> None:
    """Pages read the sums from here: restore a backup instead."""
    raise RuntimeError("this change of the schema cannot be taken back; restore a backup instead")
