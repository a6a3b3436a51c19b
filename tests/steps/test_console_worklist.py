"""The worklist on PostgreSQL: causes, owners, notes and actions, each organisation's by itself."""

from __future__ import annotations

import csv
import html
import io
import itertools
import re
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from crossclaim.console.application import PREFIX
from crossclaim.console.worklist import WorkItem, WorkOrder, WorkSearch
from crossclaim.domain.errors import NotFound, Unavailable
from crossclaim.domain.worklist import due_of, priority
from crossclaim.security.roles import Role
from crossclaim.service.console_worklist import sorted_by
from tests.steps.rig import HARBOUR, HOSPITAL, MUTUAL, Rig, Visit, insured_by, policy_number
from tests.steps.test_console_pages import Desk, browser, desk, house, visited
from tests.steps.test_console_search import payout

__all__ = ["browser", "desk", "house", "visited"]
CODE = "RECORD_ANSWER_LOST"
_codes = itertools.count(1)


def wait(rig: Rig, episode: str, code: str = CODE, reference: str = "", hours: int = 0) -> str:
    """The item of an exception that opened so many hours ago."""
    rig.change(
        "insert into exception_item (episode_id, code, reference, opened_at)"
        " values (%(id)s, %(code)s, %(reference)s, now() - make_interval(hours => %(hours)s))",
        id=episode,
        code=code,
        reference=reference,
        hours=hours,
    )
    rows = rig._select(
        "select id from exception_item where episode_id = %(id)s and code = %(code)s"
        " and reference = %(reference)s",
        id=episode,
        code=code,
        reference=reference,
    )
    return f"x{rows[0]['id']}"


async def seen(desk: Desk, **search: object) -> dict[str, WorkItem]:
    asked = WorkSearch.model_validate({"limit": 500, **search})
    items = await desk.desk.worklist.items(desk.now[-1].principal, asked)
    return {item.id: item for item in items}


async def act(browser: httpx.AsyncClient, do: str, *items: str, **form: str) -> httpx.Response:
    marked = [item if "." in item else f"{item}.0" for item in items]
    given = {"csrf": "c", "do": do, "item": marked, **form}
    return await browser.post(f"{PREFIX}/exceptions/actions", data=given)


async def became(browser: httpx.AsyncClient, answer: httpx.Response) -> str:
    assert answer.status_code == 303, answer.text
    page = await browser.get(answer.headers["location"])
    assert page.status_code == 200
    return html.unescape(re.sub(r"<[^>]+>", " ", page.text.split("<main", 1)[1]))


async def test_the_order_of_the_list_is_the_priority_that_the_page_defines(
    desk: Desk, rig: Rig, visited: str
) -> None:
    poor = rig.open([{"funder": "voucher"}])
    items = [wait(rig, poor, hours=h) for h in (2,)]
    items += [wait(rig, visited, hours=1), wait(rig, visited, "BILL_FLAGGED", hours=200)]
    found = await seen(desk)
    now = datetime.now(UTC)
    scores = [item.score(now) for item in found.values()]
    assert scores == sorted(scores, reverse=True)
    assert set(items) <= set(found)
    for item in found.values():
        assert item.rank + now.timestamp() / 86_400 == pytest.approx(item.score(now), abs=1e-6)
    mine = found[items[1]]
    assert mine.due_at == due_of(mine.opened_at, None)
    assert mine.amount_minor == 90_000
    assert mine.score(now) == priority(90_000, mine.due_at, now)


@pytest.mark.parametrize("sort", list(WorkOrder))
async def test_page_by_page_the_list_has_each_exception_once(
    desk: Desk, rig: Rig, visited: str, sort: WorkOrder
) -> None:
    for hours in range(3):
        wait(rig, rig.open([{"funder": "voucher"}]), hours=hours)
    whole = list(await seen(desk, sort=sort))
    paged: list[str] = []
    place: dict[str, str] = {}
    while page := await seen(desk, sort=sort, **{"limit": 2, **place}):
        paged += page
        last = list(page.values())[-1]
        place = {"after": last.id, "after_value": sorted_by(sort, last)}
    assert paged == whole
    assert len(set(paged)) == len(paged) > 2


