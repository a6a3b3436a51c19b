"""Transfers by ambulance: hand-overs, their papers, and on what basis a record went out."""

from __future__ import annotations

from crossclaim.store.migrations.sql_file import run_file

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_file("0018_transfers.sql")


def downgrade() -> None:
    """What was released stands in these rows for ever: restore a backup instead."""
    raise RuntimeError("this change of the schema cannot be taken back; restore a backup instead")
