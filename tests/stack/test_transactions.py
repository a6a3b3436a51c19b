"""What a transaction of ours promises, tried on the engine itself."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest

from crossclaim.domain.errors import Unavailable
from crossclaim.stack import Part, Stack
from crossclaim.store.session import Database
from crossclaim.store.wire import PREPARED_MAX
from tests.prepared import prepared_home

KEEP = "insert into data_key (scope, key_id, epoch, wrapped) values (%(scope)s, %(scope)s, 'e', '')"
COUNT = "select count(*) from data_key where scope = %(scope)s"


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    home = prepared_home(tmp_path_factory, "transactions")
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


def test_nothing_reaches_the_server_until_an_answer_is_waited_for(
    database: Database, stack: Stack
) -> None:
    alone = Database(stack.settings.database_worker_url.get_secret_value(), pool_size=1)
    with alone.begin() as connection:
        pid = connection.execute("select pg_backend_pid()").scalar_one()
    with alone.begin() as connection:
        kept = connection.execute(KEEP, {"scope": "gathered"})
        assert not in_a_transaction(database, pid)
        assert kept.rowcount == 1
        assert in_a_transaction(database, pid)
    alone.close()


def in_a_transaction(onlooker: Database, pid: int) -> bool:
    began = "select xact_start is not null from pg_stat_activity where pid = %(pid)s"
    with onlooker.begin() as connection:
        return bool(connection.execute(began, {"pid": pid}).scalar_one())


def test_what_came_with_the_commit_can_be_read_after_it(database: Database) -> None:
    with database.begin() as connection:
        told = connection.execute(COUNT, {"scope": "nobody"})
    with database.begin() as connection:
        assert connection.execute("select 'another' as word").one().word == "another"
    assert told.scalar_one() == 0


def test_a_statement_is_understood_whatever_the_types_of_what_it_binds(database: Database) -> None:
    same = "select cast(%(value)s as text) as text, %(other)s::bigint as number"
    bound = [(7, 1), ("seven", 2**40), (None, None), (2**40, 3), (7, None)]
    with database.begin() as connection:
        rows = [connection.execute(same, {"value": v, "other": o}) for v, o in bound]
        told = [(row.text, row.number) for row in (r.one() for r in rows)]
    assert told == [(None if v is None else str(v), o) for v, o in bound]


def test_a_name_may_be_bound_twice_and_a_doubled_percent_sign_is_one(database: Database) -> None:
    with database.begin() as connection:
        row = connection.execute(
            "select %(a)s::text || '%%' || %(b)s::text || %(a)s::text as text", {"a": "x", "b": "y"}
        ).one()
    assert row.text == "x%yx"


def test_a_statement_that_cannot_be_prepared_spoils_nothing_for_the_next_transaction(
    database: Database,
) -> None:
    for _ in range(3):
        with pytest.raises(psycopg.errors.UndefinedTable), database.begin() as connection:
            connection.execute(KEEP, {"scope": "before"})
            connection.execute("select * from no_such_table").all()
    with pytest.raises(psycopg.errors.UniqueViolation), database.begin() as connection:
        connection.execute(KEEP, {"scope": "before"})
        connection.execute(KEEP, {"scope": "before"})
        # Prepared for the first time behind a fault, so never prepared at all.
        connection.execute("select 'behind a fault'")
    with database.begin() as connection:
        assert connection.execute("select 'behind a fault'").scalar_one() == "behind a fault"
    assert kept(database, "before") == 0


def test_a_fault_that_shows_only_at_the_commit_is_raised_and_leaves_a_clean_connection(
    database: Database,
) -> None:
    entry = "insert into entry (key, kind, occurred_at) values ('lonely', 'bill', now())"
    for _ in range(5):
        with pytest.raises(psycopg.errors.CheckViolation), database.begin() as connection:
            assert connection.execute(entry).rowcount == 1
    with database.begin() as connection:
        count = connection.execute("select count(*) from entry where key = 'lonely'").scalar_one()
    assert count == 0


def test_a_process_that_is_interrupted_within_a_transaction_keeps_nothing_of_it(
    database: Database,
) -> None:
    with pytest.raises(KeyboardInterrupt), database.begin() as connection:
        connection.execute(KEEP, {"scope": "interrupted"})
        raise KeyboardInterrupt
    assert kept(database, "interrupted") == 0


def test_more_statements_than_are_kept_prepared_are_answered_too(database: Database) -> None:
    with database.begin() as connection:
        several = [connection.execute(f"select {n}") for n in range(PREPARED_MAX + 20)]
        assert [one.scalar_one() for one in several] == list(range(PREPARED_MAX + 20))
    with database.begin() as connection:
        assert connection.execute(f"select {PREPARED_MAX + 5}").scalar_one() == PREPARED_MAX + 5


def test_an_answer_larger_than_every_buffer_comes_whole_while_much_is_sent(
    database: Database,
) -> None:
    text = "x" * 500_000
    with database.begin() as connection:
        sent = [connection.execute("select %(text)s::text", {"text": text}) for _ in range(20)]
        assert {len(one.scalar_one()) for one in sent} == {500_000}


def test_a_column_that_is_added_online_is_unavailable_once_and_then_read(stack: Stack) -> None:
    """Statements stay prepared; the engine refuses those whose result has changed since."""
    owner = stack.settings.database_owner_url.get_secret_value()
    database = Database(stack.settings.database_worker_url.get_secret_value(), pool_size=2)
    everything = "select * from data_key"

    def columns() -> int:
        with database.begin() as connection:
            rows: list[object] = connection.execute(everything, {}).all()
            return len(rows[0]) if rows else -1  # type: ignore[arg-type]

    with database.begin() as connection:
        connection.execute(KEEP, {"scope": "columns"})
    before = columns()
    with psycopg.connect(owner, autocommit=True) as owned:
        owned.execute("alter table data_key add column newer integer")
    try:
        with pytest.raises(Unavailable):
            columns()
        assert columns() == before + 1
    finally:
        with psycopg.connect(owner, autocommit=True) as owned:
            owned.execute("alter table data_key drop column newer")
        database.close()
