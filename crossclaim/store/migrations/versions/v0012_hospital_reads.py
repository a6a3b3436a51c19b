"""Rows about other funders are read by the episode's hospital alone, not by its insurers."""

from __future__ import annotations

from crossclaim.store.migrations.sql_file import run_file

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_file("0012_hospital_reads.sql")


def downgrade() -> None:
    """Insurers would read again what is not theirs: restore a backup instead."""
    raise RuntimeError("this change of the schema cannot be taken back; restore a backup instead")
