"""The lists of episodes and exceptions are planned once a connection instead of at each commit."""

from __future__ import annotations

from crossclaim.store.migrations.sql_file import run_file

revision = "0051"
down_revision = "0049"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_file("0051_planned_once.sql")


def downgrade() -> None:
    """None of the later revisions can be taken back either."""
    raise RuntimeError("this change of the schema cannot be taken back; restore a backup instead")
