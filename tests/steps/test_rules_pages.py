"""Rules at the console: read on a day, proposed, tried on claims, put in force by two persons."""

from __future__ import annotations

import csv
import io
import re
from collections import defaultdict
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import partial

import httpx
import psycopg
import pytest
from temporalio.testing import ActivityEnvironment

from activities.plan_backtests import PlanBacktestSteps
from crossclaim.console.application import PREFIX
from crossclaim.domain.chinese_marks import full_width
from crossclaim.plans.loader import load_plans, read_plan, shipped_text
from crossclaim.plans.shelf import LOOK_EVERY_S, PlanShelf
from crossclaim.security.roles import Role
from crossclaim.stack import Stack
from crossclaim.store.plan_backtests import SqlPlanBacktests
from crossclaim.store.plan_proposals import NewProposal, SqlPlanProposals
from crossclaim.store.plan_tables import SqlPlans
from crossclaim.wiring import House
from tests.rules.test_unstated_use import older
from tests.steps.console_rig import Console
from tests.steps.rig import HARBOUR, HOSPITAL, MUTUAL, PLAN, Rig, policy_number

SCALE = "hospital-scale-hk"
WRITTEN = ("allocation", "cover_use", "entry", "cover", "claim", "outbound_attempt")
COPAY = "copay: {unit: HKD/visit, values: {2025-01-01: 20}"
_READ = partial(read_plan, demonstration=True)


class Shelf:
    """The rules as a process of ours sees them, at a time that the test moves."""

    def __init__(self, own: House) -> None:
        self.now = 0.0
        shipped = load_plans(demonstration=True)
        self.shelf = PlanShelf(
            shipped, SqlPlans(own.database), demonstration=True, clock=lambda: self.now
        )

    def version(self, plan_id: str) -> str:
        self.now += LOOK_EVERY_S
        found = self.shelf.plans().find(plan_id)
        assert found is not None
        return found.version


@pytest.fixture(scope="module")
def houses(stack: Stack) -> Iterator[tuple[House, House]]:
    settings = stack.settings.model_copy(update={"temporal_address": "127.0.0.1:9"})
    own = House(settings, settings.database_url.get_secret_value())
    every = House(settings, settings.database_reader_url.get_secret_value())
    yield own, every
    own.database.close()
    every.database.close()


@pytest.fixture
def shelf(houses: tuple[House, House], rig: Rig) -> Iterator[Shelf]:
    """As the application's role, which sees proposals of one organisation at most."""
    yield Shelf(houses[0])
    plans = SqlPlans(rig.database)
    for one in plans.newest():
        if one.content is not None:
            plans.activate(one.plan_id, "", None, "officer", "the test has ended")


@pytest.fixture
def console(houses: tuple[House, House], rig: Rig, stack: Stack, shelf: Shelf) -> Console:
    own, every = houses
    console = Console(own, every, rig.world.reference, shelf.shelf.plans, stack.settings, [])
    console.sign_in("crossclaim", Role.SUPPORT)
    return console


