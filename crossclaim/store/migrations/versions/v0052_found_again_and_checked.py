"""What came back is found as paid once more by two keys; accounts are checked before a payout."""

from __future__ import annotations

from crossclaim.store.migrations.sql_file import run_file

revision = "0052"
down_revision = "0051"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_file("0052_found_again_and_checked.sql")


def downgrade() -> None:
    """None of the later revisions can be taken back either."""
    raise RuntimeError("this change of the schema cannot be taken back; restore a backup instead")
