"""Pay-after-care accounts: their orders, charges, instalments, repayments and story."""

from __future__ import annotations

from crossclaim.store.migrations.sql_file import run_file

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_file("0007_credit_accounts.sql")


def downgrade() -> None:
    """What people owe would be forgotten: restore a backup instead."""
    raise RuntimeError("this change of the schema cannot be taken back; restore a backup instead")
