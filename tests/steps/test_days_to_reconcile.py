"""Days to reconcile are shown as their items stand at that moment, however many items there are."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import psycopg
import pytest

from crossclaim.stack import Stack
from crossclaim.store.connection import Connection
from crossclaim.store.console_totals import SqlConsoleTotals
from crossclaim.store.day_reads import _DAYS, read_days
from crossclaim.store.session import Database
from crossclaim.wiring import House
from tests.steps.bank_rig import DAY, Desk, booked
from tests.steps.rig import HARBOUR, MUTUAL, Rig
from tests.steps.test_console_totals import ONE_SNAPSHOT
from tests.steps.test_match_orders import foreign, ids, order

_PLAIN = """
select day, bank, account, organisation, source, count(*)::integer as entries,
       (count(*) filter (where open))::integer as open
from (
  select e.booked_on as day, e.bank, e.account_sha256 as account, e.organisation_id as organisation,
         '' as source, e.explained_at is null
           and (e.status is null or e.status not in ('matched', 'split')) as open
  from bank_entry e join account_statement s on s.id = e.statement_id
  where e.source = 'statement' and s.state = 'taken' and e.organisation_id is not null
  union all
  select (x.due_at at time zone 'Asia/Shanghai')::date, x.bank, x.account_sha256,
         x.organisation_id, '', x.explained_at is null
  from expected_movement x where x.status = 'missing' and x.due_at is not null
  union all
  select t.day, '', '', t.organisation_id, t.source,
         t.by_hand is null and t.status not in ('matched', 'split', 'expected')
  from source_item t where t.stands
) y
where (cast(%(organisation)s as text) is null or organisation = %(organisation)s)
group by 1, 2, 3, 4, 5
"""
_KEPT_ALONE = """
select day, bank, account_sha256 as account, organisation_id as organisation, source, entries, open
from day_count where entries > 0
"""
MANY = 100_000


class Reader:
    def __init__(self, database: Database, organisation: str, whose: str | None) -> None:
        self.database, self.organisation, self.whose = database, organisation, whose

    def wrong(self) -> list[Any]:
        """What is shown otherwise than counted from all items, in one snapshot."""
        with self.database.begin(self.organisation) as connection:
            return sorted(self._shown(connection) ^ self._plain(connection))

    def wrong_without_what_is_due(self) -> list[Any]:
        """The naive twin: what was kept, whatever changed since."""
        with self.database.begin(self.organisation) as connection:
            kept = _told(connection.execute(_KEPT_ALONE, {}).mappings())
            return sorted(kept ^ self._plain(connection))

    def _shown(self, connection: Connection) -> set[Any]:
        return _told(read_days(connection, self.whose, MANY, MANY))

    def _plain(self, connection: Connection) -> set[Any]:
        rows = connection.execute(_PLAIN, {"organisation": self.whose}).mappings()
        return _told(rows)

    def days(self, bank: str, newest: int, most: int) -> list[tuple[date, int]]:
        with self.database.begin(self.organisation) as connection:
            rows = read_days(connection, self.whose, newest, most)
        return [(row["day"], row["open"]) for row in rows if row["bank"] == bank]


def _told(rows: Any) -> set[Any]:
    names = ("day", "bank", "account", "organisation", "source", "entries", "open")
    return {tuple(row[name] for name in names) for row in rows}


@pytest.fixture(scope="module")
def readers(stack: Stack) -> Iterator[list[Reader]]:
    settings = stack.settings
    own = House(settings, settings.database_url.get_secret_value() + ONE_SNAPSHOT)
    every = House(settings, settings.database_reader_url.get_secret_value() + ONE_SNAPSHOT)
    yield [
        Reader(every.database, "crossclaim", None),
        Reader(own.database, HARBOUR, HARBOUR),
        Reader(own.database, MUTUAL, MUTUAL),
    ]
    own.database.close()
    every.database.close()


@pytest.fixture
def desk(rig: Rig, tmp_path: Path) -> Desk:
    return Desk.of(rig, tmp_path)


@pytest.fixture
def totals(rig: Rig) -> SqlConsoleTotals:
    return SqlConsoleTotals(rig.database)


def _kept(totals: SqlConsoleTotals) -> None:
    while totals.keep_days():
        pass


def test_each_reader_is_shown_days_as_they_stand_before_and_after_they_are_counted(
    desk: Desk, readers: list[Reader], totals: SqlConsoleTotals
) -> None:
    _kept(totals)
    assert [one.wrong() for one in readers] == [[], [], []]
    one = foreign(desk)
    assert [one.wrong() for one in readers] == [[], [], []], "a statement that came is due"
    assert readers[0].wrong_without_what_is_due(), "the twin is right: this test proves nothing"
    totals.keep_days(1)
    outcome = order(desk, "match", entries=ids(desk), expected=[f"payout:{one}"])
    assert [one.wrong() for one in readers] == [[], [], []], "a match is due"
    _kept(totals)
    assert readers[1].days(desk.bank, 1000, 1000) == [(DAY, 0)]
    order(desk, "undo", match=outcome["body"]["match"])
    assert [one.wrong() for one in readers] == [[], [], []], "what is taken back is due"
    assert readers[1].days(desk.bank, 1000, 1000) == [(DAY, 2)]
    assert readers[2].days(desk.bank, 1000, 1000) == [], "another insurer's account"
    _kept(totals)
    assert [one.wrong() for one in readers] == [[], [], []]
    assert totals.keep_days() == 0


def test_a_payment_that_the_bank_does_not_have_counts_while_it_is_missing(
    desk: Desk, rig: Rig, readers: list[Reader], totals: SqlConsoleTotals
) -> None:
    foreign(desk)
    _kept(totals)
    for status in ("missing", "expected"):
        rig.change(
            "update expected_movement set status = %(status)s, due_at = '2026-01-05T12:00:00Z'"
            " where bank = %(bank)s",
            status=status,
            bank=desk.bank,
        )
        assert [one.wrong() for one in readers] == [[], [], []]
        _kept(totals)
        assert [one.wrong() for one in readers] == [[], [], []]


def test_what_commits_while_days_are_counted_stays_due(
    desk: Desk, stack: Stack, readers: list[Reader], totals: SqlConsoleTotals
) -> None:
    foreign(desk)
    _kept(totals)
    url = stack.settings.database_worker_url.get_secret_value()
    with psycopg.connect(url) as late:
        late.execute("update bank_entry set explained_at = now() where bank = %s", [desk.bank])
        _kept(totals)
        assert readers[1].days(desk.bank, 1000, 1000) == [(DAY, 2)]
        late.commit()
        assert readers[1].days(desk.bank, 1000, 1000) == [(DAY, 1)]
        assert [one.wrong() for one in readers] == [[], [], []]


def test_an_old_day_with_something_to_look_at_is_shown_behind_newer_ones(
    desk: Desk, readers: list[Reader], totals: SqlConsoleTotals
) -> None:
    foreign(desk)
    for due in (False, True):
        if due:
            _kept(totals)
        assert readers[1].days(desk.bank, 0, 1000) == [(DAY, 2)]


def test_the_list_of_days_reads_no_more_rows_when_there_are_more_entries(
    desk: Desk, readers: list[Reader], totals: SqlConsoleTotals
) -> None:
    read: dict[str, list[int]] = {"ours": [], "plain": []}
    for number in (1, 2):
        entries = [booked("DBIT", f"N{number}-{n}", 100 + n, payee="") for n in range(20)]
        net = -sum(100 + n for n in range(20))
        opening = 10_000_000 if number == 1 else 10_000_000 + net
        desk.comes(desk.statement(*entries, net=net, number=number, opening=opening))
        _kept(totals)
        with readers[0].database.begin("crossclaim") as connection:
            connection.execute("set local enable_seqscan = off")
            given = {"organisation": None, "newest": 10, "most": 10}
            read["ours"].append(_rows_read(connection, _DAYS, given))
            read["plain"].append(_rows_read(connection, _PLAIN, given))
    assert read["ours"][0] == read["ours"][1]
    assert read["plain"][0] < read["plain"][1], "the plain count reads all: nothing is compared"


def _rows_read(connection: Connection, query: str, given: dict[str, Any]) -> int:
    """Rows of items, not of counts, that a statement takes from tables."""
    (plan,) = connection.execute(f"explain (analyze, format json) {query}", given).scalars()
    waiting, read = [plan[0]["Plan"]], 0
    while waiting:
        node = waiting.pop()
        waiting += node.get("Plans", [])
        if node.get("Relation Name", "day_").startswith(("day_", "bank_day")):
            continue
        found = node["Actual Rows"] + node.get("Rows Removed by Filter", 0)
        read += int(found * node["Actual Loops"])
    return read
