"""Steps and files find their rows by indexes, however many others there are."""

from __future__ import annotations

from crossclaim.store.migrations.sql_file import run_file

revision = "0055"
down_revision = "0054"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_file("0055_found_by_index.sql")


def downgrade() -> None:
    """None of the later revisions can be taken back either."""
    raise RuntimeError("this change of the schema cannot be taken back; restore a backup instead")
