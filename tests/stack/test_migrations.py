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


def test_only_submissions_that_an_open_run_may_have_missed_are_handed_over_after_the_upgrade(
    empty: str,
) -> None:
    upgrade(empty, "0001")
    with psycopg.connect(empty) as connection:
        for table in ("submission", "episode"):
            connection.execute(f"alter table {table} no force row level security")
        connection.execute(
            "insert into organisation (id, kind, name, name_zh)"
            " values ('hospital', 'hospital', 'Hospital', '')"
        )
        connection.execute(
            """
            insert into episode (id, hospital_id, visit_number, encounter_class, department,
                                 channel, status, sealed, opened_at, closed_at)
            values ('open', 'hospital', '1', 'outpatient', '', '', 'open', '', now(), null),
                   ('closed', 'hospital', '2', 'outpatient', '', '', 'closed', '', now(), now())
            """
        )
        connection.execute(
            """
            insert into submission (id, organisation_id, business_key, kind, episode_id,
                                    content_sha256, content, outcome, outcome_at)
            select name, 'hospital', name, 'submit_bill', episode, '', '', outcome, now()
            from (values ('applied', 'closed', '{}'::jsonb), ('waiting', 'closed', null),
                         ('missed', 'open', '{}'::jsonb), ('refused', 'never', '{}'::jsonb)
                 ) as x(name, episode, outcome)
            """
        )
        for table in ("submission", "episode"):
            connection.execute(f"alter table {table} force row level security")
    upgrade(empty)
    with psycopg.connect(empty) as connection:
        untaken = "select id from submission where outcome is null or taken_at is null order by id"
        assert connection.execute(untaken).fetchall() == [("missed",), ("waiting",)]
