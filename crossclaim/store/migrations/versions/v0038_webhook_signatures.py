"""Signatures of webhooks that a receiver verifies by a public key."""

from __future__ import annotations

from crossclaim.store.migrations.sql_file import run_file

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_file("0038_webhook_signatures.sql")


def downgrade() -> None:
    """Endpoints would be signed in a way that their receivers do not verify: restore a backup."""
    raise RuntimeError("this change of the schema cannot be taken back; restore a backup instead")