async def test_repeats_of_one_cause_are_one_row_with_how_many_and_the_most_urgent_first(
    desk: Desk, browser: httpx.AsyncClient, rig: Rig
) -> None:
    episodes = [rig.open([{"funder": "voucher"}]) for _ in range(4)]
    for episode in episodes:
        wait(rig, episode, "RECORD_DEPOSIT_LATE")
    groups = await desk.desk.worklist.groups(desk.now[-1].principal, WorkSearch())
    assert [g.rank for g in groups] == sorted((g.rank for g in groups), reverse=True)
    (group,) = [g for g in groups if g.code == "RECORD_DEPOSIT_LATE"]
    assert (group.items, group.episodes, group.unowned, group.mine) == (4, 4, 4, 0)
    page = await browser.get(f"{PREFIX}/exceptions")
    assert page.text.count("RECORD_DEPOSIT_LATE</span>") == 1
    assert "Try all again" in page.text


async def test_what_one_person_takes_is_his_and_who_comes_later_is_told_who_has_it(
    desk: Desk, browser: httpx.AsyncClient, rig: Rig, visited: str
) -> None:
    item = wait(rig, visited)
    first = desk.now[-1]
    await browser.get(f"{PREFIX}/exceptions?shape=list")
    assert "done: 1 of 1" in await became(browser, await act(browser, "take", item))
    assert (await seen(desk))[item].owner == first.principal.actor
    assert item in await seen(desk, owner="mine")
    assert item not in await seen(desk, owner="nobody")
    desk.sign_in("crossclaim", Role.SUPPORT)
    assert item not in await seen(desk, owner="mine")
    told = await became(browser, await act(browser, "take", item))
    assert "done: 0 of 1" in told
    assert "changed meanwhile by" in told and "Wong Siu Ming" in told
    assert (await seen(desk))[item].owner == first.principal.actor
    version = (await seen(desk))[item].version
    await became(browser, await act(browser, "take", f"{item}.{version}"))
    assert (await seen(desk))[item].owner == desk.now[-1].principal.actor


async def test_it_is_handed_over_with_a_note_to_a_colleague_who_was_here_and_to_nobody_else(
    desk: Desk, browser: httpx.AsyncClient, rig: Rig, visited: str
) -> None:
    item = wait(rig, visited)
    await browser.get(f"{PREFIX}/exceptions")
    colleague = desk.now[-1].principal.actor
    desk.sign_in("crossclaim", Role.SUPPORT)
    refused = await act(browser, "give", item, to="p-nobody", text="half a page", one="1")
    assert refused.status_code == 422
    assert "choose a colleague" in refused.text and "half a page" in refused.text
    note = "Insurer called; 張先生 <b>"
    await became(browser, await act(browser, "give", item, to=colleague, text=note))
    assert (await seen(desk))[item].owner == colleague
    page = await browser.get(f"{PREFIX}/exceptions/{item}")
    assert html.escape("Insurer called; 張先生 <b>") in page.text
    sealed = rig._select("select sealed from work_event where item = %(i)s", i=item)
    assert sealed and all("張先生".encode() not in bytes(row["sealed"]) for row in sealed)


@pytest.mark.parametrize("other", [(HOSPITAL, Role.HOSPITAL_BILLING), (MUTUAL, Role.FINANCE)])
async def test_another_organisation_sees_the_exception_and_no_owner_note_or_action_of_ours(
    desk: Desk, browser: httpx.AsyncClient, rig: Rig, visited: str, other: tuple[str, Role]
) -> None:
    reference = payout(rig, visited, "rejected", MUTUAL)
    item = wait(rig, visited, "PAYOUT_REJECTED", reference)
    await browser.get(f"{PREFIX}/exceptions")
    ours = desk.now[-1].principal.actor
    done = await act(browser, "take", item, text="only for us")
    noted = await act(browser, "note", item, text="still only for us")
    desk.sign_in(*other)
    theirs = (await seen(desk))[item]
    assert (theirs.owner, theirs.state.value, theirs.version, theirs.notes) == ("", "open", 0, 0)
    for answer in (done, noted):
        assert (await browser.get(answer.headers["location"])).status_code == 404
    page = (await browser.get(f"{PREFIX}/exceptions/{item}")).text
    assert "only for us" not in page
    assert ours not in page
    assert ours not in await desk.desk.worklist.people(desk.now[-1].principal)
    await became(browser, await act(browser, "take", item))
    desk.sign_in("crossclaim", Role.SUPPORT)
    assert (await seen(desk))[item].owner == ours


