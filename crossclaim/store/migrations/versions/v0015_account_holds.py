"""What unsettled bills take of personal accounts, so that two of them never take the same."""

from __future__ import annotations

from crossclaim.store.migrations.sql_file import run_file

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_file("0015_account_holds.sql")


def downgrade() -> None:
    """What bills hold would be forgotten: restore a backup instead."""
    raise RuntimeError("this change of the schema cannot be taken back; restore a backup instead")
