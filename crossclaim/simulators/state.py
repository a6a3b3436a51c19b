"""The SQLite file in which a party keeps everything that must survive ``kill -9``."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

SHARED_TABLES = """
CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS counter (name TEXT PRIMARY KEY, value INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS journal (
  seq INTEGER PRIMARY KEY AUTOINCREMENT, at TEXT NOT NULL, kind TEXT NOT NULL,
  members TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS journal_kind ON journal (kind);
CREATE TABLE IF NOT EXISTS agenda (
  id INTEGER PRIMARY KEY AUTOINCREMENT, due_s REAL NOT NULL, task TEXT NOT NULL,
  members TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS agenda_due ON agenda (due_s);
"""

Synchronous = Literal["NORMAL", "FULL"]


class State:
    """One connection, used by one thread. ``transaction()`` may be nested; the outermost commits.

    ``NORMAL`` survives the death of the process, ``FULL`` the death of the machine too.
    """

    def __init__(self, folder: Path, party_tables: str, synchronous: Synchronous) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.connection = sqlite3.connect(folder / "state.sqlite3", isolation_level=None)
        self.connection.row_factory = sqlite3.Row
        self.connection.execute("PRAGMA journal_mode=WAL")
        self.connection.execute(f"PRAGMA synchronous={synchronous}")
        self.connection.execute("PRAGMA busy_timeout=5000")
        self.connection.executescript(SHARED_TABLES + party_tables)
        self._depth = 0

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Commits all or nothing. Never hold it over an ``await``."""
        if self._depth == 0:
            self.connection.execute("BEGIN IMMEDIATE")
        self._depth += 1
        try:
            yield
        except BaseException:
            self._depth -= 1
            if self._depth == 0:
                self.connection.execute("ROLLBACK")
            raise
        self._depth -= 1
        if self._depth == 0:
            self.connection.execute("COMMIT")

    def execute(self, sql: str, *values: Any) -> sqlite3.Cursor:
        return self.connection.execute(sql, values)

    def one(self, sql: str, *values: Any) -> sqlite3.Row | None:
        row: sqlite3.Row | None = self.connection.execute(sql, values).fetchone()
        return row

    def every(self, sql: str, *values: Any) -> list[sqlite3.Row]:
        return self.connection.execute(sql, values).fetchall()

    def recall(self, key: str) -> Any:
        """The remembered JSON value, or ``None``."""
        row = self.one("SELECT value FROM meta WHERE key = ?", key)
        return None if row is None else json.loads(row["value"])

    def remember(self, key: str, value: Any) -> None:
        self.execute(
            "INSERT INTO meta VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
            key,
            json.dumps(value),
        )

    def next_number(self, name: str) -> int:
        """Counts from 1 and never repeats, not even after a reset."""
        row = self.one(
            "INSERT INTO counter VALUES (?, 1)"
            " ON CONFLICT (name) DO UPDATE SET value = value + 1 RETURNING value",
            name,
        )
        assert row is not None
        return int(row["value"])

    def empty(self) -> None:
        """Forgets everything except the counters."""
        names = self.every(
            "SELECT name FROM sqlite_master WHERE type = 'table'"
            " AND name NOT IN ('counter', 'sqlite_sequence')"
        )
        with self.transaction():
            for row in names:
                self.execute(f"DELETE FROM {row['name']}")

    def close(self) -> None:
        self.connection.close()
