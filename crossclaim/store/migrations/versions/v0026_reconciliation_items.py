"""What remittances, the bureau and the Department say, item by item beside our own entries."""

from __future__ import annotations

from crossclaim.store.migrations.sql_file import run_file

revision = "0026"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_file("0026_reconciliation_items.sql")


def downgrade() -> None:
    """What people explained would be lost: restore a backup instead."""
    raise RuntimeError("this change of the schema cannot be taken back; restore a backup instead")
