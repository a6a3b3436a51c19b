"""One open transaction: its statements travel together, and wait only where an answer is read.

Statements are psycopg's own, with ``%(name)s`` for what is bound. Until something is read from a
``Result`` nothing waits for the database, so a fault of a statement shows at the next reading or at
the commit; whoever must tell one statement's fault from another's reads its result.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import psycopg

Values = Mapping[str, Any]


class Result:
    """The rows of one statement, with a member for each column; read once."""

    def __init__(self, cursor: psycopg.Cursor[Any], pipeline: psycopg.Pipeline) -> None:
        self._cursor = cursor
        self._pipeline = pipeline

    @property
    def rowcount(self) -> int:
        """How many rows the statement wrote."""
        self._pipeline.sync()
        return self._cursor.rowcount

    def __iter__(self) -> Iterator[Any]:
        return iter(self.all())

    def all(self) -> list[Any]:
        return self._cursor.fetchall()

    def mappings(self) -> list[dict[str, Any]]:
        return [row._asdict() for row in self.all()]

    def scalars(self) -> list[Any]:
        return [row[0] for row in self.all()]

    def one_or_none(self) -> Any:
        """The only row. Raises ``LookupError`` when there are more."""
        rows = self.all()
        if len(rows) > 1:
            raise LookupError(f"one row was expected, {len(rows)} came")
        return rows[0] if rows else None

    def one(self) -> Any:
        """The only row. Raises ``LookupError`` when there is none, or more."""
        row = self.one_or_none()
        if row is None:
            raise LookupError("one row was expected, none came")
        return row

    def scalar_one(self) -> Any:
        return self.one()[0]

    def scalar_one_or_none(self) -> Any:
        row = self.one_or_none()
        return None if row is None else row[0]


class Connection:
    """What a transaction is written through; ``Database.begin`` opens and ends it."""

    def __init__(self, wire: psycopg.Connection[Any], pipeline: psycopg.Pipeline) -> None:
        self._wire = wire
        self._pipeline = pipeline

    def execute(self, statement: str, values: Values | Sequence[Values] | None = None) -> Result:
        """Sends the statement: once, or once for each of several ``values``."""
        cursor = self._wire.cursor()
        if values is None or isinstance(values, Mapping):
            cursor.execute(statement, values)
        else:
            cursor.executemany(statement, values)
        return Result(cursor, self._pipeline)
