"""How money that came back twice ends, and electronic bills of cancelled claims that are free."""

from __future__ import annotations

from crossclaim.store.migrations.sql_file import run_file

revision = "0047"
down_revision = "0046"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_file("0047_had_twice.sql")


def downgrade() -> None:
    """What two persons confirmed would be forgotten: restore a backup instead."""
    raise RuntimeError("this change of the schema cannot be taken back; restore a backup instead")
