"""What the exchange is told of ourselves: decisions, and topics that participants subscribed to."""

from __future__ import annotations

from crossclaim.store.migrations.sql_file import run_file

revision = "0048"
down_revision = "0047"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_file("0048_hcx_notices.sql")


def downgrade() -> None:
    """What was told would be forgotten: restore a backup instead."""
    raise RuntimeError("this change of the schema cannot be taken back; restore a backup instead")
