"""The audit as a chain, requests of the persons themselves, and erasure by keys."""

from __future__ import annotations

from crossclaim.store.migrations.sql_file import run_file

revision = "0033"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_file("0033_privacy.sql")


def downgrade() -> None:
    """A chain of what was audited is never taken back: restore a backup instead."""
    raise RuntimeError("this change of the schema cannot be taken back; restore a backup instead")
