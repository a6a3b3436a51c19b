"""Withdrawn consents end or suspend an insurer's part; emergencies may ask for records without."""

from __future__ import annotations

from crossclaim.store.migrations.sql_file import run_file

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_file("0013_withdrawals.sql")


def downgrade() -> None:
    """What became of withdrawn consents would be forgotten: restore a backup instead."""
    raise RuntimeError("this change of the schema cannot be taken back; restore a backup instead")
