"""Rule files activated on a running system, and what members have used of their covers."""

from __future__ import annotations

from crossclaim.store.migrations.sql_file import run_file

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_file("0003_plans_and_covers.sql")


def downgrade() -> None:
    """Activations and uses would be forgotten: restore a backup instead."""
    raise RuntimeError("this change of the schema cannot be taken back; restore a backup instead")