async def test_an_insurer_sees_no_exception_that_is_about_another(
    desk: Desk, browser: httpx.AsyncClient, rig: Rig
) -> None:
    policies = [insured_by(MUTUAL, policy_number()), insured_by(HARBOUR, policy_number())]
    visit = Visit(rig, rig.open([{"funder": "voucher"}, *policies]))
    (letter,) = [g for g in rig.rows(visit.episode).guarantees if g.insurer_id == HARBOUR]
    item = wait(rig, visit.episode, "GUARANTEE_REFUSED", letter.reference)
    desk.sign_in(HARBOUR, Role.INSURER_EXAMINER)
    assert item in await seen(desk)
    desk.sign_in(MUTUAL, Role.INSURER_EXAMINER)
    assert item not in await seen(desk)
    assert (await browser.get(f"{PREFIX}/exceptions/{item}")).status_code == 404
    assert (await act(browser, "take", item)).status_code == 404


async def test_states_overdue_kinds_and_parties_narrow_the_list(
    desk: Desk, browser: httpx.AsyncClient, rig: Rig, visited: str
) -> None:
    late, young = wait(rig, visited, hours=30), wait(rig, visited, "BILL_FLAGGED")
    await became(browser, await act(browser, "state", young, new_state="waiting"))
    assert set(await seen(desk, states=["waiting"])) >= {young}
    assert late not in await seen(desk, states=["waiting"])
    overdue = await seen(desk, overdue=True)
    assert late in overdue and young not in overdue
    await became(browser, await act(browser, "state", f"{young}.1", new_state="done"))
    assert young not in await seen(desk)
    assert young in await seen(desk, states=["done"])
    claims = (await browser.get(f"{PREFIX}/exceptions?kind=claims&state=done&shape=list")).text
    assert f"/console/exceptions/{young}" in claims
    money = (await browser.get(f"{PREFIX}/exceptions?kind=money&state=done&shape=list")).text
    assert f"/console/exceptions/{young}" not in money


async def test_an_exception_that_opens_anew_is_nobodys_again(
    desk: Desk, browser: httpx.AsyncClient, rig: Rig, visited: str
) -> None:
    item = wait(rig, visited)
    await became(browser, await act(browser, "state", item, new_state="done"))
    rig.change("update exception_item set resolved_at = now() where episode_id = %(e)s", e=visited)
    gone = await became(browser, await act(browser, "take", f"{item}.1"))
    assert "the cause is over" in gone
    rig.change(
        "update exception_item set resolved_at = null, opened_at = now() + interval '1 second'"
        " where episode_id = %(e)s",
        e=visited,
    )
    again = (await seen(desk))[item]
    assert (again.owner, again.state.value, again.version) == ("", "open", 0)
    assert "done: 1 of 1" in await became(browser, await act(browser, "take", item))


class Engine:
    """What a step that is tried again comes to, one episode after another."""

    def __init__(self, desk: Desk, monkeypatch: pytest.MonkeyPatch, **told: object) -> None:
        self.asked: list[str] = []
        self.told = told
        monkeypatch.setattr(desk.desk._engine, "try_again_now", self.answer)

    async def answer(self, episode_id: str) -> list[str]:
        self.asked.append(episode_id)
        told = self.told.get(episode_id, ["a step"])
        if isinstance(told, Exception):
            raise told
        assert isinstance(told, list)
        return told


