"""Finance reconciles a day on its pages: matched, explained, taken back; told who was first."""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from openpyxl import load_workbook

from crossclaim.security.roles import Role
from crossclaim.stack import Stack
from crossclaim.wiring import House
from tests.steps.bank_rig import DAY, Desk, booked
from tests.steps.desk_house import DeskHouse, Pages, houses_of, main_of, pages_of
from tests.steps.rig import HARBOUR, HOSPITAL, MUTUAL, Rig
from tests.steps.test_match_orders import foreign, ids
from tests.steps.test_remittances import remit
from tests.steps.test_source_days import open_items


@pytest.fixture(scope="module")
def doors(stack: Stack) -> Iterator[tuple[House, House]]:
    own, every = houses_of(stack)
    yield own, every
    own.database.close()
    every.database.close()


@pytest.fixture
def desk(rig: Rig, tmp_path: Path) -> Desk:
    return Desk.of(rig, tmp_path)


@pytest.fixture
async def pages(rig: Rig, doors: tuple[House, House]) -> AsyncIterator[Pages]:
    house = DeskHouse(rig, *doors)
    async with pages_of(house) as found:
        yield found


def place(desk: Desk) -> str:
    return f"/finance/days/{desk.bank}/{desk.key.account}/{DAY}"


async def test_a_day_is_matched_on_its_page_closes_and_opens_again_when_it_is_taken_back(
    pages: Pages, desk: Desk
) -> None:
    one = await asyncio.to_thread(foreign, desk)
    postings = desk.postings()
    pages.house.person(HARBOUR, Role.FINANCE, "Chan Tai Man")
    assert place(desk) in await pages.get("/finance/reconciliation")
    page = await pages.get(place(desk))
    assert one in page
    file = await pages.get(f"{place(desk)}/items.csv")
    assert one in file and "-50.00" in file and len(file.splitlines()) == 3
    await pages.get(f"{place(desk)}/items.exe", 404)
    (entry,) = ids(desk)
    chosen = {"theirs": str(entry), "ours": f"payout:{one}", "text": "the bank's letter"}
    compared = await pages.send(f"{place(desk)}/choice", {**chosen, "word": "compare"})
    assert compared.status_code == 200
    assert "CNY 0.00" in main_of(compared.text)
    assert compared.text.count(" checked") == 2 and 'value="the bank&#39;s letter"' in compared.text
    done = await pages.send(f"{place(desk)}/choice", {**chosen, "word": "match"})
    assert (done.status_code, done.headers["location"]) == (
        303,
        f"/console{place(desk)}?said=order_matched",
    )
    assert desk.days() == {DAY: "closed"} and desk.postings() == postings
    page = main_of(await pages.get(place(desk)))
    assert "Chan Tai Man" in page and "the bank's letter" in page
    (made,) = desk.select("select id from bank_match where bank = %(bank)s")
    undone = await pages.send(f"{place(desk)}/undo", {"match": str(made["id"]), "text": "not so"})
    assert undone.headers["location"].endswith("said=order_undone")
    assert desk.days() == {DAY: "open"} and desk.postings() == postings


async def test_a_second_tab_is_told_who_matched_first_and_keeps_what_was_typed(
    pages: Pages, desk: Desk
) -> None:
    one = await asyncio.to_thread(foreign, desk)
    (entry,) = ids(desk)
    chosen = {"theirs": str(entry), "ours": f"payout:{one}", "word": "match"}
    pages.house.person(HARBOUR, Role.FINANCE, "Chan Tai Man")
    first = await pages.send(f"{place(desk)}/choice", {**chosen, "text": "as the letter says"})
    assert first.status_code == 303
    pages.house.person(HARBOUR, Role.FINANCE, "Ho Mei Lin")
    second = await pages.send(f"{place(desk)}/choice", {**chosen, "text": "mine"})
    told = main_of(second.text)
    assert second.status_code == 422
    assert "Meanwhile Chan Tai Man did this" in told and "as the letter says" in told
    assert 'value="mine"' in second.text
    (made,) = desk.select("select id from bank_match where bank = %(bank)s")
    back = {"match": str(made["id"]), "text": "wrong"}
    assert (await pages.send(f"{place(desk)}/undo", back)).status_code == 303
    again = await pages.send(f"{place(desk)}/undo", {**back, "text": "also wrong"})
    assert again.status_code == 422 and "Meanwhile Ho Mei Lin took it back" in main_of(again.text)


async def test_what_stays_open_is_explained_with_a_reason_and_without_one_refused(
    pages: Pages, desk: Desk
) -> None:
    await asyncio.to_thread(foreign, desk)
    (entry,) = ids(desk)
    pages.house.person(HARBOUR, Role.FINANCE, "Chan Tai Man")
    form = {"theirs": str(entry), "word": "explain"}
    nothing = await pages.send(f"{place(desk)}/choice", {"word": "match", "text": "why"})
    assert nothing.status_code == 422
    silent = await pages.send(f"{place(desk)}/choice", {**form, "text": "  "})
    assert silent.status_code == 422 and "checked" in silent.text
    done = await pages.send(f"{place(desk)}/choice", {**form, "text": "the bank looks for it"})
    assert done.headers["location"].endswith("said=order_explained")
    assert "the bank looks for it" in await pages.get(place(desk))


