"""By which rail a payout goes, who approved it, its recall, and how a contradiction ended."""

from __future__ import annotations

from crossclaim.store.migrations.sql_file import run_file

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_file("0025_payout_rails.sql")


def downgrade() -> None:
    """What was approved and found out would be lost: restore a backup instead."""
    raise RuntimeError("this change of the schema cannot be taken back; restore a backup instead")
