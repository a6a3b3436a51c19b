"""Statements entry by entry, what we expect of an account, and how the two were matched."""

from __future__ import annotations

from crossclaim.store.migrations.sql_file import run_file

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_file("0019_bank_matching.sql")


def downgrade() -> None:
    """Matches would be lost: restore a backup instead."""
    raise RuntimeError("this change of the schema cannot be taken back; restore a backup instead")
