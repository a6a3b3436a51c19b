"""Connections: one engine a role, one transaction a step, one organisation that may see rows."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine, create_engine
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from crossclaim.domain.errors import Unavailable
from crossclaim.store.statement import text


def engine_for(url: str, pool_size: int = 8) -> Engine:
    """A pooled engine. ``url`` may start with ``postgresql://``; the psycopg driver is used."""
    if url.startswith("postgresql://"):
        url = "postgresql+psycopg://" + url.removeprefix("postgresql://")
    return create_engine(
        url,
        pool_size=pool_size,
        max_overflow=pool_size,
        pool_pre_ping=False,
        # The last used first: a few connections stay warm, with their statements prepared.
        pool_use_lifo=True,
        pool_recycle=1800,
        # An error's text must not carry the values of a statement.
        hide_parameters=True,
        connect_args={"connect_timeout": 5, "prepare_threshold": 1},
    )


class Database:
    """One role's door to PostgreSQL."""

    def __init__(self, url: str, pool_size: int = 8) -> None:
        self._engine = engine_for(url, pool_size)

    @contextmanager
    def begin(self, organisation: str | None = None) -> Iterator[Connection]:
        """One transaction, committed at the end. ``organisation`` limits what the app role sees.

        A database that is gone is ``Unavailable``, after the pool has been emptied, so that the
        next try connects anew.
        """
        try:
            with self._engine.begin() as connection:
                if organisation is not None:
                    connection.execute(
                        text("select set_config('crossclaim.organisation', :o, true)"),
                        {"o": organisation},
                    )
                yield connection
        except PoolTimeout as error:
            raise Unavailable("every database connection is busy; try again") from error
        except OperationalError as error:
            self._engine.dispose()
            raise Unavailable("the database does not answer; try again in a moment") from error
        except DBAPIError as error:
            if error.connection_invalidated:
                self._engine.dispose()
                raise Unavailable("the database connection was lost; try again") from error
            raise

    def close(self) -> None:
        self._engine.dispose()
