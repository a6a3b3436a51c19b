"""Checks before a decision, an examiner's word line by line, and decisions drawn for review."""

from __future__ import annotations

from crossclaim.store.migrations.sql_file import run_file

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_file("0020_claim_review.sql")


def downgrade() -> None:
    """Decisions of examiners would be lost: restore a backup instead."""
    raise RuntimeError("this change of the schema cannot be taken back; restore a backup instead")
