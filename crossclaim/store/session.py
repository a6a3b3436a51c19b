"""Connections: one pool a role, one transaction a step, one organisation that may see rows."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from psycopg.rows import namedtuple_row
from sqlalchemy import Engine, create_engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from crossclaim.domain.errors import Unavailable
from crossclaim.store.connection import Connection

_LOST = (psycopg.OperationalError, psycopg.InterfaceError)
_log = logging.getLogger("crossclaim.database")


def driver_url(url: str) -> str:
    """``url`` with the psycopg driver named, as SQLAlchemy wants it."""
    if url.startswith("postgresql://"):
        return "postgresql+psycopg://" + url.removeprefix("postgresql://")
    return url


def _pool(url: str, size: int) -> Engine:
    return create_engine(
        driver_url(url),
        pool_size=size,
        max_overflow=size,
        pool_pre_ping=False,
        # The last used first: a few connections stay warm, with their statements prepared.
        pool_use_lifo=True,
        pool_recycle=1800,
        # An error's text must not carry the values of a statement.
        hide_parameters=True,
        connect_args={
            # ``begin`` and ``commit`` are sent with the statements between them.
            "autocommit": True,
            "connect_timeout": 5,
            "prepare_threshold": 1,
            "row_factory": namedtuple_row,
        },
    )


class Database:
    """One role's door to PostgreSQL."""

    def __init__(self, url: str, pool_size: int = 8) -> None:
        self._engine = _pool(url, pool_size)

    @contextmanager
    def begin(self, organisation: str | None = None) -> Iterator[Connection]:
        """One transaction, committed at the end. ``organisation`` limits what the app role sees.

        A database that is gone is ``Unavailable``, after the pool has been emptied, so that the
        next try connects anew.
        """
        try:
            with self._wire() as wire, wire.pipeline() as pipeline:
                wire.execute("begin")
                if organisation is not None:
                    wire.execute(
                        "select set_config('crossclaim.organisation', %(o)s, true)",
                        {"o": organisation},
                    )
                yield Connection(wire, pipeline)
                committed = wire.execute("commit")
                pipeline.sync()
                # PostgreSQL answers a commit after a failed statement with a quiet rollback.
                assert committed.statusmessage == "COMMIT", "a transaction that failed is committed"
        except PoolTimeout as error:
            raise Unavailable("every database connection is busy; try again") from error
        except _LOST as error:
            _log.warning("the database: %s %s", type(error).__name__, error.sqlstate or "")
            self._engine.dispose()
            raise Unavailable("the database does not answer; try again in a moment") from error

    @contextmanager
    def _wire(self) -> Iterator[psycopg.Connection[Any]]:
        """A pooled connection, clean again when it goes back; a broken one does not."""
        try:
            pooled = self._engine.raw_connection()
        except DBAPIError as error:
            # Why it lets nobody in: its address, its role and its own words, and of no row.
            _log.warning("no connection: %s", " ".join(str(error.orig).split()))
            self._engine.dispose()
            raise Unavailable("the database does not answer; try again in a moment") from error
        wire = pooled.driver_connection
        assert isinstance(wire, psycopg.Connection), "the engine's driver is psycopg"
        try:
            yield wire
        finally:
            if wire.closed:
                pooled.invalidate()
            else:
                pooled.close()

    def close(self) -> None:
        self._engine.dispose()