@pytest.mark.parametrize(
    ("organisation", "role", "status"),
    [
        (MUTUAL, Role.FINANCE, 404),
        (HOSPITAL, Role.HOSPITAL_FINANCE, 404),
        (HARBOUR, Role.INSURER_SUPERVISOR, 403),
        ("crossclaim", Role.OPERATOR, 403),
    ],
)
async def test_another_organisations_day_is_none_and_a_role_that_reconciles_nothing_sees_none(
    pages: Pages, desk: Desk, organisation: str, role: Role, status: int
) -> None:
    one = await asyncio.to_thread(foreign, desk)
    pages.house.sign_in(organisation, role)
    assert one not in await pages.get(place(desk), status)
    form = {"theirs": str(ids(desk)[0]), "ours": f"payout:{one}", "word": "match", "text": "x"}
    answer = await pages.send(f"{place(desk)}/choice", form)
    assert answer.status_code == status
    assert desk.select("select 1 from bank_match where bank = %(bank)s") == []


async def test_support_sees_a_day_and_matches_nothing(pages: Pages, desk: Desk) -> None:
    one = await asyncio.to_thread(foreign, desk)
    pages.house.sign_in("crossclaim", Role.SUPPORT)
    page = await pages.get(place(desk))
    assert one in page and 'type="checkbox"' not in page
    form = {"theirs": str(ids(desk)[0]), "ours": f"payout:{one}", "word": "match", "text": "x"}
    assert (await pages.send(f"{place(desk)}/choice", form)).status_code == 403


async def test_a_suggestion_is_shown_with_its_reason_and_chosen_by_one_button(
    pages: Pages, desk: Desk
) -> None:
    one = desk.payout(700)
    statement = desk.statement(booked("DBIT", "LETTER", 700), net=-700)
    await asyncio.to_thread(desk.comes, statement)
    pages.house.sign_in(HARBOUR, Role.FINANCE)
    page = await pages.get(place(desk))
    (entry,) = ids(desk)
    assert f'value="{entry}|payout:{one}"' in page and "The amount" in page
    both = await pages.send(f"{place(desk)}/choice", {"pick": f"{entry}|payout:{one}"})
    assert both.text.count(" checked") == 2


async def test_an_insurers_remittance_is_matched_the_same_way(pages: Pages, desk: Desk) -> None:
    one = desk.payout(700)
    await asyncio.to_thread(remit, desk, {"THEIR-NUMBER": 700})
    items = {row["item"]: row for row in open_items(desk, HARBOUR)}
    (theirs,) = (row for row in items.values() if row["side"] == "theirs")
    at = f"/finance/sources/remittance/{HARBOUR}/{theirs['day']}"
    pages.house.person(HARBOUR, Role.FINANCE, "Chan Tai Man")
    page = await pages.get(at)
    assert "The amount is the same" in page
    ours = str(items[one]["id"])
    form = {"theirs": str(theirs["id"]), "ours": ours, "word": "match", "text": "their number"}
    done = await pages.send(f"{at}/choice", form)
    assert done.status_code == 303, main_of(done.text)
    left = {row["id"] for row in open_items(desk, HARBOUR)}
    assert not left & {theirs["id"], items[one]["id"]}
    assert "Chan Tai Man" in main_of(await pages.get(at))
    pages.house.sign_in(MUTUAL, Role.FINANCE)
    await pages.get(at, 404)


@pytest.mark.parametrize("path", ["payouts", "receivables", "drift", "days", "exposures", "ledger"])
async def test_each_table_of_finance_is_a_file_in_both_forms_with_the_pages_own_rows(
    pages: Pages, desk: Desk, path: str
) -> None:
    one = await asyncio.to_thread(foreign, desk)
    pages.house.sign_in(HARBOUR, Role.FINANCE)
    page = {"days": "reconciliation", "exposures": "", "ledger": ""}.get(path, path)
    assert "<h1>" in await pages.get(f"/finance/{page}".rstrip("/"))
    text = await pages.get(f"/finance/files/{path}.csv")
    answer = await pages.client.get(f"/console/finance/files/{path}.xlsx")
    sheet = load_workbook(io.BytesIO(answer.content)).active
    assert sheet is not None and sheet.max_row == len(text.splitlines())
    assert str(DAY) in text or path != "days"
    pages.house.sign_in(MUTUAL, Role.FINANCE)
    assert one not in await pages.get(f"/finance/files/{path}.csv")


@pytest.mark.parametrize(
    "path",
    [
        "/finance/days/x'y/0/2026-01-01",
        "/finance/days/bank-1/00/2026-01-01",
        "/finance/sources/nonsense/harbour-life/2026-01-01",
        "/finance/sources/remittance/harbour-life/yesterday",
        "/finance/payouts/%00",
        "/finance/payouts/PO-NOBODY",
        "/finance/files/nothing.csv",
        "/finance/files/payouts.exe",
        "/finance/settlements/a/b/2026-13-01.pdf",
    ],
)
async def test_an_address_of_finance_that_is_none_is_a_page_that_says_so(
    pages: Pages, path: str
) -> None:
    pages.house.sign_in(HARBOUR, Role.FINANCE)
    assert "cannot be shown" in await pages.get(path, 404)