@pytest.fixture
async def browser(console: Console) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(await console.app(), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://desk") as client:
        yield client


def changed(plan_id: str, title: str = "Another") -> str:
    text = shipped_text(plan_id, demonstration=True)
    assert text is not None
    return text.replace("\n  en: ", f"\n  en: {title} ", 1)


async def page(browser: httpx.AsyncClient, path: str, language: str = "en") -> str:
    answer = await browser.get(f"{PREFIX}{path}", headers={"accept-language": language})
    assert answer.status_code == 200, answer.text
    return answer.text


async def send(browser: httpx.AsyncClient, path: str, **form: str) -> httpx.Response:
    return await browser.post(f"{PREFIX}/rules/proposals{path}", data={"csrf": "c"} | form)


async def propose(browser: httpx.AsyncClient, text: str, day: str = "") -> str:
    form = {"plan": text, "reason": "new tariff", "from": day}
    answer = await send(browser, "", **form)
    assert answer.status_code == 303, answer.text
    found = re.search(r"pp_[0-9A-Z]{26}", answer.headers["location"])
    assert found is not None
    return found.group()


async def said(browser: httpx.AsyncClient, proposal: str, word: str, why: str = "seen") -> str:
    answer = await send(browser, f"/{proposal}/{word}", text=why)
    assert answer.status_code == 303, answer.text
    return answer.headers["location"].partition("said=")[2]


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ("Guangdong", "HKD 8,000.00 a year", "Reviewed on", "assumption")),
        ("zh-Hant", ("廣東", "每年 HKD 8,000.00", "核對日期", "假設")),
        ("zh-Hans", ("广东", "每年 HKD 8,000.00", "核对日期", "假设")),
    ],
)
async def test_a_plan_is_read_on_a_day_in_every_language(
    browser: httpx.AsyncClient, language: str, words: tuple[str, ...]
) -> None:
    listed = await page(browser, "/rules", language)
    assert words[0] in listed
    assert all(plan.id in listed for plan in load_plans(demonstration=True).plans)
    shown = await page(browser, "/rules/plans/huimin-dongguan?on=2026-11-22", language)
    vhis = await page(browser, "/rules/plans/vhis-standard-hk?on=2026-11-22", language)
    assert words[2] in shown and words[3] in shown + vhis
    nothing = await page(browser, "/rules/plans/vhis-standard-hk?on=1990-01-01", language)
    assert nothing.count("<q ") == 0 < vhis.count('<q lang="zh-Hans">')
    note = {
        "en": "Credit too small for what is left pays nothing of it.",
        "zh-Hant": "信用額不足以支付餘額時,不支付任何部分。",
        "zh-Hans": "信用额不足以支付余额时,不支付任何部分。",
    }
    assert full_width(note[language]) in shown


async def test_a_day_or_a_version_that_is_none_and_a_plan_that_is_none(
    browser: httpx.AsyncClient,
) -> None:
    today = await page(browser, "/rules/plans/vhis-standard-hk?on=nonsense")
    assert f'value="{datetime.now(UTC) + timedelta(hours=8):%Y-%m-%d}"' in today
    for path in (
        "/rules/plans/none",
        "/rules/plans/vhis-standard-hk?version=none",
        "/rules/plans/vhis-standard-hk?version=none%00",
        "/rules/plans/vhis-standard-hk/differences?before=none",
        "/rules/proposals/none",
        f"/rules/proposals/pp_{'0' * 26}",
    ):
        assert (await browser.get(f"{PREFIX}{path}")).status_code == 404, path


async def test_every_fault_of_a_file_is_told_at_once_and_what_was_sent_stands_there(
    browser: httpx.AsyncClient, rig: Rig, shelf: Shelf
) -> None:
    runs, kept = shelf.version(SCALE), _counted(rig, "plan_proposal")
    broken = changed(SCALE).replace("jurisdiction: HK", "jurisdiction: MARS", 1)
    broken = broken.replace("last_reviewed: 20", "last_reviewed: x20", 1) + "\nstray: <b>1</b>\n"
    answer = await send(browser, "", plan=broken, **{"from": "2020-01-01"})
    assert answer.status_code == 422
    for place in ("jurisdiction", "last_reviewed", "stray"):
        assert f'<td class="code">{place}</td>' in answer.text
    assert "Write why it changes." in answer.text and "The day is past" in answer.text
    assert "stray: &lt;b&gt;1&lt;/b&gt;" in answer.text, "nothing typed is lost"
    assert _counted(rig, "plan_proposal") == kept
    assert shelf.version(SCALE) == runs
    same = await send(browser, "", plan=shipped_text(SCALE, demonstration=True) or "", reason="x")
    assert "says the same as the running file" in same.text
    fine = await send(browser, "", plan=changed(SCALE), reason="x", only_check="1")
    assert (fine.status_code, "The file has no fault." in fine.text) == (200, True)


async def test_a_file_is_uploaded_as_a_file_too(browser: httpx.AsyncClient) -> None:
    files = {"file": ("plan.yaml", b"id: none\n\xff: 1\n", "text/yaml")}
    answer = await browser.post(
        f"{PREFIX}/rules/proposals", data={"csrf": "c", "reason": "x"}, files=files
    )
    assert answer.status_code == 422 and "Nothing was kept" in answer.text


async def test_a_session_that_ended_loses_nothing_that_was_typed(
    browser: httpx.AsyncClient, console: Console
) -> None:
    console.now.clear()
    answer = await send(browser, "", plan="id: kept-here\n", reason="why it changes")
    assert answer.status_code == 403
    assert "id: kept-here" in answer.text and "why it changes" in answer.text


