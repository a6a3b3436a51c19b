"""Changed rule files proposed by one person and confirmed by another; their back-tests."""

from __future__ import annotations

from crossclaim.store.migrations.sql_file import run_file

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_file("0044_plan_proposals.sql")


def downgrade() -> None:
    """Splits name versions that stand here alone: restore a backup instead."""
    raise RuntimeError("this change of the schema cannot be taken back; restore a backup instead")
