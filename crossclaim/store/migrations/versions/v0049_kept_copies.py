"""A spouse's own key, kept copies of files, texts of consents, digests that go with a key."""

from __future__ import annotations

from crossclaim.store.migrations.sql_file import run_file

revision = "0049"
down_revision = "0048"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_file("0049_named_spouse.sql")
    run_file("0049_bank_copies.sql")
    run_file("0049_consent_wordings.sql")
    run_file("0049_forgotten_accounts.sql")


def downgrade() -> None:
    """Who is only stored would be shown again: restore a backup instead."""
    raise RuntimeError("this change of the schema cannot be taken back; restore a backup instead")