async def test_all_of_one_cause_are_tried_again_and_each_says_what_became_of_it(
    desk: Desk, browser: httpx.AsyncClient, rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    episodes = [rig.open([{"funder": "voucher"}]) for _ in range(12)]
    code = "RECORD_NOTICE_MISSING"
    items = [wait(rig, episode, code) for episode in episodes]
    told: dict[str, object] = {episodes[3]: NotFound("over"), episodes[5]: []}
    engine = Engine(desk, monkeypatch, **told)
    form = {"csrf": "c", "do": "try_again", "all": "1", "code": code, "text": "it is back"}
    answer = await browser.post(f"{PREFIX}/exceptions/actions", data=form)
    page = await became(browser, answer)
    assert sorted(engine.asked) == sorted(episodes)
    assert "done: 10 of 12" in page
    assert "nothing of this episode runs any more" in page
    assert "no step waited for a next try" in page
    assert "not done yet" not in page
    assert set(await seen(desk)) >= set(items), "what it came to does not close an exception"


async def test_when_the_engine_falls_silent_what_is_left_is_said_and_gone_on_with_once(
    desk: Desk, browser: httpx.AsyncClient, rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    episodes = [rig.open([{"funder": "voucher"}]) for _ in range(10)]
    code = "RECORD_DEPOSIT_REFUSED"
    items = [wait(rig, episode, code) for episode in episodes]
    engine = Engine(desk, monkeypatch, **{episodes[9]: Unavailable("down")})
    answer = await act(browser, "try_again", *items, text="it is back")
    assert "said=work_engine_silent" in answer.headers["location"]
    page = await became(browser, answer)
    assert "done: 9 of 10" in page and "not done yet: 1" in page
    engine.told.clear()
    engine.asked.clear()
    where = answer.headers["location"].split("?")[0]
    again = await browser.post(where, data={"csrf": "c"})
    assert "done: 10 of 10" in await became(browser, again)
    assert engine.asked == [episodes[9]], "what is done is not done again"


async def test_who_may_not_act_may_look_and_only_support_has_steps_tried_again(
    desk: Desk, browser: httpx.AsyncClient, rig: Rig, visited: str
) -> None:
    item = wait(rig, visited)
    desk.sign_in("crossclaim", Role.AUDITOR)
    assert "Take</button>" not in (await browser.get(f"{PREFIX}/exceptions/{item}")).text
    assert (await act(browser, "take", item)).status_code == 403
    desk.sign_in(HOSPITAL, Role.HOSPITAL_BILLING)
    assert (await act(browser, "try_again", item, text="x")).status_code == 403
    assert (await act(browser, "take", item)).status_code == 303
    forged = await act(browser, "note", item, csrf="guessed", text="half a page of findings")
    assert forged.status_code == 403 and "half a page of findings" in forged.text


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"do": "note", "item": "x1.0"}, "write why"),
        ({"do": "take"}, "mark at least one"),
        ({"do": "<script>", "item": "x1.0"}, "no action of this list"),
        ({"do": "state", "item": "x1.0", "new_state": "gone"}, "no action of this list"),
        ({"do": "take", "item": ["x1", "y1.0", "x1.x", "%00"]}, "mark at least one"),
    ],
)
async def test_an_action_that_cannot_be_says_why_and_does_nothing(
    browser: httpx.AsyncClient, visited: str, form: dict[str, object], words: str
) -> None:
    answer = await browser.post(f"{PREFIX}/exceptions/actions", data={"csrf": "c", **form})
    assert answer.status_code == 422
    assert words in answer.text
    assert "<script>" not in answer.text.split("<main", 1)[1]


@pytest.mark.parametrize("path", ["x0", "x1x", "y1", "<script>", "actions", "actions/wa_x"])
async def test_an_exception_or_action_that_is_not_there_is_said_so(
    browser: httpx.AsyncClient, path: str
) -> None:
    answer = await browser.get(f"{PREFIX}/exceptions/{path}")
    assert answer.status_code == 404
    assert "cannot be shown" in answer.text


