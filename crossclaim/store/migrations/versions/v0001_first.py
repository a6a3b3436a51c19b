"""The first schema: submissions, episodes, funders, payouts, ledger, roles and visibility."""

from __future__ import annotations

from crossclaim.store.migrations.sql_file import run_file

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_file("0001_first.sql")


def downgrade() -> None:
    """There is no way back from the first schema: restore a backup instead."""
    raise RuntimeError("the first schema cannot be taken back; restore a backup instead")
