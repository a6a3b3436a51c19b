"""Payments through an acquirer, refunds to the tender that paid, days compared with a statement."""

from __future__ import annotations

from crossclaim.store.migrations.sql_file import run_file

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_file("0016_tenders.sql")


def downgrade() -> None:
    """Payments and refunds would be lost: restore a backup instead."""
    raise RuntimeError("this change of the schema cannot be taken back; restore a backup instead")
