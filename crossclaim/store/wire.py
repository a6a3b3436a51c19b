"""One database connection, for good in libpq's pipeline mode: what is sent leaves together.

Statements gather in libpq's buffer until an answer is waited for. psycopg connects, adapts values
and names faults; its cursors would go to the kernel and back with each statement. A statement is
prepared at its first use.
"""

from __future__ import annotations

import functools
import itertools
import re
from collections import deque, namedtuple
from collections.abc import Callable, Mapping
from typing import Any

import psycopg
from psycopg.abc import PQGen
from psycopg.adapt import PyFormat, Transformer
from psycopg.errors import error_from_result
from psycopg.generators import fetch_many, send
from psycopg.pq import ExecStatus, TransactionStatus
from psycopg.pq.abc import PGresult

Values = Mapping[str, Any]

PREPARED_MAX = 500
"""Statements that one connection keeps prepared; what comes later is sent as it is."""

_REVALIDATES = "RevalidateCachedQuery"
"""PostgreSQL's function that refuses a statement whose columns have changed since."""

AUTO = PyFormat.AUTO
_Prepared = tuple[str, tuple[int, ...]]
_PLACEHOLDER = re.compile(r"%\((\w+)\)s|%%")


class Answer:
    """What comes back of one statement; empty until the wire has heard it."""

    __slots__ = ("count", "heard", "of", "rows", "word")

    def __init__(self, of: _Prepared | None = None) -> None:
        self.of = of
        """The statement that was prepared, when this answers a preparation."""
        self.heard = False
        self.rows: list[Any] | None = None
        self.count = 0
        self.word = b""
        """The command's tag, for instance ``COMMIT``."""


def outdated(fault: psycopg.Error) -> bool:
    """A table has other columns than when a statement about it was prepared."""
    refused = isinstance(fault, psycopg.errors.FeatureNotSupported)
    return refused and fault.diag.source_function == _REVALIDATES


class Wire:
    """Not for two threads at once. Raises psycopg's errors."""

    def __init__(self, driver: psycopg.Connection[Any]) -> None:
        self._driver = driver
        self._libpq = driver.pgconn
        self._adapt = Transformer(driver)
        self._names = (f"s{number}".encode() for number in itertools.count(1))
        self._prepared: dict[_Prepared, bytes] = {}
        self._awaited: deque[Answer] = deque()
        self._outdated = False
        self._libpq.enter_pipeline_mode()

    @property
    def clean(self) -> bool:
        """Nothing is open, nothing unheard, nothing outdated: fit for the next transaction."""
        fit = not self._awaited and not self._outdated
        return fit and self._libpq.transaction_status == TransactionStatus.IDLE

    def send(self, statement: str, values: Values | None = None) -> Answer:
        """Gathers the statement, with ``%(name)s`` for what is bound; nothing waits."""
        text, names = (statement.encode(), ()) if values is None else _numbered(statement)
        bound = self._adapt.dump_sequence([(values or {})[n] for n in names], [AUTO] * len(names))
        types, formats = self._adapt.types or (), self._adapt.formats
        name = self._prepared.get((statement, types)) or self._prepare(statement, text, types)
        if name:
            self._libpq.send_query_prepared(name, bound, param_formats=formats)
        else:
            self._libpq.send_query_params(text, bound, param_types=types, param_formats=formats)
        return self._expect(Answer())

    def _prepare(self, statement: str, text: bytes, types: tuple[int, ...]) -> bytes:
        """Its name; empty when enough are prepared."""
        if len(self._prepared) >= PREPARED_MAX:
            return b""
        name = self._prepared[statement, types] = next(self._names)
        self._libpq.send_prepare(name, text, param_types=types)
        self._expect(Answer((statement, types)))
        return name

    def _expect(self, answer: Answer) -> Answer:
        self._awaited.append(answer)
        return answer

    def hear(self) -> None:
        """Waits until all that was sent is answered. Raises the first fault among the answers."""
        self._libpq.send_flush_request()
        self._raise(self._driver.wait(self._hearing()))

    def commit(self) -> None:
        """Ends the transaction. Raises the first fault; then nothing of it stays."""
        committed = self.send("commit")
        self._raise(self._settled())
        # PostgreSQL answers a commit after a failed statement with a quiet rollback, or not at all.
        if committed.word != b"COMMIT":
            raise AssertionError("a transaction that failed is committed")

    def roll_back(self) -> None:
        """Whatever went before: afterwards nothing is open and nothing unheard."""
        self._settled()
        if self._libpq.transaction_status != TransactionStatus.IDLE:
            self.send("rollback")
            self._settled()

    def _settled(self) -> psycopg.Error | None:
        """Ends a stretch, after which a fault no longer keeps later statements from running."""
        self._libpq.pipeline_sync()
        self._expect(Answer())
        return self._driver.wait(self._hearing())

    def _hearing(self) -> PQGen[psycopg.Error | None]:
        yield from send(self._libpq)
        fault: psycopg.Error | None = None
        while self._awaited:
            results = yield from fetch_many(self._libpq)
            if not results:
                raise psycopg.OperationalError("the connection ended before the answer")
            found = self._take(self._awaited.popleft(), results[-1])
            fault = fault or found
        return fault

    def _take(self, answer: Answer, result: PGresult) -> psycopg.Error | None:
        """Reads the answer at once: its rows must not wait for a wire that others may hold then."""
        status = result.status
        if status == ExecStatus.TUPLES_OK:
            self._adapt.set_pgresult(result)
            columns = tuple(result.fname(n) or b"" for n in range(result.nfields))
            answer.rows = self._adapt.load_rows(0, result.ntuples, _row_of(columns))
            answer.count, answer.heard = result.ntuples, True
        elif status == ExecStatus.COMMAND_OK:
            answer.count, answer.heard = result.command_tuples or 0, True
            answer.word = result.command_status or b""
        elif status != ExecStatus.PIPELINE_SYNC:
            if answer.of is not None:
                del self._prepared[answer.of]
            if status != ExecStatus.PIPELINE_ABORTED:
                fault = error_from_result(result)
                self._outdated = self._outdated or outdated(fault)
                return fault
        return None

    @staticmethod
    def _raise(fault: psycopg.Error | None) -> None:
        if fault is not None:
            raise fault


@functools.lru_cache(1024)
def _numbered(statement: str) -> tuple[bytes, tuple[str, ...]]:
    """The statement as PostgreSQL takes it, with ``$1`` for the first name that it binds."""
    names: dict[str, int] = {}

    def number(found: re.Match[str]) -> str:
        name = found[1]
        return "%" if name is None else f"${names.setdefault(name, len(names) + 1)}"

    return _PLACEHOLDER.sub(number, statement).encode(), tuple(names)


@functools.lru_cache(1024)
def _row_of(columns: tuple[bytes, ...]) -> Callable[..., Any]:
    """Makes a row with a member for each column."""
    names = [column.decode() for column in columns]
    row: Any = namedtuple("Row", names, rename=True)  # type: ignore[misc]
    make: Callable[..., Any] = row._make
    return make
