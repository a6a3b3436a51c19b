"""Stays under basic insurance, and comparisons that tell stays from visits."""

from __future__ import annotations

from crossclaim.store.migrations.sql_file import run_file

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_file("0014_stays.sql")


def downgrade() -> None:
    """What the bureau knows of stays would be lost: restore a backup instead."""
    raise RuntimeError("this change of the schema cannot be taken back; restore a backup instead")
