"""What went out to a party and what came back, sealed."""

from __future__ import annotations

from crossclaim.store.migrations.sql_file import run_file

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_file("0042_outbound_messages.sql")


def downgrade() -> None:
    """What was said to parties would be lost: restore a backup instead."""
    raise RuntimeError("this change of the schema cannot be taken back; restore a backup instead")
