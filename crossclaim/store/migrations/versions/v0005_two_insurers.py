"""Two insurers carry parts of one line of a split."""

from __future__ import annotations

from crossclaim.store.migrations.sql_file import run_file

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_file("0005_two_insurers.sql")


def downgrade() -> None:
    """Splits of two insurers would not fit any more: restore a backup instead."""
    raise RuntimeError("this change of the schema cannot be taken back; restore a backup instead")
