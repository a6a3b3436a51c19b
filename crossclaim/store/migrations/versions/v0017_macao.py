"""Macao beside Hong Kong: currencies of guarantees, regions, and texts for either destination."""

from __future__ import annotations

from crossclaim.store.migrations.sql_file import run_file

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_file("0017_macao.sql")


def downgrade() -> None:
    """Guarantees in patacas would be read as Hong Kong dollars: restore a backup instead."""
    raise RuntimeError("this change of the schema cannot be taken back; restore a backup instead")
