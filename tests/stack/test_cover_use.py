"""Two bills of one member never spend the same remainder: the database keeps them apart."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import psycopg
import pytest

from crossclaim.domain.records import CoverKey
from crossclaim.stack import Part, Stack
from crossclaim.store import cover_tables
from crossclaim.store.transaction import SqlRecords, SqlTransaction
from crossclaim.wiring import worker_house
from tests.prepared import prepared_home

AT = datetime(2026, 3, 14, 2, 0, tzinfo=UTC)
LIMIT = 1_000_000
"""HK cents that a member may have paid in a year."""
PAID = "year.2.paid"
WAIT_S = 30.0


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    home = prepared_home(tmp_path_factory, "cover-use")
    parts = frozenset({Part.POSTGRES})
    with Stack.start(home, parts=parts, port_base=0, supervise=False) as stack:
        with psycopg.connect(stack.settings.database_worker_url.get_secret_value()) as connection:
            connection.execute(
                "insert into organisation (id, kind, name, name_zh)"
                " values ('mutual', 'insurer', 'Mutual', ''), ('ward', 'hospital', 'Ward', '')"
            )
        yield stack


@pytest.fixture(scope="module")
def records(stack: Stack) -> Iterator[SqlRecords]:
    house = worker_house(stack.settings)
    yield SqlRecords(house.database, house.keyring)
    house.database.close()


class Member:
    """One policy and the bills that are laid on it, each of an episode of its own."""

    def __init__(self, stack: Stack, records: SqlRecords, policy: str) -> None:
        self.cover = CoverKey(organisation="mutual", policy_number=policy, plan="vhis-standard-hk")
        self._records = records
        self._url = stack.settings.database_worker_url.get_secret_value()

    def bill(self, bill: str) -> str:
        """Rows that a use refers to; the bill's id."""
        with psycopg.connect(self._url) as connection:
            connection.execute(
                "insert into episode (id, hospital_id, visit_number, encounter_class, department,"
                " channel, status, sealed, opened_at)"
                " values (%(e)s, 'ward', %(e)s, 'inpatient', '', '', 'open', '', now())",
                {"e": f"ep-{bill}"},
            )
            connection.execute(
                "insert into bill (id, episode_id, number, version, status, state, total_minor,"
                " sealed, issued_at, occurred_at) values"
                " (%(b)s, %(e)s, %(b)s, 1, 'final', 'current', 1, '', now(), now())",
                {"b": bill, "e": f"ep-{bill}"},
            )
        return bill

    def pay(self, bill: str, asked: int, meeting: threading.Barrier | None = None) -> int:
        """What the year's limit leaves of ``asked``, used up in the same transaction."""
        with self._records.transaction() as tx:
            left = LIMIT - tx.cover_used(self.cover).of(PAID)
            if meeting is not None:
                met(meeting)
            paid = min(asked, left)
            tx.add_cover_use(self.cover, f"ep-{bill}", bill, 1, {PAID: paid} if paid else {}, AT)
        return paid

    def used(self) -> int:
        with self._records.transaction() as tx:
            return tx.cover_used(self.cover).of(PAID)

    def take_back(self, bill: str) -> None:
        with self._records.transaction() as tx:
            tx.reverse_cover_use(bill, AT)


def met(meeting: threading.Barrier) -> None:
    """Waits for the other bill, as long as it can come; one that waits for our lock never does."""
    try:
        meeting.wait(1.5)
    except threading.BrokenBarrierError:
        return


def together(member: Member, asked: int, bills: list[str]) -> list[int]:
    """Every bill in a thread of its own, all at the point between reading and using."""
    meeting, paid = threading.Barrier(len(bills)), dict.fromkeys(bills, -1)

    def one(bill: str) -> None:
        paid[bill] = member.pay(bill, asked, meeting)

    threads = [threading.Thread(target=one, args=(bill,)) for bill in bills]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(WAIT_S)
    return sorted(paid.values())


def test_two_bills_that_arrive_together_share_what_is_left_of_a_limit(
    stack: Stack, records: SqlRecords
) -> None:
    member = Member(stack, records, "P-1")
    bills = [member.bill("together-1"), member.bill("together-2")]
    assert together(member, 700_000, bills) == [300_000, 700_000]
    assert member.used() == LIMIT


def test_the_naive_twin_that_reads_without_the_lock_pays_the_remainder_twice(
    stack: Stack, records: SqlRecords, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cover_tables, "_LOCK", cover_tables._LOCK.replace(" for update", ""))
    member = Member(stack, records, "P-2")
    member.used()  # the cover's row is there, or making it would be a lock of its own
    bills = [member.bill("naive-1"), member.bill("naive-2")]
    assert together(member, 700_000, bills) == [700_000, 700_000]
    assert member.used() > LIMIT


def test_what_a_bill_used_is_taken_back_once_however_often_it_is_asked_for(
    stack: Stack, records: SqlRecords
) -> None:
    member = Member(stack, records, "P-3")
    first, second = member.bill("back-1"), member.bill("back-2")
    assert (member.pay(first, 400_000), member.pay(second, 100_000)) == (400_000, 100_000)
    member.take_back(first)
    member.take_back(first)
    assert member.used() == 100_000


def test_members_and_plans_are_counted_apart_and_no_policy_number_stands_in_the_open(
    stack: Stack, records: SqlRecords
) -> None:
    one, other = Member(stack, records, "P-4"), Member(stack, records, "P-5")
    one.pay(one.bill("apart-1"), 900_000)
    assert (one.used(), other.used()) == (900_000, 0)
    with psycopg.connect(stack.settings.database_owner_url.get_secret_value()) as connection:
        rows = connection.execute("select id::text || organisation_id || plan from cover")
        assert all("P-4" not in row[0] for row in rows.fetchall())


@contextmanager
def as_role(stack: Stack, url: str) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(getattr(stack.settings, url).get_secret_value()) as connection:
        yield connection


@pytest.mark.parametrize("statement", ["update cover_use set amount = 1", "delete from cover_use"])
def test_a_use_is_never_changed_or_removed_by_the_worker(stack: Stack, statement: str) -> None:
    with (
        pytest.raises(psycopg.errors.InsufficientPrivilege),
        as_role(stack, "database_worker_url") as connection,
    ):
        connection.execute(statement)


def test_the_api_sees_no_member_counters_at_all(stack: Stack) -> None:
    with (
        pytest.raises(psycopg.errors.InsufficientPrivilege),
        as_role(stack, "database_url") as connection,
    ):
        connection.execute("select * from cover_use")


def test_a_transaction_without_a_use_writes_none(stack: Stack, records: SqlRecords) -> None:
    member = Member(stack, records, "P-6")
    bill = member.bill("nothing-1")
    with records.transaction() as tx:
        assert isinstance(tx, SqlTransaction)
        tx.add_cover_use(member.cover, f"ep-{bill}", bill, 1, {}, AT)
    assert member.used() == 0
