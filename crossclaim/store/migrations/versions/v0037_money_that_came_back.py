"""How money that came back, and what was paid twice, ends; documents about letters of guarantee."""

from __future__ import annotations

from crossclaim.store.migrations.sql_file import run_file

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_file("0037_money_that_came_back.sql")


def downgrade() -> None:
    """What was decided stands in these rows for ever: restore a backup instead."""
    raise RuntimeError("this change of the schema cannot be taken back; restore a backup instead")
