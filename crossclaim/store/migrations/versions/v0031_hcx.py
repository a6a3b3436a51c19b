"""Messages of the HCX-style exchange."""

from __future__ import annotations

from crossclaim.store.migrations.sql_file import run_file

revision = "0031"
down_revision = ("0028", "0030")
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_file("0031_hcx.sql")


def downgrade() -> None:
    """What was exchanged would be lost: restore a backup instead."""
    raise RuntimeError("this change of the schema cannot be taken back; restore a backup instead")
