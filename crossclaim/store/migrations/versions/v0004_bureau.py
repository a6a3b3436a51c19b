"""Accounts with funders, settlements of basic insurance, and their reconciliation."""

from __future__ import annotations

from crossclaim.store.migrations.sql_file import run_file

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_file("0004_bureau.sql")


def downgrade() -> None:
    """Settlements would be forgotten: restore a backup instead."""
    raise RuntimeError("this change of the schema cannot be taken back; restore a backup instead")
