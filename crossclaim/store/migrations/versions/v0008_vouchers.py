"""The whole voucher scheme: spouses, first use, two stages, use records, reimbursement."""

from __future__ import annotations

from crossclaim.store.migrations.sql_file import run_file

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_file("0008_vouchers.sql")


def downgrade() -> None:
    """Spouses, confirmations and reconciliations would be forgotten: restore a backup instead."""
    raise RuntimeError("this change of the schema cannot be taken back; restore a backup instead")
