"""Uploads to the object store, e-bills read, papers issued with a code, documents held."""

from __future__ import annotations

from crossclaim.store.migrations.sql_file import run_file

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_file("0034_papers.sql")


def downgrade() -> None:
    """What was issued would have no row: restore a backup instead."""
    raise RuntimeError("this change of the schema cannot be taken back; restore a backup instead")
