"""The examiner's desk: taken by one, decided line by line beside its documents, looked at twice."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from typing import Any

import psycopg
import pytest

from crossclaim.domain.submission import SubmissionKind
from crossclaim.plans.loader import DATA, read_plan
from crossclaim.security.roles import Role
from crossclaim.stack import Stack
from crossclaim.wiring import House
from tests.plain_files import ofd_of
from tests.steps.appeals import LATER, Papers
from tests.steps.desk_house import DeskHouse, Pages, RigDoor, houses_of, main_of, pages_of
from tests.steps.examining import checked, claim_of, decide, many_units, sent
from tests.steps.paper_claims import INSURER, claim, paper
from tests.steps.rig import MUTUAL, Rig

EXAMINER = (INSURER, Role.INSURER_EXAMINER)
SUPERVISOR = (INSURER, Role.INSURER_SUPERVISOR)
APPEALED = LATER


@pytest.fixture(scope="module")
def doors(stack: Stack) -> Iterator[tuple[House, House]]:
    own, every = houses_of(stack)
    yield own, every
    own.database.close()
    every.database.close()


@pytest.fixture
async def pages(rig: Rig, doors: tuple[House, House]) -> AsyncIterator[Pages]:
    async with pages_of(DeskHouse(rig, *doors)) as found:
        yield found


@pytest.fixture
def pended(rig: Rig) -> str:
    episode, _ = sent(rig, many_units())
    decide(rig, episode)
    return episode


def place(rig: Rig, episode: str) -> str:
    return f"/episodes/{episode}/claims/{claim_of(rig, episode).id}"


def cut(amount: str = "400.00") -> dict[str, Any]:
    return {
        "word": "lines",
        "how-1": "amount",
        "approved-1": amount,
        "reason-1": "UNITS_NOT_SUPPORTED",
        "text": "ten of twenty are explained",
    }


async def test_a_claim_is_taken_by_one_person_and_another_one_takes_it_over_before_he_decides(
    pages: Pages, rig: Rig, pended: str
) -> None:
    at = place(rig, pended)
    first = pages.house.person(*EXAMINER, "Wong Siu Ming")
    assert (await pages.send(f"{at}/take", {"before": ""})).status_code == 303
    assert at in await pages.get("/desk?whose=mine")
    second = pages.house.person(*EXAMINER, "Ho Mei Lin")
    assert at not in await pages.get("/desk?whose=free")
    assert "Wong Siu Ming has this claim" in main_of(await pages.get(at))
    blocked = await pages.send(f"{at}/decision", cut())
    assert "Take it over first" in main_of(blocked.text)
    assert claim_of(rig, pended).state == "pended"
    late = await pages.send(f"{at}/take", {"before": ""})
    assert late.status_code == 409 and "Wong Siu Ming" in main_of(late.text)
    assert (await pages.send(f"{at}/take", {"before": first})).status_code == 303
    done = await pages.send(f"{at}/decision", cut())
    assert done.headers["location"] == "/console/desk/next?said=decision_taken"
    after = claim_of(rig, pended)
    assert (after.state, after.benefit_minor) == ("partial", 40000)
    held = rig._select(
        "select kind, person, from_person from claim_taking where episode_id = %(id)s order by id",
        id=pended,
    )
    assert [tuple(one.values()) for one in held] == [
        ("taken", first, ""),
        ("taken", second, first),
    ]


async def test_who_decides_second_is_told_who_decided_first_and_keeps_what_was_typed(
    pages: Pages, rig: Rig, pended: str
) -> None:
    at = place(rig, pended)
    pages.house.person(*EXAMINER, "Wong Siu Ming")
    assert (await pages.send(f"{at}/decision", cut())).status_code == 303
    pages.house.person(*EXAMINER, "Ho Mei Lin")
    late = await pages.send(f"{at}/decision", cut("1.00"))
    assert late.status_code == 422
    assert "Wong Siu Ming decided at" in main_of(late.text)
    assert claim_of(rig, pended).benefit_minor == 40000


async def test_what_is_paid_in_all_is_added_up_without_a_script_and_decides_nothing(
    pages: Pages, rig: Rig
) -> None:
    papers = [paper("V1", "2026-03-02", "860.00"), paper("V2", "2026-03-03", "430.00")]
    papers[0]["lines"][0] |= {"quantity": 20, "unit_price": {"amount": "43.00", "currency": "CNY"}}
    episode, _ = sent(rig, claim(papers))
    decide(rig, episode)
    at = place(rig, episode)
    pages.house.sign_in(*EXAMINER)
    typed = {"word": "total", "approved-1": "1,200.50", "how-2": "deny", "approved-2": "9"}
    told = await pages.send(f"{at}/decision", typed)
    assert "HKD 1,200.50" in told.text.split('id="total"')[1].split("</p>")[0]
    assert 'value="1,200.50"' in told.text
    part = await pages.send(
        f"{at}/decision", {"word": "total", "approved-1": "1.5", "approved-2": "x"}
    )
    assert "without line 2" in part.text
    assert claim_of(rig, episode).state == "pended"
    assert (
        rig._select("select 1 from claim_examination where episode_id = %(id)s", id=episode) == []
    )


async def test_documents_stand_beside_the_lines_that_they_prove_and_for_nobody_else(
    pages: Pages, rig: Rig
) -> None:
    body = many_units()
    content = ofd_of("electronic bill of the visit", "票据号码:0012345678", "小写:¥860.00")
    episode, _ = sent(rig, body)
    sha256 = pages.house.uploaded(episode, content, "application/ofd", INSURER)
    decide(rig, episode)
    pages.house.sign_in(*EXAMINER)
    at = place(rig, episode)
    form = {"asked_of": "patient", "kind-1": "receipt", "line-1": "1", "note-1": "with a stamp"}
    done = await pages.send(f"{at}/documents-asked", form)
    assert done.headers["location"].endswith("said=documents_asked"), done.text[-500:]
    assert pages.house.door.said[-1]["documents"] == [
        {"type": "receipt", "line": 1, "note": "with a stamp"}
    ]
    page = await pages.get(at)
    assert "with a stamp" in page and "not here yet" in page
    (request,) = rig.rows(episode).information_requests
    said = rig.say(
        SubmissionKind.INFORMATION_ANSWER,
        {"request": request.id, "item": 1, "sha256": sha256},
        episode,
        organisation=INSURER,
        key_id="ul_0123456789ab",
    )
    assert said[1].status == 200, said[1].body
    page = await pages.get(at)
    assert f"{at}/documents/{sha256}" in page and "Proves line 1" in page
    assert "electronic bill of the visit" in page and 'class="proved"' in page
    assert "0012345678" in page and "CNY 860.00" in main_of(page).split("Documents", 1)[1]
    file = await pages.client.get(f"/console{at}/documents/{sha256}")
    assert (file.content, file.headers["x-frame-options"]) == (content, "DENY")
    assert "default-src 'none'" in file.headers["content-security-policy"]
    pages.house.sign_in(MUTUAL, Role.INSURER_EXAMINER)
    await pages.get(at, 404)
    await pages.get(f"{at}/documents/{sha256}", 404)
    pages.house.sign_in(INSURER, Role.FINANCE)
    await pages.get(f"{at}/documents/{sha256}", 403)


async def test_a_second_look_is_another_persons_and_says_what_to_look_at(
    pages: Pages, rig: Rig, pended: str
) -> None:
    at = place(rig, pended)
    first = pages.house.person(*EXAMINER, "Wong Siu Ming")
    wish = {"text": "is the level of the surgery right?"}
    assert (await pages.send(f"{at}/second-look", wish)).status_code == 303
    sealed = rig._select(
        "select note_sealed from claim_taking where episode_id = %(id)s", id=pended
    )
    assert b"surgery" not in bytes(sealed[0]["note_sealed"])
    own = await pages.send(f"{at}/decision", cut())
    assert "another person decides" in main_of(own.text)
    pages.house.person(*EXAMINER, "Ho Mei Lin")
    assert at in await pages.get("/desk?kind=second")
    assert "is the level of the surgery right?" in await pages.get(at)
    assert (await pages.send(f"{at}/decision", cut())).status_code == 303
    assert first and claim_of(rig, pended).state == "partial"


async def test_above_an_amount_the_person_who_decided_is_told_that_another_confirms(
    pages: Pages, rig: Rig
) -> None:
    episode, _ = sent(rig, many_units("40000.00"))
    decide(rig, episode)
    at = place(rig, episode)
    pages.house.person(*EXAMINER, "Wong Siu Ming")
    done = await pages.send(f"{at}/decision", cut("20000.01"))
    assert done.headers["location"].endswith("said=decision_waits")
    page = await pages.get(at)
    assert "You made this decision" in page and "/confirmation" not in page
    number = rig._select(
        "select number from claim_examination where episode_id = %(id)s", id=episode
    )[0]["number"]
    pages.house.person(*SUPERVISOR, "Lam Oi Ki")
    assert "/confirmation" in await pages.get(at)
    form = {"number": number, "word": "confirmed", "text": "as the papers show"}
    assert (await pages.send(f"{at}/confirmation", form)).status_code == 303
    assert claim_of(rig, episode).benefit_minor == 2_000_001
    told = main_of(await pages.get(at))
    assert "Wong Siu Ming" in told and "Lam Oi Ki" in told


async def test_an_appeal_is_decided_line_by_line_by_a_person_who_did_not_decide_before(
    pages: Pages, rig: Rig
) -> None:
    papers = Papers.decided(rig)
    papers.pay(APPEALED)
    assert papers.appeal().status == 202
    pages.house.door = RigDoor(rig, APPEALED)
    async with pages_of(pages.house) as found:
        pages.house.person(*SUPERVISOR, "Lam Oi Ki")
        at = f"/episodes/{papers.episode}/claims/{papers.claim.id}"
        assert at in await found.get("/desk?kind=appeal")
        assert "another specialist" in await found.get(at)
        form = {"text": "Two departments on one day.", "word": "changed"}
        for line, amount in enumerate(("751.91", "375.96", "800.00", "0.00"), 1):
            form |= {f"approved-{line}": amount, f"reason-{line}": "PLAN_TERMS"}
        done = await found.send(f"{at}/appeal", form)
        assert done.status_code == 303, main_of(done.text)
        assert done.headers["location"].endswith("said=appeal_changed")
        assert papers.rows().appeals[0].state == "changed"
        late = await found.send(f"{at}/appeal", {**form, "word": "upheld"})
        assert "decided already" in main_of(late.text)


async def test_a_drawn_decision_is_reviewed_and_the_result_for_all_is_told(
    rig: Rig, doors: tuple[House, House]
) -> None:
    name = "claim-review.yaml"
    text = (DATA / name).read_text(encoding="utf-8")
    whole = read_plan(text.replace("{2014-07-01: 0.05}", "{2014-07-01: 1}"), name)
    plans = rig.world.plans.replacing([whole])
    drawn = replace(rig, world=replace(rig.world, plan_shelf=lambda: plans))
    episode = checked(drawn, claim([paper("V1", "2026-03-02", "860.00")]))
    claim_id = claim_of(drawn, episode).id
    async with pages_of(DeskHouse(drawn, *doors)) as pages:
        pages.house.sign_in(*SUPERVISOR)
        assert claim_id in await pages.get("/desk/samples")
        wrong = {"claim": claim_id, "word": "other", "right": "nonsense"}
        refused = await pages.send("/desk/samples", wrong)
        assert refused.status_code == 422 and 'value="nonsense"' in refused.text
        done = await pages.send("/desk/samples", {**wrong, "right": "700.00", "text": "too much"})
        assert done.status_code == 303
        page = main_of(await pages.get("/desk/samples"))
        assert "HKD 700.00" in page and "Overpaid in all, estimated" in page
        pages.house.sign_in(MUTUAL, Role.INSURER_SUPERVISOR)
        assert claim_id not in await pages.get("/desk/samples")
        assert (await pages.send("/desk/samples", wrong)).status_code == 404


@pytest.mark.parametrize("language", ["zh-Hant", "zh-Hans"])
async def test_the_desk_and_a_claim_are_there_in_every_language(
    pages: Pages, rig: Rig, pended: str, language: str
) -> None:
    pages.house.sign_in(*EXAMINER)
    for path in ("/desk", "/desk/samples", place(rig, pended)):
        assert f'lang="{language}"' in await pages.get(path, language=language)


async def test_the_next_claim_is_ones_own_before_a_free_one_and_never_anothers(
    pages: Pages, rig: Rig, pended: str
) -> None:
    at = place(rig, pended)
    pages.house.person(*EXAMINER, "Wong Siu Ming")
    await pages.send(f"{at}/take", {"before": ""})
    following = await pages.client.get("/console/desk/next")
    assert following.headers["location"] == f"/console{at}"
    pages.house.person(*EXAMINER, "Ho Mei Lin")
    following = await pages.client.get("/console/desk/next?said=nonsense")
    assert following.headers["location"] != f"/console{at}"


async def test_a_row_of_who_has_a_claim_is_of_ones_own_claims_alone(
    rig: Rig, pended: str, doors: tuple[House, House]
) -> None:
    values = {"claim": claim_of(rig, pended).id, "episode": pended}
    insert = (
        "insert into claim_taking (claim_id, episode_id, organisation_id, person, kind)"
        " values (%(claim)s, %(episode)s, %(organisation)s, 'x', 'taken')"
    )
    own, _ = doors
    for organisation in (MUTUAL, INSURER):
        with (
            pytest.raises(psycopg.errors.InsufficientPrivilege),
            own.database.begin(MUTUAL) as connection,
        ):
            connection.execute(insert, {**values, "organisation": organisation})
    with own.database.begin(INSURER) as connection:
        connection.execute(insert, {**values, "organisation": INSURER})
    with own.database.begin(MUTUAL) as connection:
        assert connection.execute("select 1 from claim_taking", {}).scalars() == []


async def test_a_form_that_outlives_its_session_loses_nothing_and_does_nothing(
    pages: Pages, rig: Rig, pended: str
) -> None:
    at = place(rig, pended)
    pages.house.now.clear()
    here = {"sec-fetch-site": "same-origin"}
    held = await pages.send(f"{at}/decision", cut(), **here)
    assert held.status_code == 403 and f'action="/console{at}/decision"' in held.text
    assert "ten of twenty are explained" in held.text and 'value="400.00"' in held.text
    assert f'value="{pages.house.csrf}"' not in held.text
    pages.house.sign_in(*EXAMINER)
    again = await pages.send(f"{at}/decision", {**cut(), "csrf": ""}, **here)
    assert again.status_code == 200 and "Look it over" in main_of(again.text)
    assert 'value="400.00"' in again.text and f'value="{pages.house.csrf}"' in again.text
    assert claim_of(rig, pended).state == "pended", "an older form does nothing by itself"


@pytest.mark.parametrize("site", ["cross-site", "same-site", "none", ""])
async def test_what_another_site_sends_does_nothing_and_is_not_offered_again(
    pages: Pages, rig: Rig, pended: str, site: str
) -> None:
    at = place(rig, pended)
    headers = {"sec-fetch-site": site} if site else {}
    for signed_in in (True, False):
        if signed_in:
            pages.house.sign_in(*EXAMINER)
        else:
            pages.house.now.clear()
        forged = await pages.send(f"{at}/decision", {**cut(), "csrf": "guessed"}, **headers)
        assert forged.status_code == 403 and f'action="/console{at}' not in forged.text
    assert claim_of(rig, pended).state == "pended"
