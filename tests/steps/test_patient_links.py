"""Links to a patient's own pages: single-use, short-lived, tried a few times; sessions narrowed."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator, Iterator

import psycopg
import pytest

from crossclaim.domain.errors import NotFound, Refused
from crossclaim.domain.patient_bearer import Bearer
from crossclaim.patient.view import PREFIX
from crossclaim.security.narrowed import ONLY_EPISODES
from crossclaim.security.roles import Principal, Role
from crossclaim.stack import Stack
from crossclaim.wiring import House
from tests.steps.patient_door import (
    BORN,
    WINDOW,
    PatientDoor,
    patient_door,
    patients_house,
    someone,
)
from tests.steps.rig import HOSPITAL, Rig

OTHER = Principal(organisation="jiangmen-central", role=Role.HOSPITAL_BILLING, key_id="there")


@pytest.fixture(scope="module")
def api(stack: Stack) -> Iterator[House]:
    with patients_house(stack) as house:
        yield house


@pytest.fixture
async def own(api: House, rig: Rig) -> AsyncIterator[PatientDoor]:
    async with patient_door(api, rig) as door:
        yield door


async def test_a_link_and_one_right_word_open_the_pages_once(own: PatientDoor) -> None:
    person = someone()
    episode = person.visit(own.rig)
    link = await own.link(episode)
    asked_for = await own.page(f"/in/{link}")
    assert person.number not in asked_for and episode not in asked_for
    first = await own.say(link, birth_date=BORN)
    assert first.status_code == 303 and first.headers["location"] == f"{PREFIX}/"
    (cookie,) = [c for c in own.browser.cookies.jar if c.name.endswith("-patient")]
    assert (
        "HttpOnly" in first.headers["set-cookie"]
        and "samesite=lax" in first.headers["set-cookie"].lower()
    )
    home = await own.browser.get(f"{PREFIX}/", follow_redirects=True)
    assert home.status_code == 200 and str(home.url).endswith(episode)
    own.browser.cookies.clear()
    again = await own.say(link, birth_date=BORN)
    assert again.status_code == 403 and "set-cookie" not in again.headers
    rows = own.rig._select("select * from patient_link where episode_id = %(id)s", id=episode)
    assert [row["sha256"] for row in rows] == [hashlib.sha256(link.encode()).hexdigest()]
    held = own.rig._select("select * from patient_session where episode_id = %(id)s", id=episode)
    assert cookie.value is not None and cookie.value not in str(held) and link not in str(rows)


async def test_whatever_is_wrong_is_answered_alike_and_a_link_dies_after_five_tries(
    own: PatientDoor,
) -> None:
    person = someone()
    episode = person.visit(own.rig)
    link = await own.link(episode)
    answers = [await own.say(f"pl_{'x' * 43}", document="0000")]
    answers += [await own.say(link, document="0000") for _ in range(5)]
    told = {answer.text.replace(link, "L").replace(f"pl_{'x' * 43}", "L") for answer in answers}
    assert len(told) == 1 and {a.status_code for a in answers} == {403}
    # What was right comes too late: the link is dead.
    assert (await own.say(link, document=person.ends)).status_code == 403
    assert (await own.say(await own.link(episode), document=person.ends)).status_code == 303


async def test_a_link_ends_with_its_time_and_with_the_next_one(own: PatientDoor) -> None:
    person = someone()
    episode = person.visit(own.rig)
    old, new = await own.link(episode), await own.link(episode)
    assert (await own.say(old, document=person.ends)).status_code == 403
    own.clock.pass_by(days=4)
    assert (await own.say(new, document=person.ends)).status_code == 403


async def test_a_session_ends_when_it_is_idle_left_or_followed_by_a_new_link(
    own: PatientDoor,
) -> None:
    person = someone()
    episode = person.visit(own.rig)
    path = f"/episodes/{episode}"
    await own.enter(episode, person.ends)
    own.clock.pass_by(minutes=29)
    await own.page(path)
    own.clock.pass_by(minutes=29)
    await own.page(path)
    own.clock.pass_by(minutes=31)
    assert "half an hour" in await own.page(path, 401)
    await own.enter(episode, person.ends)
    left = await own.send("/out")
    assert left.status_code == 200
    await own.page(path, 401)
    await own.enter(episode, person.ends)
    await own.link(episode)
    await own.page(path, 401)


async def test_one_patient_never_sees_anothers_and_a_twin_is_another(own: PatientDoor) -> None:
    """Twins have one birthday and one family name; their documents are two."""
    one, twin = someone(), someone()
    mine, more, hers = one.visit(own.rig), one.visit(own.rig), twin.visit(own.rig)
    elsewhere = one.visit(own.rig, hospital="jiangmen-central")
    await own.enter(mine, one.ends)
    listed = await own.page("/")
    assert mine in listed and more in listed
    assert hers not in listed and elsewhere not in listed
    nowhere = await own.page(f"/episodes/ep_{'0' * 26}", 404)
    for rest in ("", "/consents", "/looks", "/estimate", "/consents/withdrawal?type=VOUCHER_USE"):
        for other in (hers, elsewhere):
            assert await own.page(f"/episodes/{other}{rest}", 404) == nowhere
    forged = await own.send(f"/episodes/{hers}/consents/withdrawal", type="VOUCHER_USE")
    assert forged.status_code == 404


async def test_the_database_hides_everybody_else_also_from_a_filter_that_was_forgotten(
    own: PatientDoor,
) -> None:
    one, twin = someone(), someone()
    mine, hers = one.visit(own.rig), twin.visit(own.rig)
    database = own.api.database
    tables = ("episode", "episode_party", "consent", "coverage", "identity_index")

    def seen(table: str) -> set[str]:
        column = "id" if table == "episode" else "episode_id"
        with database.begin(HOSPITAL) as connection:
            return set(connection.execute(f"select {column} from {table}").scalars())

    token = ONLY_EPISODES.set((mine,))
    try:
        assert {table: seen(table) for table in tables} == {table: {mine} for table in tables}
        ONLY_EPISODES.set(())
        assert {table: seen(table) for table in tables} == {table: set() for table in tables}
    finally:
        ONLY_EPISODES.reset(token)
    # The naive twin narrows nothing: there the forgotten filter shows the other one.
    assert {mine, hers} <= seen("episode")


async def test_a_patients_cookie_opens_no_page_of_staff_and_theirs_none_of_his(
    api: House, rig: Rig
) -> None:
    person = someone()
    episode = person.visit(rig)
    async with patient_door(api, rig, with_api=True) as own:
        await own.enter(episode, person.ends)
        for path in (f"/v1/episodes/{episode}", "/v1/me"):
            assert (await own.browser.get(path)).status_code == 401
        (cookie,) = [c for c in own.browser.cookies.jar if c.name.endswith("-patient")]
        assert cookie.value is not None
        own.browser.cookies.clear()
        own.browser.cookies.set("crossclaim", cookie.value)
        assert (await own.browser.get("/v1/me")).status_code == 401
        await own.page(f"/episodes/{episode}", 401)


async def test_a_link_is_made_by_who_sees_the_episode_for_somebody_who_stands_there(
    own: PatientDoor,
) -> None:
    episode = someone().visit(own.rig)
    with pytest.raises(NotFound):
        await own.link(episode, by=OTHER)
    for bearer in ("spouse", "substitute"):
        with pytest.raises(Refused) as refused:
            await own.link(episode, bearer)
        assert [f.code for f in refused.value.faults] == ["PATIENT_LINK_NOBODY"]
    forged = (
        "insert into patient_link (sha256, episode_id, organisation_id, role, bearer, maker_id,"
        " made_by, expires_at) values ('x', %(id)s, %(who)s, 'hospital_billing', 'patient',"
        " %(who)s, 'k', now())"
    )
    with (
        pytest.raises(psycopg.errors.InsufficientPrivilege),
        own.api.database.begin(OTHER.organisation) as connection,
    ):
        connection.execute(forged, {"id": episode, "who": OTHER.organisation})
    with own.api.database.begin() as connection:
        assert connection.execute("select 1 from patient_link").scalars() == []
        assert connection.execute("select 1 from patient_session").scalars() == []


async def test_the_api_tells_a_link_once_with_a_code_to_print(own: PatientDoor) -> None:
    made = await own.links.make(WINDOW, someone().visit(own.rig), Bearer.PATIENT)
    assert made.url.startswith("http://127.0.0.1:18080/patient/in/pl_")
    assert made.qr_svg.startswith("<svg") and "<script" not in made.qr_svg
