"""Under which credential a transaction looks: row-level security shows the rows of that one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from crossclaim.store.connection import Connection
from crossclaim.store.session import Database

_CREDENTIAL = "select set_config('crossclaim.credential', %(credential)s, true)"


@contextmanager
def shown(database: Database, credential: str) -> Iterator[Connection]:
    """A transaction of somebody who showed ``credential``: an id or a digest, never a secret."""
    with database.begin() as connection:
        also_shown(connection, credential)
        yield connection


def also_shown(connection: Connection, credential: str) -> None:
    """From now on the transaction looks under ``credential``."""
    connection.execute(_CREDENTIAL, {"credential": credential})
