"""Payouts on the pages of finance: released by a second person, recalled, sent elsewhere."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from crossclaim.security.roles import Role
from crossclaim.stack import Stack
from crossclaim.wiring import House
from tests.steps.desk_house import DeskHouse, Pages, RigDoor, houses_of, main_of, pages_of
from tests.steps.paper_claims import INSURER
from tests.steps.payout_desk import AMOUNT, PayoutDesk
from tests.steps.rig import HOSPITAL, MUTUAL, Rig, policy_number

FINANCE = (INSURER, Role.FINANCE)


@pytest.fixture(scope="module")
def doors(stack: Stack) -> Iterator[tuple[House, House]]:
    own, every = houses_of(stack)
    yield own, every
    own.database.close()
    every.database.close()


@pytest.fixture
def desk(rig: Rig, tmp_path: Path) -> PayoutDesk:
    return PayoutDesk.of(rig, tmp_path, payout_approval_above_fen=AMOUNT - 1)


@pytest.fixture
async def pages(desk: PayoutDesk, doors: tuple[House, House]) -> AsyncIterator[Pages]:
    house = DeskHouse(desk.rig, *doors)
    house.door = RigDoor(desk.rig)
    async with pages_of(house) as found:
        yield found


async def test_a_payout_is_released_by_another_person_and_the_third_is_told_who_did(
    pages: Pages, desk: PayoutDesk
) -> None:
    maker = pages.house.person(*FINANCE, "Lee Ka Yan")
    episode = desk.reserved(maker)
    reference = desk.payout(episode).reference
    at = f"/finance/payouts/{reference}"
    listed = await pages.get("/finance/payouts?state=to_be_approved")
    assert at in listed
    assert reference in await pages.get("/finance/files/payouts.csv?state=to_be_approved")
    assert reference not in await pages.get("/finance/files/payouts.csv?state=credited")
    form = {"word": "yes", "text": "compared with the decision"}
    own = await pages.send(f"{at}/approve", form)
    assert own.status_code == 422 and desk.payout(episode).state == "to_be_approved"
    assert "compared with the decision" in own.text
    pages.house.person(*FINANCE, "Chan Tai Man")
    assert (await pages.send(f"{at}/approve", form)).status_code == 303
    assert desk.payout(episode).state == "reserved"
    pages.house.person(*FINANCE, "Ho Mei Lin")
    late = await pages.send(f"{at}/approve", {"word": "no", "text": "I do not think so"})
    assert late.status_code == 422
    assert "Chan Tai Man said yes" in main_of(late.text)
    assert desk.payout(episode).state == "reserved"


async def test_a_payout_is_recalled_and_the_page_says_who_and_why(
    pages: Pages, desk: PayoutDesk
) -> None:
    maker = pages.house.person(*FINANCE, "Lee Ka Yan")
    reference = desk.payout(desk.reserved(maker)).reference
    at = f"/finance/payouts/{reference}"
    none = await pages.send(f"{at}/recall", {"reason": "NONE"})
    assert none.status_code == 422 and "/reason" in none.text
    assert (await pages.send(f"{at}/recall", {"reason": "DUPL"})).status_code == 303
    assert "Lee Ka Yan asked for it back" in main_of(await pages.get(at))


async def test_another_account_is_shown_to_the_second_person_by_its_last_digits_alone(
    pages: Pages, desk: PayoutDesk
) -> None:
    maker = pages.house.person(*FINANCE, "Lee Ka Yan")
    episode = desk.reserved(maker)
    reference = desk.payout(episode).reference
    at = f"/finance/payouts/{reference}"
    pages.house.person(*FINANCE, "Chan Tai Man")
    refused = await pages.send(f"{at}/approve", {"word": "no", "text": "another account"})
    assert refused.status_code == 303 and desk.payout(episode).state == "cancelled"
    form = {
        "account-holder": "CHAN SIU LING",
        "account-number": "6222000000001234567",
        "account-bank_name": "Example Bank",
        "account-bank_code": "102584002131",
        "signed_on": "2026-04-14",
    }
    told = await pages.send(f"{at}/account", form)
    page = await pages.get(at)
    if told.status_code == 422:
        assert "CHAN SIU LING" in told.text, "nothing that was typed is lost"
        return
    assert "ending in 4567" in main_of(page)
    assert "6222000000001234567" not in page


@pytest.mark.parametrize("role", [Role.FINANCE, Role.INSURER_SUPERVISOR, Role.INSURER_EXAMINER])
async def test_another_insurers_payout_is_none_for_any_role_of_this_one(
    pages: Pages, desk: PayoutDesk, role: Role
) -> None:
    reference = desk.payout(desk.reserved("maker")).reference
    pages.house.sign_in(MUTUAL, role)
    await pages.get(f"/finance/payouts/{reference}", 404)
    assert reference not in await pages.get("/finance/payouts")
    assert reference not in await pages.get("/finance/files/payouts.csv")
    answer = await pages.send(f"/finance/payouts/{reference}/approve", {"word": "yes", "text": "x"})
    assert answer.status_code == 404


async def test_what_a_benefit_became_worth_is_listed_by_month_and_currency_for_its_insurer_alone(
    pages: Pages, desk: PayoutDesk
) -> None:
    desk.reserved("maker")
    pages.house.sign_in(*FINANCE)
    told = main_of(await pages.get("/finance/drift"))
    assert "HKD" in told and "2026-" in told
    owed = main_of(await pages.get("/finance/receivables"))
    assert "Victoria" in owed
    pages.house.sign_in(MUTUAL, Role.FINANCE)
    assert "Victoria" not in main_of(await pages.get("/finance/drift"))
    assert "Victoria" not in main_of(await pages.get("/finance/receivables"))


async def test_a_day_without_settlements_says_so_and_leads_to_its_neighbours(
    pages: Pages,
) -> None:
    pages.house.sign_in(*FINANCE)
    for far in ("9999-12-31", "0001-01-01"):
        await pages.get(f"/finance/settlements?day={far}")
    page = await pages.get("/finance/settlements?day=2019-03-01")
    assert "Nothing was settled on this day" in page and "?day=2019-02-28" in page


async def test_what_is_owed_is_told_by_age_to_whom_it_is_owed_and_to_who_owes_it(
    pages: Pages, rig: Rig
) -> None:
    visit = rig.visit(policy_number())
    visit.accepted()
    told = {}
    for organisation, role in (
        (HOSPITAL, Role.HOSPITAL_FINANCE),
        ("jiangmen-central", Role.HOSPITAL_FINANCE),
        (MUTUAL, Role.FINANCE),
    ):
        pages.house.sign_in(organisation, role)
        told[organisation] = main_of(await pages.get("/finance/receivables"))
        found = await pages.house.money.receivables(pages.house.now[-1].principal)
        for one in found:
            aged = one.days_30_minor + one.days_60_minor + one.days_90_minor + one.older_minor
            assert aged == one.total_minor > 0
            assert organisation in (one.hospital, one.organisation)
    assert "Kowloon Mutual" in told[HOSPITAL] and "Kowloon Mutual" in told[MUTUAL]
    assert "Kowloon Mutual" not in told["jiangmen-central"]
    assert "Patient" not in told[MUTUAL], "what others owe is no business of an insurer"
