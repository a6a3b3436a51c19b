"""What finance and figures show is the plain sum at every moment, whatever commits late."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date
from random import Random
from typing import Any

import psycopg
import pytest

from crossclaim.domain.figures import Indicator
from crossclaim.domain.settlement import SOURCES
from crossclaim.stack import Stack
from crossclaim.store.connection import Connection
from crossclaim.store.console_totals import SqlConsoleTotals
from crossclaim.store.exposures import _EXPOSURES_NOW
from crossclaim.store.figure_reads import _PLACES, _SUMS, _counted
from crossclaim.store.finance_reads import _ACCOUNTS, read_finance
from crossclaim.store.money_reads import (
    _DRIFT,
    _RECEIVABLES,
    _SETTLED_DAYS,
    read_drift,
    read_receivables,
)
from crossclaim.store.session import Database
from crossclaim.wiring import House
from tests.steps.plain_sums import (
    ACCOUNTS,
    DRIFT,
    EXPOSURES,
    OWED_BACK,
    PAYOUTS,
    RECEIVABLES,
    Row,
    plain,
    plain_figures,
)
from tests.steps.rig import HARBOUR, HOSPITAL, MUTUAL, Rig, policy_number

TODAY = date(2026, 11, 22)
OF_NO_EPISODE = """
select p.entry_id from entry n join posting p on p.entry_id = n.id where n.episode_id is null
"""
ONE_SNAPSHOT = "?options=-cdefault_transaction_isolation%3Drepeatable%5C%20read"


@dataclass(frozen=True)
class Reader:
    database: Database
    organisation: str
    insurer: str | None = None

    def differences(self) -> list[str]:
        """What is shown otherwise than added up from all rows, within one snapshot."""
        with self.database.begin(self.organisation) as connection:
            shown, summed = _shown(connection, self.insurer), _summed(connection, self.insurer)
        return [
            f"{self.organisation} {name}: {shown[name]} is not {summed[name]}"
            for name in shown
            if shown[name] != summed[name]
        ]

    def accounts(self) -> tuple[list[Row], list[Row]]:
        """Balances as they are shown, and added up from all postings in the same snapshot."""
        given = {"insurer": self.insurer}
        with self.database.begin(self.organisation) as connection:
            shown = connection.execute(_ACCOUNTS, given).mappings()
            summed = plain(connection, ACCOUNTS, **given)
        told = [
            {"account": a["account"], "currency": a["currency"], "minor": a["balance_minor"]}
            for a in shown
        ]
        return sorted(told, key=str), sorted(summed, key=str)


def _shown(connection: Connection, insurer: str | None) -> dict[str, Any]:
    finance = read_finance(connection, insurer)
    return {
        "accounts": sorted((a.account, a.currency, a.balance_minor) for a in finance.accounts),
        "payouts": [tuple(p.model_dump().values()) for p in finance.payouts],
        "exposures": [
            (e.insurer, e.hospital, e.currency.value, e.open_minor, e.used_minor)
            for e in finance.exposures
            if e.open_minor + e.used_minor
        ],
        "owed back": [
            (e.insurer, e.hospital, e.owed_back_minor)
            for e in finance.exposures
            if e.owed_back_minor
        ],
        "receivables": read_receivables(connection, insurer, TODAY),
        "drift": read_drift(connection, insurer),
        "figures": {
            tuple(str(value) for value in one.values())
            for one in _counted(
                connection, _PLACES, list(Indicator), [insurer] if insurer else [], []
            )
        },
    }


def _summed(connection: Connection, insurer: str | None) -> dict[str, Any]:
    def rows(query: str) -> list[tuple[Any, ...]]:
        return [tuple(row.values()) for row in plain(connection, query, insurer=insurer)]

    return {
        "accounts": sorted(rows(ACCOUNTS)),
        "payouts": rows(PAYOUTS),
        "exposures": [row for row in rows(EXPOSURES) if row[3] + row[4]],
        "owed back": rows(OWED_BACK),
        "receivables": plain(connection, RECEIVABLES, insurer=insurer, today=TODAY),
        "drift": plain(connection, DRIFT, insurer=insurer),
        "figures": plain_figures(connection, insurer),
    }


@pytest.fixture(scope="module")
def readers(stack: Stack) -> Iterator[list[Reader]]:
    settings = stack.settings
    own = House(settings, settings.database_url.get_secret_value() + ONE_SNAPSHOT)
    every = House(settings, settings.database_reader_url.get_secret_value() + ONE_SNAPSHOT)
    yield [
        Reader(every.database, "crossclaim"),
        Reader(own.database, HOSPITAL),
        Reader(own.database, MUTUAL, MUTUAL),
        Reader(own.database, HARBOUR, HARBOUR),
    ]
    own.database.close()
    every.database.close()


@pytest.fixture
def totals(rig: Rig) -> SqlConsoleTotals:
    return SqlConsoleTotals(rig.database)


def _kept(totals: SqlConsoleTotals) -> None:
    while totals.keep():
        pass


def _differences(readers: list[Reader]) -> list[str]:
    return [one for reader in readers for one in reader.differences()]


def test_each_reader_is_shown_the_plain_sums_before_and_after_they_are_kept(
    rig: Rig, readers: list[Reader], totals: SqlConsoleTotals
) -> None:
    visit = rig.visit(policy_number())
    _kept(totals)
    assert _differences(readers) == []
    visit.accepted()
    assert _differences(readers) == [], "what changed is due"
    totals.keep(1)
    visit.decide()
    rig.visit(policy_number(), insurer=HARBOUR).accepted()
    assert _differences(readers) == []
    _kept(totals)
    assert _differences(readers) == []
    assert totals.keep() == 0


def test_an_insurer_that_joins_late_and_an_episode_that_is_closed_are_told_at_once(
    rig: Rig, readers: list[Reader], totals: SqlConsoleTotals
) -> None:
    visit = rig.visit(policy_number())
    visit.accepted()
    visit.decide()
    _kept(totals)
    joins = "insert into episode_party (episode_id, organisation_id, role)"
    rig.change(f"{joins} values (%(id)s, %(who)s, 'insurer')", id=visit.episode, who=HARBOUR)
    assert _differences(readers) == []
    _kept(totals)
    assert _differences(readers) == []
    with readers[1].database.begin(HOSPITAL) as connection:
        connection.execute(
            "insert into subject_request (id, organisation_id, kind, sealed, person, asked_by)"
            " values ('sr_totals', %(own)s, 'erasure', '', '{}', 'k')",
            {"own": HOSPITAL},
        )
    closed = "insert into storage_only (scope, request_id, rule, since)"
    rig.change(f"{closed} values (%(id)s, 'sr_totals', 'test', now())", id=visit.episode)
    assert _differences(readers) == []
    _kept(totals)
    assert _differences(readers) == []


class LateCommits:
    """Transactions of the ledger that stay open, commit and roll back in any order."""

    def __init__(self, url: str, episodes: list[str], rng: Random, held: ExitStack) -> None:
        self._url, self._episodes, self._rng, self._held = url, episodes, rng, held
        self._open: dict[str, psycopg.Connection] = {}

    def step(self) -> None:
        free = [episode for episode in self._episodes if episode not in self._open]
        if free and self._rng.random() < 0.6:
            self._begin(self._rng.choice(free))
        elif self._open:
            one = self._open.pop(self._rng.choice(sorted(self._open)))
            if self._rng.random() < 0.2:
                one.rollback()
            else:
                one.commit()
            one.close()

    def _begin(self, episode: str) -> None:
        wire = self._held.enter_context(psycopg.connect(self._url))
        amount = self._rng.randrange(1, 10_000)
        wire.execute(
            "with e as (insert into entry (key, kind, episode_id, occurred_at) values"
            " (gen_random_uuid()::text, 'late', %s, now()) returning id)"
            " insert into posting (entry_id, ordinal, account_id, amount_minor, currency)"
            " select e.id, x.o, (select id from account where currency = 'CNY' order by id"
            " offset x.at limit 1), x.m, 'CNY' from e, (values (0, 0, %s), (1, 1, %s)) x(o, at, m)",
            [episode, amount, -amount],
        )
        self._open[episode] = wire


class SumsUpToAMark:
    """The naive twin: what lies below the greatest number seen is never looked at again."""

    def __init__(self, wire: psycopg.Connection) -> None:
        self._wire = wire
        self._mark, self._sums = 0, {}  # type: ignore[var-annotated]

    def keep(self) -> None:
        self._sums = self.read()
        row = self._wire.execute("select coalesce(max(entry_id), 0) from posting").fetchone()
        assert row is not None
        self._mark = row[0]

    def read(self) -> dict[str, int]:
        tail = self._wire.execute(
            "select account_id, sum(amount_minor)::bigint from posting where entry_id > %s"
            " group by 1",
            [self._mark],
        )
        sums = dict(self._sums)
        for account, minor in tail:
            sums[account] = sums.get(account, 0) + minor
        return {account: minor for account, minor in sums.items() if minor}


def test_sums_are_exact_whatever_commits_late_and_a_mark_at_the_greatest_number_is_not(
    rig: Rig, stack: Stack, readers: list[Reader], totals: SqlConsoleTotals
) -> None:
    episodes = [rig.visit(policy_number()).episode for _ in range(3)]
    _kept(totals)
    rng, missed = Random(11), 0
    url = stack.settings.database_worker_url.get_secret_value()
    with ExitStack() as held:
        twin = SumsUpToAMark(held.enter_context(psycopg.connect(url, autocommit=True)))
        truth = SumsUpToAMark(held.enter_context(psycopg.connect(url, autocommit=True)))
        late = LateCommits(url, episodes, rng, held)
        for _ in range(24):
            late.step()
            if rng.random() < 0.5:
                totals.keep(rng.choice([1, 2000]))
                twin.keep()
            for reader in readers[:3]:
                shown, summed = reader.accounts()
                assert shown == summed, reader.organisation
            missed += twin.read() != truth.read()
    assert missed, "the naive twin lost nothing: this test proves nothing"


def _rows_read(connection: Connection, query: str, **given: object) -> int:
    """Rows of episodes, not of sums, that a statement takes from tables."""
    (plan,) = connection.execute(f"explain (analyze, format json) {query}", given).scalars()
    waiting, read = [plan[0]["Plan"]], 0
    while waiting:
        node = waiting.pop()
        waiting += node.get("Plans", [])
        if not node.get("Relation Name", "console_").startswith(("console_", "account")):
            found = node["Actual Rows"] + node.get("Rows Removed by Filter", 0)
            read += int(found * node["Actual Loops"])
    return read


def test_pages_of_sums_read_no_more_rows_when_there_are_more_episodes(
    rig: Rig, readers: list[Reader], totals: SqlConsoleTotals
) -> None:
    kinds = [*SOURCES, *(f"reversal_{kind}" for kind in SOURCES)]
    figures: dict[str, object] = {"indicators": list(Indicator), "insurers": [], "hospitals": []}
    pages: dict[str, dict[str, object]] = {
        _ACCOUNTS: {},
        _EXPOSURES_NOW: {"hospital": None},
        _RECEIVABLES: {"today": TODAY},
        _DRIFT: {},
        _SETTLED_DAYS: {"kinds": kinds, "day": TODAY},
        _SUMS.format(narrowed=""): figures,
        _PLACES.format(narrowed=""): figures,
    }

    def read(reader: Reader, queries: dict[str, dict[str, object]]) -> list[int]:
        with reader.database.begin(reader.organisation) as connection:
            # Of small tables all is read; what counts is whether an index says enough.
            connection.execute("set local enable_seqscan = off")
            given = {"insurer": reader.insurer}
            return [_rows_read(connection, q, **given, **more) for q, more in queries.items()]

    seen = []
    for _ in range(2):
        visit = rig.visit(policy_number())
        visit.accepted()
        visit.decide()
        _kept(totals)
        seen.append([read(reader, pages) for reader in readers[:3]])
        seen.append([read(readers[0], {ACCOUNTS: {}})])
    assert seen[0] == seen[2]
    assert seen[1] != seen[3], "the plain sum, which this test is to tell from ours, reads all"
