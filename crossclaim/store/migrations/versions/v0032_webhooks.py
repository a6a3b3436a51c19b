"""Webhooks of organisations: endpoints, an outbox that triggers fill, and every attempt."""

from __future__ import annotations

from crossclaim.store.migrations.sql_file import run_file

revision = "0032"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_file("0032_webhooks.sql")


def downgrade() -> None:
    """What was told and to whom would be gone: restore a backup instead."""
    raise RuntimeError("this change of the schema cannot be taken back; restore a backup instead")
