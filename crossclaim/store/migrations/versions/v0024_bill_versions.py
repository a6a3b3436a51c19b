"""Drafts, corrections and reopened versions of a bill; money of payouts that goes back."""

from __future__ import annotations

from crossclaim.store.migrations.sql_file import run_file

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_file("0024_bill_versions.sql")


def downgrade() -> None:
    """Versions would be lost: restore a backup instead."""
    raise RuntimeError("this change of the schema cannot be taken back; restore a backup instead")
