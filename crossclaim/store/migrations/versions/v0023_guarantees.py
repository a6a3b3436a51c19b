"""Letters of guarantee as money that is reserved, used and let go; requests and persons' clocks."""

from __future__ import annotations

from crossclaim.store.migrations.sql_file import run_file

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_file("0023_guarantees.sql")


def downgrade() -> None:
    """What was promised stands in these rows: restore a backup instead."""
    raise RuntimeError("this change of the schema cannot be taken back; restore a backup instead")