async def test_the_file_of_the_list_has_each_exception_with_its_owner(
    desk: Desk, browser: httpx.AsyncClient, rig: Rig, visited: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crossclaim.service.console_worklist._PAGE", 2)
    item = wait(rig, visited)
    await browser.get(f"{PREFIX}/exceptions")
    await became(browser, await act(browser, "take", item))
    answer = await browser.get(f"{PREFIX}/exceptions.csv?columns=codes")
    rows = list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    assert {row["id"] for row in rows} == set(await seen(desk))
    assert int(answer.headers["x-rows"]) == len(rows)
    (mine,) = [row for row in rows if row["id"] == item]
    assert (mine["owner"], mine["held_up_cny"]) == ("Wong Siu Ming", "900.00")
    read = (await browser.get(f"{PREFIX}/exceptions.csv")).text
    assert "Held up, RMB" in read and "held_up_cny" not in read
    assert (await browser.get(f"{PREFIX}/exceptions.xlsx")).content[:2] == b"PK"


async def test_a_promise_of_the_episode_that_is_nearer_makes_its_exception_due_sooner(
    desk: Desk, rig: Rig, visited: str
) -> None:
    reference = payout(rig, visited, "sent", minor=500_000)
    rig.change(
        "update payout_intent set state = 'unknown' where reference = %(r)s",
        r=reference,
    )
    item = wait(rig, visited, "PAYOUT_ACCOUNT_DIFFERS", reference)
    found = (await seen(desk))[item]
    assert found.amount_minor == 500_000
    assert found.party == MUTUAL
    assert found.due_at == found.opened_at + timedelta(hours=24)


@pytest.mark.parametrize("language", ["en", "zh-Hant", "zh-Hans"])
async def test_every_page_of_the_worklist_is_there_in_every_language(
    browser: httpx.AsyncClient, rig: Rig, visited: str, language: str
) -> None:
    item = wait(rig, visited)
    answer = await act(browser, "take", item)
    paths = (
        "?shape=list",
        f"/{item}",
        answer.headers["location"].removeprefix(f"{PREFIX}/exceptions"),
    )
    for path in ("", *paths):
        page = await browser.get(
            f"{PREFIX}/exceptions{path}", headers={"accept-language": language}
        )
        assert page.status_code == 200
        assert f'lang="{language}"' in page.text


async def test_what_waits_beside_episodes_stands_in_the_same_list_with_its_owner(
    desk: Desk, rig: Rig, browser: httpx.AsyncClient
) -> None:
    """Red before: a missing statement of a bank stood on its day alone."""
    rig.change(
        "insert into statement_exception (bank, code, reference, organisation_id, blocks,"
        " opened_at) values ('bank-w', 'STATEMENT_GAP', 'W-1', %(who)s, true, now())",
        who=HARBOUR,
    )
    (row,) = rig._select("select id from statement_exception where bank = 'bank-w'")
    item = f"s{row['id']}"
    found = await seen(desk, codes=["STATEMENT_GAP"])
    assert item in found and found[item].party == HARBOUR
    page = await browser.get(f"{PREFIX}/exceptions/{item}")
    assert page.status_code == 200 and "Ask the bank for the missing statement" in page.text
    assert "/console/finance/reconciliation" in page.text
    told = await became(browser, await act(browser, "note", item, text="They send it tomorrow."))
    assert "They send it tomorrow." in (await browser.get(f"{PREFIX}/exceptions/{item}")).text, told
    await act(browser, "take", item)
    (mine,) = (await seen(desk, owner="mine", codes=["STATEMENT_GAP"])).values()
    assert mine.id == item
    again = await act(browser, "try_again", item, text="now")
    assert "nothing" in (await became(browser, again)).lower()
    groups = await browser.get(f"{PREFIX}/exceptions?kind=money")
    assert "A statement is missing before this one" in groups.text
    desk.sign_in(HOSPITAL, Role.HOSPITAL_FINANCE)
    assert item not in await seen(desk, codes=["STATEMENT_GAP"])
    desk.sign_in(HARBOUR, Role.FINANCE)
    assert item in await seen(desk, codes=["STATEMENT_GAP"])
