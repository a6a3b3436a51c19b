"""What a migration promises to whoever has data: all of it, or nothing."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest

from crossclaim.stack import Part, Stack, postgres
from crossclaim.store.migrate import upgrade

HALFWAY = "halfway"


@pytest.fixture
def empty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The owner's address of a database without any schema."""
    home = tmp_path_factory.mktemp("migrations")
    parts = frozenset({Part.POSTGRES})
    with Stack.start(home, parts=parts, port_base=0, migrate=False, supervise=False) as stack:
        owner = stack.settings.database_owner_url.get_secret_value()
        password = postgres.password_of(stack.home, postgres.SUPERUSER)
        port = psycopg.conninfo.conninfo_to_dict(owner)["port"]
        with psycopg.connect(
            host="127.0.0.1",
            port=port,
            user=postgres.SUPERUSER,
            password=password,
            dbname="postgres",
            autocommit=True,
        ) as connection:
            connection.execute(f"create database {HALFWAY} owner {postgres.OWNER}")
        yield owner.rpartition("/")[0] + f"/{HALFWAY}"


def tables(url: str) -> set[str]:
    found = "select tablename from pg_tables where schemaname = 'public'"
    with psycopg.connect(url) as connection:
        return {str(name) for (name,) in connection.execute(found)}


def test_a_migration_that_fails_near_its_end_leaves_nothing_and_can_be_run_again(
    empty: str,
) -> None:
    with psycopg.connect(empty) as connection:
        connection.execute("create table account_balance (in_the_way integer)")
    with pytest.raises(Exception, match="account_balance"):
        upgrade(empty)
    assert tables(empty) - {"alembic_version"} == {"account_balance"}
    with psycopg.connect(empty) as connection:
        connection.execute("drop table account_balance")
    reached = upgrade(empty)
    assert {"episode", "posting"} < tables(empty)
    assert upgrade(empty) == reached, "a second run finds nothing to do"
