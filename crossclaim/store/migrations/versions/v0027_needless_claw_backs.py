"""A claw-back ends as needless where its payout was not paid after all."""

from __future__ import annotations

from crossclaim.store.migrations.sql_file import run_file

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_file("0027_needless_claw_backs.sql")


def downgrade() -> None:
    """Rows in the new state would have none: restore a backup instead."""
    raise RuntimeError("this change of the schema cannot be taken back; restore a backup instead")
