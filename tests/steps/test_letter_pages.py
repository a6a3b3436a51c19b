"""Documents are asked for on the page of a letter of guarantee, by its insurer's people alone."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest

from crossclaim.security.roles import Role
from crossclaim.stack import Stack
from crossclaim.wiring import House
from tests.steps.desk_house import DeskHouse, Pages, RigDoor, houses_of, main_of, pages_of
from tests.steps.guarantee_stay import Stay
from tests.steps.rig import HARBOUR, HOSPITAL, MUTUAL, Rig
from tests.steps.test_guarantee_information import at_desk

EXAMINER = (MUTUAL, Role.INSURER_EXAMINER)


@pytest.fixture(scope="module")
def doors(stack: Stack) -> Iterator[tuple[House, House]]:
    own, every = houses_of(stack)
    yield own, every
    own.database.close()
    every.database.close()


@pytest.fixture
def stay(rig: Rig) -> Stay:
    return at_desk(rig)


@pytest.fixture
async def pages(stay: Stay, doors: tuple[House, House]) -> AsyncIterator[Pages]:
    house = DeskHouse(stay.rig, *doors)
    house.door = RigDoor(stay.rig)
    async with pages_of(house) as found:
        yield found


async def test_documents_are_asked_for_about_a_letter_and_the_page_says_that_the_clock_stands(
    pages: Pages, stay: Stay
) -> None:
    (letter,) = stay.rows().guarantees
    at = f"/episodes/{stay.episode}/letters/{letter.reference}"
    pages.house.person(*EXAMINER, "Lee Ka Yan")
    assert at in await pages.get(f"/episodes/{stay.episode}")
    empty = await pages.send(f"{at}/documents-asked", {"note-1": "of the last month"})
    assert empty.status_code == 422 and "of the last month" in empty.text
    form = {"asked_of": "hospital", "kind-1": "medical_report", "note-1": "of the last month"}
    assert (await pages.send(f"{at}/documents-asked", form)).status_code == 303
    shown = main_of(await pages.get(at))
    assert "The clock stands still" in shown and "of the last month" in shown
    twice = await pages.send(f"{at}/documents-asked", {"kind-1": "medical_report"})
    assert twice.status_code == 422
    request = stay.rows().information_requests[-1].id
    assert (await pages.send(f"{at}/request-end", {"request": request})).status_code == 303
    assert "The clock stands still" not in main_of(await pages.get(at))


async def test_nobody_but_its_insurer_sees_the_page_of_a_letter(pages: Pages, stay: Stay) -> None:
    (letter,) = stay.rows().guarantees
    at = f"/episodes/{stay.episode}/letters/{letter.reference}"
    for who in ((HARBOUR, Role.INSURER_EXAMINER), (HOSPITAL, Role.HOSPITAL_BILLING)):
        pages.house.sign_in(*who)
        await pages.get(at, 404)
    pages.house.sign_in(*EXAMINER)
    await pages.get(f"/episodes/{stay.episode}/letters/NONE", 404)
