"""Invented episodes as rows: found, opened and balanced as real ones are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from random import Random
from typing import Any

import pytest

from crossclaim.console.services import EpisodeSearch
from crossclaim.demo_data.loading import Load, NotADemonstration, load, refuse_other_than_example
from crossclaim.demo_data.people import patient
from crossclaim.demo_data.staging import visit_number
from crossclaim.domain.identity import hkid_defect
from crossclaim.engine import EpisodeEngine
from crossclaim.security.roles import Principal, Role
from crossclaim.service.console_desk import ConsoleDesk
from crossclaim.service.story import teller_of
from crossclaim.stack import Part, Stack
from crossclaim.wiring import House, api_house, worker_house
from tests.prepared import prepared_home
from tests.steps.rig import Rig

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
PLAN = Load(episodes=90, now=NOW, processes=1, block=50, bills=120)
SUPPORT = Principal(organisation="crossclaim", role=Role.SUPPORT, key_id="person")


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """Of this file alone: figures of the folder's other tests must not count these."""
    home = prepared_home(tmp_path_factory, "demo-data")
    parts = frozenset({Part.POSTGRES})
    with Stack.start(home, parts=parts, port_base=0, supervise=False) as stack:
        yield stack


@pytest.fixture(scope="module")
def rig(stack: Stack) -> Iterator[Rig]:
    worker, api = worker_house(stack.settings), api_house(stack.settings)
    yield Rig.of(worker, api)
    worker.database.close()
    api.database.close()


@pytest.fixture(scope="module")
def loaded(stack: Stack) -> list[int]:
    told: list[int] = []
    load(stack.settings, PLAN, told.append)
    return told


@pytest.fixture
async def desk(stack: Stack) -> ConsoleDesk:
    settings = stack.settings.model_copy(update={"temporal_address": "127.0.0.1:9"})
    own = House(settings, settings.database_url.get_secret_value())
    every = House(settings, settings.database_reader_url.get_secret_value())
    client = await own.client(lazy=True)
    return ConsoleDesk(
        own.database,
        every.database,
        own.keyring,
        teller_of(own, client),
        teller_of(every, client),
        EpisodeEngine(client),
    )


def _asked(rig: Rig, query: str) -> list[dict[str, Any]]:
    with rig.database.begin() as connection:
        return connection.execute(query).mappings()


def test_every_figure_of_a_closed_episode_is_paid_and_no_fen_is_left_on_its_bill(
    rig: Rig, loaded: list[int]
) -> None:
    left = _asked(
        rig,
        """select e.episode_id, sum(p.amount_minor) filter (where p.account_id like 'funder:%%')
             as owed, sum(p.amount_minor) filter (where p.account_id like 'hospital:%%:bills')
             as bills, count(*) as postings
           from entry e join posting p on p.entry_id = e.id join episode x on x.id = e.episode_id
           where x.visit_number like 'DEMO-%%' and x.status = 'closed' group by 1""",
    )
    assert sum(loaded) == PLAN.episodes
    assert len(left) > PLAN.episodes // 2
    assert {(row["owed"], row["bills"]) for row in left} == {(0, 0)}
    split = _asked(
        rig,
        """select b.total_minor - (select sum(s.amount_minor) from allocation_share s
             where s.bill_id = b.id) as missing
           from bill b join episode x on x.id = b.episode_id where x.visit_number like 'DEMO-%%'""",
    )
    assert {row["missing"] for row in split} == {0}


def test_called_again_it_adds_what_is_missing_and_changes_nothing_else(
    stack: Stack, rig: Rig, loaded: list[int]
) -> None:
    count = "select count(*) as n, count(distinct id) as ids from episode where visit_number"
    before = _asked(rig, f"{count} like 'DEMO-%%'")
    load(stack.settings, PLAN, loaded.append)
    assert _asked(rig, f"{count} like 'DEMO-%%'") == before
    load(stack.settings, replace(PLAN, episodes=95), loaded.append)
    (after,) = _asked(rig, f"{count} like 'DEMO-%%'")
    assert (after["n"], after["ids"]) == (95, 95)


def test_the_right_to_tables_of_ones_own_is_taken_back(rig: Rig, loaded: list[int]) -> None:
    asked = "select has_database_privilege('crossclaim_worker', current_database(), 'temporary')"
    (row,) = _asked(rig, f"{asked} as may")
    assert loaded
    assert row["may"] is False


async def test_an_invented_patient_is_found_and_his_page_says_where_the_history_is(
    desk: ConsoleDesk, rig: Rig, loaded: list[int]
) -> None:
    assert loaded
    (row,) = _asked(rig, f"select id from episode where visit_number = '{visit_number(7)}'")
    told = await desk.told(SUPPORT, row["id"], "zh-Hant")
    assert any("已於別處封存" in line.text.zh_hant for line in told.story.lines)
    with rig.world.records.transaction() as transaction:
        person = transaction.episode_content(row["id"]).patient
    for text in (person.name.zh, person.name.en, person.documents[0].number, visit_number(7)):
        listed = await desk.listed(SUPPORT, EpisodeSearch(text=str(text)))
        assert row["id"] in [one.id for one in listed]
    assert row["id"] not in [
        one.id for one in await desk.listed(SUPPORT, EpisodeSearch(text="NOBODY Nowhere"))
    ]


def test_invented_documents_have_their_check_digit() -> None:
    random = Random(1)
    people = [patient(random, NOW.date()) for _ in range(200)]
    assert {hkid_defect(person.hkid) for person in people} == {None}
    assert len({person.hkid for person in people}) > 190


def test_an_installation_with_data_of_its_own_is_refused(rig: Rig) -> None:
    own = rig.world.reference.model_copy(update={"example": False})
    with pytest.raises(NotADemonstration, match="not mixed in"):
        refuse_other_than_example(own)
    refuse_other_than_example(own.model_copy(update={"example": True}))
