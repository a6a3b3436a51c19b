"""What a transaction of ours promises, tried on the engine itself."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest

from crossclaim.domain.errors import Unavailable
from crossclaim.stack import Part, Stack
from crossclaim.store.session import Database

KEEP = "insert into data_key (scope, key_id, epoch, wrapped) values (%(scope)s, %(scope)s, 'e', '')"
COUNT = "select count(*) from data_key where scope = %(scope)s"


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    home = tmp_path_factory.mktemp("transactions")
    parts = frozenset({Part.POSTGRES})
    with Stack.start(home, parts=parts, port_base=0, supervise=False) as stack:
        yield stack


@pytest.fixture
def database(stack: Stack) -> Iterator[Database]:
    database = Database(stack.settings.database_worker_url.get_secret_value(), pool_size=2)
    yield database
    database.close()


def kept(database: Database, scope: str) -> int:
    with database.begin() as connection:
        count: int = connection.execute(COUNT, {"scope": scope}).scalar_one()
        return count


def test_what_was_sent_without_a_reading_is_committed_at_the_end(database: Database) -> None:
    with database.begin() as connection:
        for number in range(50):
            connection.execute(KEEP, {"scope": f"unread-{number}"})
    assert [kept(database, f"unread-{n}") for n in (0, 49)] == [1, 1]


def test_a_fault_that_nobody_read_is_raised_and_nothing_of_the_transaction_stays(
    database: Database,
) -> None:
    with pytest.raises(psycopg.errors.UniqueViolation), database.begin() as connection:
        connection.execute(KEEP, {"scope": "twice"})
        connection.execute(KEEP, {"scope": "twice"})
        connection.execute(KEEP, {"scope": "after-twice"})
    assert (kept(database, "twice"), kept(database, "after-twice")) == (0, 0)


def test_a_fault_that_was_swallowed_never_passes_for_a_commit(database: Database) -> None:
    with pytest.raises((AssertionError, psycopg.Error)), database.begin() as connection:
        connection.execute(KEEP, {"scope": "swallowed"})
        with pytest.raises(psycopg.errors.UniqueViolation):
            assert connection.execute(KEEP, {"scope": "swallowed"}).rowcount == 1
    assert kept(database, "swallowed") == 0


def test_an_error_of_the_caller_rolls_back_and_gives_the_connection_back_clean(
    database: Database,
) -> None:
    for number in range(5):  # more often than the pool has connections
        with pytest.raises(ValueError, match="ours"), database.begin() as connection:
            connection.execute(KEEP, {"scope": f"caller-{number}"})
            raise ValueError("ours")
    assert [kept(database, f"caller-{number}") for number in range(5)] == [0] * 5


def test_the_number_of_rows_written_is_told_when_it_is_asked_for(database: Database) -> None:
    again = KEEP + " on conflict do nothing"
    with database.begin() as connection:
        first = connection.execute(again, {"scope": "counted"})
        second = connection.execute(again, {"scope": "counted"})
        assert (first.rowcount, second.rowcount) == (1, 0)


def test_several_rows_where_one_was_expected_are_an_error(database: Database) -> None:
    with pytest.raises(LookupError), database.begin() as connection:
        connection.execute("select * from generate_series(1, 2)").one()
    with pytest.raises(LookupError), database.begin() as connection:
        connection.execute("select 1 where false").scalar_one()


def test_a_lost_connection_is_told_as_unavailable_and_the_next_transaction_connects_anew(
    database: Database, stack: Stack
) -> None:
    ended = "select pg_terminate_backend(pid) from pg_stat_activity where pid = %(pid)s"
    with pytest.raises(Unavailable), database.begin() as connection:
        pid = connection.execute("select pg_backend_pid()").scalar_one()
        with database.begin() as other:
            assert other.execute(ended, {"pid": pid}).scalar_one()
        connection.execute(COUNT, {"scope": "lost"}).scalar_one()
    assert kept(database, "lost") == 0


def test_an_organisation_set_for_one_transaction_is_unknown_to_the_next(stack: Stack) -> None:
    app = Database(stack.settings.database_url.get_secret_value(), pool_size=1)
    asked = "select current_setting('crossclaim.organisation', true)"
    with app.begin("hospital-a") as connection:
        assert connection.execute(asked).scalar_one() == "hospital-a"
    with app.begin() as connection:
        assert connection.execute(asked).scalar_one() in ("", None)
    app.close()
