"""Who may come in: people and their sessions, systems and their keys, slow hashes of API keys."""

from __future__ import annotations

from crossclaim.store.migrations.sql_file import run_file

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_file("0029_identity.sql")


def downgrade() -> None:
    """Keys that were hashed anew would be lost: restore a backup instead."""
    raise RuntimeError("this change of the schema cannot be taken back; restore a backup instead")
