"""Connections: one pool a role, one transaction a step, one organisation that may see rows."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import psycopg
from sqlalchemy import Engine, create_engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from crossclaim.domain.errors import Unavailable
from crossclaim.security.narrowed import NOTHING, ONLY_EPISODES
from crossclaim.security.purpose import PURPOSE
from crossclaim.store.connection import Connection
from crossclaim.store.wire import Wire, outdated

_LOST = (psycopg.OperationalError, psycopg.InterfaceError)
_ORGANISATION = "select set_config('crossclaim.organisation', %(organisation)s, true)"
_PURPOSE = "select set_config('crossclaim.purpose', %(purpose)s, true)"
_ONLY = "select set_config('crossclaim.only_episodes', %(only)s, true)"
_WIRE = "wire"
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
        # ``Database.begin`` gives each one back clean.
        pool_reset_on_return=None,
        # An error's text must not carry the values of a statement.
        hide_parameters=True,
        connect_args={
            # ``begin`` and ``commit`` are sent with the statements between them.
            "autocommit": True,
            "connect_timeout": 5,
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
            with self._wire() as wire:
                try:
                    wire.send("begin")
                    if organisation is not None:
                        wire.send(_ORGANISATION, {"organisation": organisation})
                        if purpose := PURPOSE.get():
                            wire.send(_PURPOSE, {"purpose": purpose})
                    if (only := ONLY_EPISODES.get()) is not None:
                        wire.send(_ONLY, {"only": ",".join(only) or NOTHING})
                    yield Connection(wire)
                    wire.commit()
                except BaseException:
                    # A wire that is lost meanwhile does not go back to the pool.
                    with suppress(*_LOST):
                        wire.roll_back()
                    raise
        except psycopg.errors.FeatureNotSupported as error:
            if not outdated(error):
                raise
            # The schema was changed online: what is prepared on every connection may be outdated.
            _log.warning("the schema has changed; every connection is made anew")
            self._engine.dispose()
            raise Unavailable("the database was just upgraded; try again in a moment") from error
        except psycopg.errors.ObjectNotInPrerequisiteState as error:
            # A new key was wrapped under an epoch that was retired meanwhile: the next is not.
            raise Unavailable("a key's epoch has just ended; try again in a moment") from error
        except PoolTimeout as error:
            raise Unavailable("every database connection is busy; try again") from error
        except _LOST as error:
            _log.warning("the database: %s %s", type(error).__name__, error.sqlstate or "")
            self._engine.dispose()
            raise Unavailable("the database does not answer; try again in a moment") from error

    @contextmanager
    def _wire(self) -> Iterator[Wire]:
        """A pooled connection's wire; a lost one does not go back."""
        try:
            pooled = self._engine.raw_connection()
        except DBAPIError as error:
            # Why it lets nobody in: its address, its role and its own words, and of no row.
            _log.warning("no connection: %s", " ".join(str(error.orig).split()))
            self._engine.dispose()
            raise Unavailable("the database does not answer; try again in a moment") from error
        # Kept with the connection, for as long as that lives.
        wire: Wire | None = pooled.info.get(_WIRE)
        if wire is None:
            driver = pooled.driver_connection
            assert isinstance(driver, psycopg.Connection), "the engine's driver is psycopg"
            wire = pooled.info[_WIRE] = Wire(driver)
        try:
            yield wire
        finally:
            if wire.clean:
                pooled.close()
            else:
                pooled.invalidate()

    def close(self) -> None:
        self._engine.dispose()
