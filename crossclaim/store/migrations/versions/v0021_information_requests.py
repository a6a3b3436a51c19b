"""Information requests: documents that a claim waits for, their answers, and upload links."""

from __future__ import annotations

from crossclaim.store.migrations.sql_file import run_file

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_file("0021_information_requests.sql")


def downgrade() -> None:
    """Answers stand in these rows for ever: restore a backup instead."""
    raise RuntimeError("this change of the schema cannot be taken back; restore a backup instead")
