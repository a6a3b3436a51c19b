"""Days to reconcile are kept as counts; names that many bear are found in the order of the list."""

from __future__ import annotations

from crossclaim.store.migrations.sql_file import run_file

revision = "0054"
down_revision = "0053"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_file("0054_days_and_names.sql")


def downgrade() -> None:
    """None of the later revisions can be taken back either."""
    raise RuntimeError("this change of the schema cannot be taken back; restore a backup instead")