async def test_two_persons_put_a_plan_in_force_and_it_runs_at_once(
    browser: httpx.AsyncClient, console: Console, shelf: Shelf
) -> None:
    runs = shelf.version(SCALE)
    console.sign_in("crossclaim", Role.SUPPORT_SUPERVISOR, person="wong")
    proposal = await propose(browser, changed(SCALE))
    assert await said(browser, proposal, "confirm") == "plan_second_person"
    assert shelf.version(SCALE) == runs
    console.sign_in("crossclaim", Role.SUPPORT)
    assert (await send(browser, f"/{proposal}/confirm")).status_code == 403
    console.sign_in("crossclaim", Role.OPERATOR, person="chan")
    assert await said(browser, proposal, "confirm") == "plan_confirmed"
    assert await said(browser, proposal, "confirm") == "plan_confirmed_before"
    assert shelf.version(SCALE) != runs
    assert await said(browser, proposal, "take_back") == "plan_in_force_already"
    shown = await page(browser, f"/rules/proposals/{proposal}")
    assert "wong" in shown and "chan" in shown and "Another" in shown
    other = await page(
        browser, f"/rules/plans/{SCALE}/differences?before={runs}&after={shelf.version(SCALE)}"
    )
    assert "title" in other and "No value differs." in other


async def test_a_plan_for_later_is_taken_back_before_its_day_and_never_runs(
    browser: httpx.AsyncClient, console: Console, shelf: Shelf
) -> None:
    runs = shelf.version(SCALE)
    day = f"{datetime.now(UTC) + timedelta(days=3):%Y-%m-%d}"
    proposal = await propose(browser, changed(SCALE, "Later"), day)
    console.sign_in("crossclaim", Role.OPERATOR)
    assert await said(browser, proposal, "confirm") == "plan_confirmed"
    assert shelf.version(SCALE) == runs
    listed = await page(browser, "/rules")
    assert f"from {day} 00:00" in listed
    assert await said(browser, proposal, "take_back", "") == "text_missing"
    assert await said(browser, proposal, "take_back") == "plan_taken_back"
    assert f"from {day} 00:00" not in await page(browser, "/rules")
    assert await said(browser, proposal, "confirm") == "plan_over"
    refused = await propose(browser, changed(SCALE, "Refused"))
    console.sign_in("crossclaim", Role.OPERATOR)
    assert await said(browser, refused, "refuse") == "plan_refused"
    assert await said(browser, refused, "confirm") == "plan_over"
    assert shelf.version(SCALE) == runs


async def test_an_insurer_sees_and_proposes_its_own_plans_and_decides_none(
    browser: httpx.AsyncClient, console: Console, rig: Rig
) -> None:
    own = rig.world.reference.insurer(MUTUAL)
    assert own is not None and PLAN in own.plans
    console.sign_in(MUTUAL, Role.INSURER_EXAMINER)
    listed = await page(browser, "/rules")
    seen = set(re.findall(r"/console/rules/plans/([a-z0-9-]+)", listed))
    assert seen == {one for one in own.plans if one in {p.id for p in load_plans().plans} | seen}
    assert "voucher-ehcv-gba" not in seen
    assert (await browser.get(f"{PREFIX}/rules/plans/voucher-ehcv-gba")).status_code == 404
    foreign = await send(browser, "", plan=changed("voucher-ehcv-gba"), reason="more for us")
    assert "is no plan of your organisation" in foreign.text
    proposal = await propose(browser, changed(PLAN))
    assert (await send(browser, f"/{proposal}/confirm")).status_code == 403
    console.sign_in(HARBOUR, Role.INSURER_SUPERVISOR)
    assert (await browser.get(f"{PREFIX}/rules/proposals/{proposal}")).status_code == 404
    assert (await send(browser, f"/{proposal}/take_back", text="x")).status_code == 404
    console.sign_in(HOSPITAL, Role.SUPPORT)
    assert (await browser.get(f"{PREFIX}/rules")).status_code == 403
    console.sign_in("crossclaim", Role.OPERATOR)
    assert proposal in await page(browser, "/rules")
    assert await said(browser, proposal, "refuse") == "plan_refused"


