"""Money that is given back, on the pages of finance: written off, or found out, by two people."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from crossclaim.security.roles import Role
from crossclaim.stack import Stack
from crossclaim.wiring import House
from tests.steps.desk_house import DeskHouse, Pages, houses_of, main_of, pages_of
from tests.steps.paper_claims import INSURER
from tests.steps.payout_desk import PayoutDesk
from tests.steps.rig import HOSPITAL, MUTUAL, Rig
from tests.steps.test_paid_twice import OVERPAID, comes_back, owed, paid_twice
from tests.steps.test_payout_findings import PAID

FINANCE = (INSURER, Role.FINANCE)


@pytest.fixture(scope="module")
def doors(stack: Stack) -> Iterator[tuple[House, House]]:
    own, every = houses_of(stack)
    yield own, every
    own.database.close()
    every.database.close()


@pytest.fixture
def desk(rig: Rig, tmp_path: Path) -> PayoutDesk:
    return PayoutDesk.of(rig, tmp_path)


@pytest.fixture
def twice(desk: PayoutDesk) -> tuple[str, str]:
    """An episode whose claim was paid twice, and the payout that was too much."""
    episode, first, _ = paid_twice(desk)
    return episode, first


@pytest.fixture
async def pages(desk: PayoutDesk, doors: tuple[House, House]) -> AsyncIterator[Pages]:
    async with pages_of(DeskHouse(desk.rig, *doors)) as found:
        yield found


async def test_a_write_off_is_proposed_by_one_and_decided_by_another_who_sees_its_effect(
    pages: Pages, desk: PayoutDesk, twice: tuple[str, str]
) -> None:
    episode, _ = twice
    at = f"/finance/claw-backs/{owed(desk, episode).reference}"
    pages.house.person(*FINANCE, "Lee Ka Yan")
    assert at in await pages.get("/finance/claw-backs?state=due")
    assert "nobody is asked for CNY 1,421.86 any more" in main_of(await pages.get(at))
    missing = await pages.send(f"{at}/write-off", {"reason": "", "text": "Two letters came back."})
    assert missing.status_code == 422 and "Two letters came back." in missing.text
    form = {"reason": "payee_not_found", "text": "Two letters came back."}
    assert (await pages.send(f"{at}/write-off", form)).status_code == 303
    assert "another person decides it" in main_of(await pages.get(at))
    word = {"word": "yes", "proposal": _number(await pages.get(at), desk, episode)}
    assert (await pages.send(f"{at}/write-off-decision", word)).status_code == 422
    assert desk.trial(episode) == OVERPAID
    pages.house.person(*FINANCE, "Chan Tai Man")
    shown = main_of(await pages.get(at))
    assert "Lee Ka Yan proposed to write it off" in shown and "the payee is not found" in shown
    assert (await pages.send(f"{at}/write-off-decision", word)).status_code == 303
    assert owed(desk, episode).state == "written_off"
    assert "Chan Tai Man agreed" in main_of(await pages.get(at))


async def test_what_is_had_twice_is_found_out_on_its_page_and_the_worklist_leads_there(
    pages: Pages, desk: PayoutDesk, twice: tuple[str, str]
) -> None:
    episode, first = twice
    reference = owed(desk, episode).reference
    at = f"/finance/claw-backs/{reference}"
    pages.house.person(*FINANCE, "Lee Ka Yan")
    received = {"receipt": "RC-1", "received_on": desk.at.date().isoformat()}
    assert (await pages.send(f"{at}/receipt", received)).status_code == 303
    await asyncio.to_thread(comes_back, desk, episode, first)
    work = await pages.get("/exceptions?code=GIVEN_BACK_TWICE&shape=list")
    assert at in work
    told = {"outcome": "sent_back", "proof": "TRF-1", "text": "Seen on the statement."}
    form = await pages.get(at)
    assert 'name="amount"' in form and 'value="1421.86"' in form
    none = await pages.send(f"{at}/finding", {**told, "amount": "1421.87"})
    assert none.status_code == 422 and 'value="1421.87"' in none.text
    told["amount"] = "1421.86"
    assert (await pages.send(f"{at}/finding", told)).status_code == 303
    pages.house.person(*FINANCE, "Chan Tai Man")
    shown = main_of(await pages.get(at))
    assert "Lee Ka Yan told how CNY 1,421.86 ended" in shown and "TRF-1" in shown
    word = {"word": "yes", "proposal": _number(shown, desk, episode, "claw_back_finding")}
    assert (await pages.send(f"{at}/finding-decision", word)).status_code == 303
    assert desk.trial(episode) == PAID


async def test_the_payee_sees_what_it_owes_and_says_nothing_and_another_insurer_sees_none(
    pages: Pages, desk: PayoutDesk, twice: tuple[str, str]
) -> None:
    episode, _ = twice
    at = f"/finance/claw-backs/{owed(desk, episode).reference}"
    pages.house.sign_in(MUTUAL, Role.FINANCE)
    await pages.get(at, 404)
    pages.house.sign_in(HOSPITAL, Role.HOSPITAL_FINANCE)
    assert "/finance/claw-backs" in await pages.get("/finance/claw-backs")
    await pages.get("/finance/claw-backs/%00", 404)


def _number(page: str, desk: PayoutDesk, episode: str, table: str = "claw_back_write_off") -> str:
    (row,) = desk.desk.select(
        f"select number from {table} where episode_id = %(id)s and approved is null", id=episode
    )
    return str(row["number"])
