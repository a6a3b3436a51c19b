"""Claims with papers: electronic bills, and accounts for payouts that came back."""

from __future__ import annotations

from crossclaim.store.migrations.sql_file import run_file

revision = "0011"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_file("0011_paper_claims.sql")


def downgrade() -> None:
    """Claimed bills and decisions would be forgotten: restore a backup instead."""
    raise RuntimeError("this change of the schema cannot be taken back; restore a backup instead")
