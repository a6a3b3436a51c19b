"""What a FHIR message says beyond its submissions is kept for its sender."""

from __future__ import annotations

from crossclaim.store.migrations.sql_file import run_file

revision = "0030"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_file("0030_fhir_messages.sql")


def downgrade() -> None:
    """What was sent would be lost: restore a backup instead."""
    raise RuntimeError("this change of the schema cannot be taken back; restore a backup instead")
