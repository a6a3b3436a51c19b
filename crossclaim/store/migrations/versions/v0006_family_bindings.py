"""Family sharing of personal accounts, and apart from it the links that show a relative's code."""

from __future__ import annotations

from crossclaim.store.migrations.sql_file import run_file

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_file("0006_family_bindings.sql")


def downgrade() -> None:
    """Bindings and what was taken by them would be forgotten: restore a backup instead."""
    raise RuntimeError("this change of the schema cannot be taken back; restore a backup instead")