def test_the_database_itself_keeps_the_rule_of_two_persons(stack: Stack, rig: Rig) -> None:
    url = stack.settings.database_url.get_secret_value()
    with psycopg.connect(url) as connection:
        connection.execute("select set_config('crossclaim.organisation', %s, false)", (MUTUAL,))
        connection.execute(
            "insert into plan_proposal (id, organisation_id, plan_id, version, content, follows,"
            " reason, proposed_by) values ('pp_x', %s, 'p', 'v', 'c', '', 'why', 'a')",
            (MUTUAL,),
        )
        connection.commit()
        word = "insert into plan_proposal_word (proposal_id, kind, organisation_id, person)"
        for organisation, kind, person in (
            (MUTUAL, "confirmed", "b"),
            ("crossclaim", "confirmed", "b"),
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(
                    f"{word} values ('pp_x', %s, %s, %s)", (kind, organisation, person)
                )
            connection.rollback()
            connection.execute("select set_config('crossclaim.organisation', %s, false)", (MUTUAL,))
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute(
                "insert into plan_activation (plan_id, version, content, activated_by, reason)"
                " values ('p', 'v', 'c', 'b', 'why')"
            )
    assert rig.database is not None


async def test_a_proposal_of_an_older_program_is_read_and_must_be_said_anew(
    browser: httpx.AsyncClient, console: Console, houses: tuple[House, House], shelf: Shelf
) -> None:
    """It waits since before a file had to say what an unstated counter means."""
    runs, text = shelf.version(SCALE), older(SCALE).replace("420000}", "430000}", 1)
    waiting = NewProposal(
        plan_id=SCALE, version="0" * 16, content=text, follows=runs, wanted_from=None, reason="more"
    )
    kept = SqlPlanProposals(houses[0].database).add("crossclaim", "somebody", waiting)
    console.sign_in("crossclaim", Role.OPERATOR, person="chan")
    assert "HKD 430,000.00 a year" in await page(browser, f"/rules/proposals/{kept}")
    assert await said(browser, kept, "confirm") == "plan_no_longer_fits"
    assert shelf.version(SCALE) == runs


async def test_a_back_test_splits_a_months_bills_twice_and_writes_nothing(
    browser: httpx.AsyncClient, console: Console, rig: Rig
) -> None:
    visit = rig.visit(policy_number())
    visit.accepted()
    text = (shipped_text(PLAN, demonstration=True) or "").replace(
        COPAY, COPAY.replace(" 20}", " 80}")
    )
    console.sign_in("crossclaim", Role.SUPPORT)
    proposal = await propose(browser, text)
    wrong = await send(browser, f"/{proposal}/backtests", month="2026-13")
    assert "plan_month_wrong" in wrong.headers["location"]
    await send(browser, f"/{proposal}/backtests", month="2026-04")
    (backtest,) = console.begun.ids
    assert "waits to begin" in await page(browser, f"/rules/proposals/{proposal}")
    before = _counted(rig, *WRITTEN)
    world = replace(rig.world, plan_backtests=SqlPlanBacktests(rig.database, _READ))
    compared = ActivityEnvironment().run(PlanBacktestSteps(world).backtest_plan, backtest)
    assert compared >= 1
    assert _counted(rig, *WRITTEN) == before
    again = ActivityEnvironment().run(PlanBacktestSteps(world).backtest_plan, backtest)
    assert again == 0, "a back-test that has ended is not begun anew"
    shown = await page(browser, f"/rules/proposals/{proposal}")
    assert f"of {compared} bills come out otherwise" in shown and "HKD 80.00 a visit" in shown
    table = await browser.get(f"{PREFIX}/rules/proposals/{proposal}/backtests/{backtest}.csv")
    assert table.status_code == 200 and "payer,hospital,month" in table.text
    moved: dict[str, Decimal] = defaultdict(Decimal)
    for row in csv.DictReader(io.StringIO(table.text.removeprefix("\ufeff"))):
        moved[row["payer"]] += Decimal(row["difference_cny"])
    assert moved[PLAN] < 0 < moved["patient"], "who pays the copay pays more of it"
    assert sum(moved.values()) == 0, "what one pays less another pays more"
    other = await browser.get(f"{PREFIX}/rules/proposals/{proposal}/backtests/bt_none.csv")
    assert other.status_code == 404


def _counted(rig: Rig, *tables: str) -> list[int]:
    with rig.database.begin() as connection:
        return [connection.execute(f"select count(*) from {t}").scalar_one() for t in tables]
