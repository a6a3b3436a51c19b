"""The first schema: submissions, episodes, funders, payouts, ledger, roles and visibility."""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Runs the SQL file beside this one, in the migration's transaction."""
    sql = Path(__file__).with_name("0001_first.sql").read_text(encoding="utf-8")
    # Straight to the driver: with no parameters it takes the text, percent signs and all, as it is.
    driver = op.get_bind().connection.driver_connection
    assert driver is not None
    driver.execute(sql)


def downgrade() -> None:
    """There is no way back from the first schema: restore a backup instead."""
    raise RuntimeError("the first schema cannot be taken back; restore a backup instead")
