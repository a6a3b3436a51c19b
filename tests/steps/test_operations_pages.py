"""Operations on PostgreSQL with the engine down: the page shows the rest and says so."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx
import pytest

from crossclaim.config import BankProfile
from crossclaim.console.application import PREFIX
from crossclaim.plans.loader import load_plans
from crossclaim.security.roles import Role
from crossclaim.stack import Stack
from crossclaim.wiring import House
from tests.steps.console_rig import Console
from tests.steps.rig import HOSPITAL, Rig, policy_number

PARTY = "silent-party"


@pytest.fixture(scope="module")
def houses(stack: Stack) -> Iterator[tuple[House, House]]:
    settings = stack.settings.model_copy(update={"temporal_address": "127.0.0.1:9"})
    own = House(settings, settings.database_url.get_secret_value())
    every = House(settings, settings.database_reader_url.get_secret_value())
    yield own, every
    own.database.close()
    every.database.close()


@pytest.fixture
def console(houses: tuple[House, House], rig: Rig, stack: Stack, tmp_path: Path) -> Console:
    own, every = houses
    (tmp_path / "inbound" / "bad").mkdir(parents=True)
    (tmp_path / "inbound" / "bad" / "a.xml").write_text("x")
    (tmp_path / "inbound" / "bad" / "a.xml.reason.txt").write_text("why")
    banks = [BankProfile(bank="harbour-bank", folder=tmp_path)]
    plans = load_plans(demonstration=True)
    console = Console(own, every, rig.world.reference, lambda: plans, stack.settings, banks)
    console.sign_in("crossclaim", Role.OPERATOR)
    return console


@pytest.fixture
async def browser(console: Console) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(await console.app(), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://desk") as client:
        yield client


@pytest.fixture
def unanswered(rig: Rig) -> str:
    """An episode whose calls to a party were not answered, one of them twice."""
    visit = rig.visit(policy_number())
    for reference, attempt, outcome in (
        ("r1", 1, "unknown"),
        ("r1", 2, "not_taken"),
        ("r2", 1, "unknown"),
        ("r2", 2, "answered"),
    ):
        rig.change(
            "insert into outbound_attempt (episode_id, party, operation, reference, attempt,"
            " occurred_at, started_at, finished_at, outcome) values (%(episode)s, %(party)s,"
            " 'claim', %(reference)s, %(attempt)s, now(), now() - interval '20 seconds',"
            " now() - interval '18 seconds', %(outcome)s)",
            episode=visit.episode,
            party=PARTY,
            reference=f"{reference}-{visit.episode}",
            attempt=attempt,
            outcome=outcome,
        )
    return visit.episode


@pytest.mark.parametrize(
    ("language", "heading", "silent"),
    [
        ("en", "Operations", "This part does not answer now"),
        ("zh-Hant", "營運", "此部分目前沒有回應"),
        ("zh-Hans", "运营", "此部分目前没有回应"),
    ],
)
async def test_with_the_engine_down_the_rest_is_shown_and_the_page_says_so(
    browser: httpx.AsyncClient, unanswered: str, language: str, heading: str, silent: str
) -> None:
    answer = await browser.get(f"{PREFIX}/operations", headers={"accept-language": language})
    assert answer.status_code == 200, answer.text
    assert f"<h1>{heading}</h1>" in answer.text and silent in answer.text
    assert PARTY in answer.text and "PostgreSQL" in answer.text
    assert unanswered not in answer.text, "no episode stands on this page"
    schedule = await browser.get(f"{PREFIX}/operations/schedules/audit-seal")
    assert schedule.status_code == 503


async def test_a_party_is_told_by_its_calls_and_what_nothing_settled_counts_once(
    browser: httpx.AsyncClient, rig: Rig, unanswered: str
) -> None:
    with rig.database.begin() as connection:
        known = connection.execute(
            "select count(*) from outbound_attempt where party = %(party)s", {"party": PARTY}
        ).scalar_one()
    shown = (await browser.get(f"{PREFIX}/operations/parties/{PARTY}")).text
    assert f"Unknown: {known // 4}." in shown, "of two calls of an episode one was answered later"
    assert "2.0 s" in shown and "% of its calls fail" in shown
    assert (await browser.get(f"{PREFIX}/operations/parties/nobody")).status_code == 404


async def test_what_waits_at_a_party_is_tried_again_with_a_reason_and_what_is_down_is_told(
    browser: httpx.AsyncClient, rig: Rig, console: Console, unanswered: str
) -> None:
    path = f"{PREFIX}/operations/parties/{PARTY}/try-again"
    missing = await browser.post(path, data={"csrf": "c"})
    assert "text_missing" in missing.headers["location"]
    forged = await browser.post(path, data={"csrf": "x", "text": "it is back"})
    assert forged.status_code == 403 and "it is back" in forged.text
    console.sign_in("crossclaim", Role.AUDITOR)
    assert (await browser.post(path, data={"csrf": "c", "text": "x"})).status_code == 403
    console.sign_in("crossclaim", Role.SUPPORT)
    done = await browser.post(path, data={"csrf": "c", "text": "it is back"})
    assert "woken=0" in done.headers["location"] and "missed=0" not in done.headers["location"]
    told = await browser.get(f"http://desk{done.headers['location']}")
    assert "Woken: 0. Not reached:" in told.text


async def test_operations_are_the_platforms_own(
    browser: httpx.AsyncClient, console: Console
) -> None:
    for organisation, role in (
        (HOSPITAL, Role.SUPPORT),
        (HOSPITAL, Role.OPERATOR),
        (HOSPITAL, Role.HOSPITAL_BILLING),
    ):
        console.sign_in(organisation, role)
        answer = await browser.get(f"{PREFIX}/operations")
        assert answer.status_code == 403, (organisation, role)
    console.now.clear()
    assert (await browser.get(f"{PREFIX}/operations")).status_code == 303


async def test_bank_folders_are_counted_and_one_that_is_not_there_is_said(
    browser: httpx.AsyncClient,
) -> None:
    shown = (await browser.get(f"{PREFIX}/operations")).text
    assert "1 file(s) could not be read" in shown
    assert "this process does not see the folder" in shown
