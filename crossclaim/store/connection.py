"""One open transaction: its statements travel together, and wait only where an answer is read.

Statements have ``%(name)s`` for what is bound. Until something is read from a ``Result`` nothing
waits for the database, so a fault of a statement shows at the next reading or at the commit;
whoever must tell one statement's fault from another's reads its result.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from crossclaim.store.wire import Answer, Values, Wire


class Result:
    """The rows of one statement, with a member for each column.

    What was not read within the transaction has come with its commit and can be read after it.
    """

    __slots__ = ("_answer", "_wire")

    def __init__(self, answer: Answer, wire: Wire) -> None:
        self._answer = answer
        self._wire = wire

    def _heard(self) -> Answer:
        if not self._answer.heard:
            self._wire.hear()
        assert self._answer.heard, "a statement before this one failed"
        return self._answer

    @property
    def rowcount(self) -> int:
        """How many rows the statement wrote."""
        return self._heard().count

    def __iter__(self) -> Iterator[Any]:
        return iter(self.all())

    def all(self) -> list[Any]:
        rows = self._heard().rows
        assert rows is not None, "the statement gives no rows"
        return rows

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

    __slots__ = ("_wire",)

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    def execute(self, statement: str, values: Values | None = None) -> Result:
        return Result(self._wire.send(statement, values), self._wire)

    def execute_each(self, statement: str, rows: Iterable[Values]) -> None:
        """Sends the statement once for each of ``rows``."""
        for values in rows:
            self._wire.send(statement, values)
