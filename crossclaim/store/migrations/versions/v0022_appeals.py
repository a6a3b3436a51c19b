"""Appeals against decisions on claims, and every decision on a claim after its first."""

from __future__ import annotations

from crossclaim.store.migrations.sql_file import run_file

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_file("0022_appeals.sql")


def downgrade() -> None:
    """What was decided stands in these rows for ever: restore a backup instead."""
    raise RuntimeError("this change of the schema cannot be taken back; restore a backup instead")
