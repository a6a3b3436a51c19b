"""Keeps the sums that pages of finance and of figures read (ADR 60), and days' counts (ADR 63)."""

from __future__ import annotations

from crossclaim.store.session import Database

AT_ONCE = 2_000
_KEEP = "select keep_console_totals(%(at_most)s)"
_KEEP_DAYS = "select keep_day_counts(%(at_most)s)"


class SqlConsoleTotals:
    """What is shown does not depend on how often this is called, only how much is added up to
    show it."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def keep(self, at_most: int = AT_ONCE) -> int:
        """Makes the parts of episodes anew that changed; of how many, none where another one does
        it."""
        with self._database.begin() as connection:
            return int(connection.execute(_KEEP, {"at_most": at_most}).scalar_one())

    def keep_days(self, at_most: int = AT_ONCE) -> int:
        """Counts days to reconcile anew that changed; how often they did, none where another one
        does it."""
        with self._database.begin() as connection:
            return int(connection.execute(_KEEP_DAYS, {"at_most": at_most}).scalar_one())
