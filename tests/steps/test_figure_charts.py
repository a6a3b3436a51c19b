"""One figure as a chart, its parts and its files: all of them count the same rows."""

from __future__ import annotations

import csv
import io
from collections.abc import AsyncIterator, Iterator

import httpx
import openpyxl
import pytest

from crossclaim.console.application import PREFIX
from crossclaim.domain.figure_parts import parted
from crossclaim.domain.figures import Indicator
from crossclaim.plans.loader import load_plans
from crossclaim.security.roles import Role
from crossclaim.stack import Stack
from crossclaim.store.figure_reads import figure_by_place, figures
from crossclaim.wiring import House
from tests.steps.console_rig import Console
from tests.steps.rig import AT, HARBOUR, HOSPITAL, MUTUAL, Rig, policy_number
from tests.steps.two_insurers import DualStay, first_there, second_here


@pytest.fixture(scope="module")
def houses(stack: Stack) -> Iterator[tuple[House, House]]:
    settings = stack.settings.model_copy(update={"temporal_address": "127.0.0.1:9"})
    own = House(settings, settings.database_url.get_secret_value())
    every = House(settings, settings.database_reader_url.get_secret_value())
    yield own, every
    own.database.close()
    every.database.close()


@pytest.fixture
async def browser(
    houses: tuple[House, House], rig: Rig, stack: Stack, console: Console
) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(await console.app(), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://desk") as client:
        yield client


@pytest.fixture
def console(houses: tuple[House, House], rig: Rig, stack: Stack) -> Console:
    own, every = houses
    plans = load_plans(demonstration=True)
    console = Console(own, every, rig.world.reference, lambda: plans, stack.settings, [])
    console.sign_in("crossclaim", Role.SUPPORT)
    visit = rig.visit(policy_number())
    visit.accepted()
    visit.decide()
    return console


@pytest.mark.parametrize("indicator", Indicator)
def test_parts_of_every_figure_add_up_to_the_figure(
    houses: tuple[House, House], console: Console, indicator: Indicator
) -> None:
    with houses[1].database.begin() as connection:
        whole = [f for f in figures(connection, [], []) if f.indicator is indicator]
        places = figure_by_place(connection, indicator, [], [])
    months = parted(places, lambda place: place.month)
    counted = {one.name: (one.all, one.good) for one in months if one.all}
    assert counted == {one.month: (one.all, one.good) for one in whole}


async def test_the_chart_opens_into_its_episodes_and_its_files_hold_the_same(
    browser: httpx.AsyncClient, rig: Rig
) -> None:
    shown = (await browser.get(f"{PREFIX}/figures/direct_billing")).text
    assert 'href="/console/episodes?figure=direct_billing&amp;month=2026-' in shown
    assert "Shenzhen" in shown and "On the year before" in shown
    table = await browser.get(f"{PREFIX}/figures/direct_billing.csv")
    rows = list(csv.DictReader(io.StringIO(table.text.removeprefix("\ufeff"))))
    book = await browser.get(f"{PREFIX}/figures/direct_billing.xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO(book.content)).active
    assert sheet is not None
    told = [[str(cell) for cell in row] for row in sheet.iter_rows(values_only=True)]
    assert told[1:] == [list(row.values()) for row in rows] and told[0] == list(rows[0])
    for narrowed, some in (("city=Shenzhen", True), ("city=Atlantis", False)):
        narrow = await browser.get(f"{PREFIX}/figures/direct_billing.csv?{narrowed}")
        assert (HOSPITAL in narrow.text) is some, narrowed
    for none in ("nothing", "direct_billing.exe"):
        assert (await browser.get(f"{PREFIX}/figures/{none}")).status_code == 404


async def test_an_insurer_is_shown_its_own_parts_whatever_it_asks_for(
    browser: httpx.AsyncClient, console: Console
) -> None:
    console.sign_in(MUTUAL, Role.INSURER_EXAMINER)
    for asked in ("", f"?insurer={HARBOUR}"):
        table = await browser.get(f"{PREFIX}/figures/direct_billing.csv{asked}")
        rows = list(csv.DictReader(io.StringIO(table.text.removeprefix("\ufeff"))))
        assert {row["insurer"] for row in rows} == {MUTUAL}


async def test_behind_an_insurers_figure_stand_the_episodes_of_its_own_claims(
    browser: httpx.AsyncClient, rig: Rig
) -> None:
    stay = DualStay.opened(rig, [first_there(), second_here(3)])
    stay.billed()
    stay.submit(HARBOUR)
    # Both insure the stay, and one of them has a claim so far.
    assert stay.claims() == {HARBOUR: "queued"}
    month = f"{AT:%Y-%m}"
    behind = f"{PREFIX}/episodes?figure=direct_billing&part=good&month={month}&insurer="
    assert stay.episode in (await browser.get(behind + HARBOUR)).text
    assert stay.episode not in (await browser.get(behind + MUTUAL)).text
