"""Links and sessions of patients, what a session may see, and digests that go with a key."""

from __future__ import annotations

from crossclaim.store.migrations.sql_file import run_file

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_file("0045_patient_links.sql")
    run_file("0045_forgotten_digests.sql")


def downgrade() -> None:
    """Who was let in would be forgotten: restore a backup instead."""
    raise RuntimeError("this change of the schema cannot be taken back; restore a backup instead")
