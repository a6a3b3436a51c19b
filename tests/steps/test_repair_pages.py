"""The repair pages on PostgreSQL: the effect first, then the order, then what came of it."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, replace
from typing import Any, cast

import httpx
import pytest
from starlette.applications import Starlette
from starlette.routing import Mount

from activities.bill_look import BillLookSteps
from activities.orders import Apply, Receipt
from activities.submissions import SubmissionSteps
from crossclaim.app import api_services
from crossclaim.console.application import PREFIX, build_console
from crossclaim.console.repair_acts import ACTS
from crossclaim.domain.allocation import Fault
from crossclaim.domain.bill_look import BillLook, BillLooked
from crossclaim.domain.errors import NotFound, Refused
from crossclaim.domain.party import PaymentState
from crossclaim.domain.records import EpisodeRows
from crossclaim.domain.submission import SubmissionKind
from crossclaim.engine import EpisodeEngine
from crossclaim.security.roles import Principal, Role
from crossclaim.service.bill_corrections import BillCorrections
from crossclaim.service.console import console_services
from crossclaim.service.intake import EngineIntake
from crossclaim.service.platform_staff import PlatformStaff
from crossclaim.service.repair_desk import RepairDesk
from crossclaim.stack import Stack
from crossclaim.wiring import House
from tests.steps.bill_cycle import Cycle
from tests.steps.console_visitor import SignedIn
from tests.steps.repairing import LATER, STAFF, Repairer, hold
from tests.steps.rig import HOSPITAL, Rig, policy_number
from tests.steps.test_bill_cycle import settled
from tests.steps.test_money_walks import walk

_LANGUAGES = {"en": "Repair", "zh-Hant": "修復", "zh-Hans": "修复"}
_FIELD = re.compile(r'<input type="hidden" name="([a-z]+)" value="([^"]*)">')


class Desk(SignedIn):
    """The console over the folder's database with the engine down: what applies the orders here is
    the step itself."""

    def __init__(self, rig: Rig) -> None:
        super().__init__()
        self.rig = rig
        self.app = Starlette()

    async def say(
        self, principal: Principal, kind: SubmissionKind, episode_id: str, word: dict[str, Any]
    ) -> int:
        desk = Repairer(self.rig, episode_id, principal.organisation, principal.key_id)
        answer = desk.say(kind, word)
        if answer.status == 422:
            raise Refused("refused", [Fault.model_validate(f) for f in answer.body["errors"]])
        return answer.status


@dataclass(frozen=True)
class StepsHere:
    """The engine's part in bills, done by its steps at once."""

    desk: Desk

    async def look_at_bill(self, order: BillLook, wait_s: float) -> BillLooked:
        return BillLookSteps(self.desk.rig.world).look_at_bill(order)

    async def submit(
        self, episode_id: str, submission_id: str, kind: str, wait_s: float
    ) -> Receipt:
        order = Apply(episode_id=episode_id, submission_id=submission_id, at=LATER)
        return SubmissionSteps(self.desk.rig.world).apply_submission(order).receipt


@pytest.fixture(scope="module")
def house(stack: Stack) -> Iterator[tuple[House, House]]:
    settings = stack.settings.model_copy(update={"temporal_address": "127.0.0.1:9"})
    own = House(settings, settings.database_url.get_secret_value())
    every = House(settings, settings.database_reader_url.get_secret_value())
    yield own, every
    own.database.close()
    every.database.close()


@pytest.fixture
async def desk(rig: Rig, house: tuple[House, House]) -> Desk:
    own, every = house
    client = await own.client(lazy=True)
    api = api_services(own.settings, own, client, every)
    desk = Desk(rig)
    services = console_services(own, every, client, api, desk)
    repairs = services.repairs
    assert repairs is not None
    repairs.say = desk.say  # type: ignore[method-assign]
    here = StepsHere(desk)
    api = replace(api, intake=EngineIntake(rig.intake, cast(EpisodeEngine, here), 5.0))
    corrections = BillCorrections(
        PlatformStaff(own.database, every.database), own.keyring, cast(EpisodeEngine, here), api
    )
    services = replace(services, corrections=corrections)
    desk.app = Starlette(routes=[Mount(PREFIX, build_console(services))])
    desk.sign_in(STAFF, Role.SUPPORT_SUPERVISOR)
    return desk


@pytest.fixture
async def browser(desk: Desk) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(desk.app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://desk") as client:
        yield client


@pytest.fixture
def visited(rig: Rig) -> str:
    visit = rig.visit(policy_number())
    visit.accepted()
    return visit.episode


async def seen(browser: httpx.AsyncClient, path: str, language: str = "en") -> str:
    answer = await browser.get(f"{PREFIX}{path}", headers={"accept-language": language})
    assert answer.status_code == 200, answer.text
    return answer.text


async def sent(
    browser: httpx.AsyncClient, episode: str, act: str, page: str, **typed: str
) -> httpx.Response:
    fields = dict(_FIELD.findall(page)) | typed
    return await browser.post(f"{PREFIX}/episodes/{episode}/repair/{act}", data=fields)


@pytest.mark.parametrize("language", _LANGUAGES)
async def test_every_repair_shows_its_effect_in_every_language(
    browser: httpx.AsyncClient, visited: str, language: str
) -> None:
    page = await seen(browser, f"/episodes/{visited}/repair", language)
    assert _LANGUAGES[language] in page and f'lang="{language}"' in page
    for act in ACTS.keys() - {"account"}:
        page = await seen(browser, f"/episodes/{visited}/repair/{act}", language)
        assert f'lang="{language}"' in page


async def test_a_hold_is_ordered_with_its_reason_and_told_with_who_and_why(
    browser: httpx.AsyncClient, rig: Rig, visited: str
) -> None:
    page = await seen(browser, f"/episodes/{visited}/repair/hold")
    missing = await sent(browser, visited, "hold", page, reason="dispute", text=" ")
    assert missing.status_code == 422 and "Nothing was done" in missing.text
    assert 'value="dispute" selected' in missing.text, "nothing typed is lost"
    done = await sent(browser, visited, "hold", page, reason="dispute", text="Wait for <b>her</b>")
    assert done.status_code == 303, done.text
    told = (await browser.get(done.headers["location"])).text
    assert "The episode is held." in told and "Wait for &lt;b&gt;her&lt;/b&gt;" in told
    assert "a dispute" in told and "Release the episode" in told
    assert rig.rows(visited).hold is not None


async def test_a_second_tab_is_told_who_acted_first_and_loses_nothing_typed(
    browser: httpx.AsyncClient, rig: Rig, visited: str
) -> None:
    page = await seen(browser, f"/episodes/{visited}/repair/hold")
    Repairer(rig, visited).holds()
    late = await sent(browser, visited, "hold", page, reason="check", text="My own words")
    assert late.status_code == 422
    assert "is held already" in late.text and "What happened meanwhile" in late.text
    assert "holds the episode (something is checked)" in late.text


async def test_a_cancellation_does_what_its_page_has_shown_and_asks_anew_when_it_moved_on(
    browser: httpx.AsyncClient, rig: Rig
) -> None:
    stay: Cycle = settled(rig)
    episode = stay.episode
    page = await seen(browser, f"/episodes/{episode}/repair/cancel")
    assert "CNY 27,450.00" in page or "27450.00" in page
    assert "is out already" in page
    stale = page.replace('name="effect" value="', 'name="effect" value="0')
    moved = await sent(browser, episode, "cancel", stale, reason="duplicate", text="Twice.")
    assert moved.status_code == 422 and "has moved on" in moved.text
    assert not rig.rows(episode).cancelled
    done = await sent(browser, episode, "cancel", moved.text, reason="duplicate", text="Twice.")
    assert done.status_code == 303, done.text
    assert rig.rows(episode).cancelled
    told = (await browser.get(done.headers["location"])).text
    assert "This episode is cancelled" in told and "a duplicate" in told


async def test_a_hospital_repairs_its_own_and_another_finds_nothing(
    browser: httpx.AsyncClient, desk: Desk, visited: str
) -> None:
    desk.sign_in(HOSPITAL, Role.HOSPITAL_BILLING)
    page = await seen(browser, f"/episodes/{visited}/repair")
    assert "Hold the episode" in page and "Cancel the episode" in page
    assert "Begin the run anew" not in page and "Leave out a step" not in page
    desk.sign_in("jiangmen-central", Role.HOSPITAL_BILLING)
    assert (await browser.get(f"{PREFIX}/episodes/{visited}/repair")).status_code == 404
    desk.sign_in(STAFF, Role.AUDITOR)
    assert (await browser.get(f"{PREFIX}/episodes/{visited}/repair")).status_code == 403


async def test_with_the_engine_down_a_reset_says_so_and_its_reason_is_kept(
    browser: httpx.AsyncClient, rig: Rig, visited: str
) -> None:
    page = await seen(browser, f"/episodes/{visited}/repair/reset")
    down = await sent(browser, visited, "reset", page, text="It hangs.")
    assert down.status_code == 503
    assert "had the run begun anew" in rig.story(visited, LATER)


async def test_another_sites_form_and_an_unknown_act_do_nothing(
    browser: httpx.AsyncClient, rig: Rig, visited: str
) -> None:
    body = hold() | {"csrf": "wrong", "text": "x"}
    answer = await browser.post(f"{PREFIX}/episodes/{visited}/repair/hold", data=body)
    assert answer.status_code == 403
    assert rig.rows(visited).hold is None
    unknown = await browser.get(f"{PREFIX}/episodes/{visited}/repair/pay-twice")
    assert unknown.status_code == 404


async def test_staff_of_the_platform_hold_any_episode_and_another_hospital_none(
    rig: Rig, house: tuple[House, House], visited: str
) -> None:
    own, every = house
    client = await own.client(lazy=True)
    staff = PlatformStaff(own.database, every.database)
    reads = RepairDesk(own.database, staff, own.keyring, EpisodeEngine(client))
    Repairer(rig, visited, STAFF).holds()
    person = Principal(organisation=STAFF, role=Role.SUPPORT, key_id="k")
    state = reads.state_told(person, visited)
    assert state.hold is not None and "Chan Siu Ming" in state.hold.note
    with pytest.raises(NotFound):
        Repairer(rig, visited, "jiangmen-central").holds()


async def test_a_hospital_gives_another_account_for_a_payout_that_came_back(
    browser: httpx.AsyncClient, desk: Desk, rig: Rig
) -> None:
    one = walk(rig, 0)
    one.decide()
    one.stay.reserve()
    first = one._payouts("reserved")[0]
    one.order(first)
    one.says(first, PaymentState.REJECTED, "AC01")
    desk.sign_in(HOSPITAL, Role.HOSPITAL_BILLING)
    episode = one.stay.episode
    page = await seen(browser, f"/episodes/{episode}/repair")
    assert "Give another account" in page
    page = await seen(browser, f"/episodes/{episode}/repair/account")
    assert first.reference in page and "wrong account number" in page
    typed = {
        "payout": first.reference,
        "holder": "HKU-SZH",
        "account": "6205 5000 0000 0009",
        "bank_name": "Bank of China Shenzhen",
        "bank_code": "402000000027",
        "signed": "2026-04-15T10:00",
    }
    done = await sent(browser, episode, "account", page, **typed)
    assert done.status_code == 303, done.text
    assert "PAYEE_ACCOUNT_PROPOSED" in rig.exceptions(episode)
    gone = typed | {"payout": "PO-NONE", "number": "C-2"}
    refused = await sent(browser, episode, "account", page, **gone)
    assert refused.status_code == 422 and "6205 5000 0000 0009" in refused.text


def _correction(stay: Cycle, code: str, price: str) -> dict[str, str]:
    """Line 4 as somebody types it over."""
    line = stay.bill["lines"][3]
    typed = {name: str(line[name]) for name in ("category", "description", "service_date")}
    typed |= {"code": code, "quantity": "1", "unit_price": price}
    members = {f"line-4-{name}": value for name, value in typed.items()}
    return {"chosen": "4", "text": "The code was of another item.", **members}


async def test_a_code_is_corrected_as_its_page_has_shown_and_is_paid_once(
    browser: httpx.AsyncClient, desk: Desk, rig: Rig
) -> None:
    stay = settled(rig)
    desk.rig = stay.rig
    desk.sign_in(HOSPITAL, Role.HOSPITAL_BILLING)
    at = f"/episodes/{stay.episode}/repair/correct"
    assert "Correct a bill" in await seen(browser, f"/episodes/{stay.episode}/repair")
    form = await seen(browser, f"{at}?line=4")
    assert "Diagnoses and department stand" in form and "repair/cancel" in form
    before = rig.rows(stay.episode)
    typed = _correction(stay, "MISC-0009", "1000.00")
    shown = await sent(browser, stay.episode, "correct", form, word="look", **typed)
    assert shown.status_code == 200, shown.text
    assert "MISC-0009" in shown.text and "Nothing has been sent yet" in shown.text
    assert "CNY -7,400.00" in shown.text, "what changes is shown with its sign"
    assert rig.rows(stay.episode) == before, "a look leaves nothing behind"

    other = await sent(
        browser,
        stay.episode,
        "correct",
        shown.text,
        word="correct",
        **_correction(stay, "X", "2.00"),
    )
    assert other.status_code == 422 and "Look at it again" in other.text, "never unseen"
    assert 'value="2.00"' in other.text, "nothing typed is lost"
    done = await sent(browser, stay.episode, "correct", shown.text, word="correct", **typed)
    assert done.status_code == 303, done.text
    told = (await browser.get(done.headers["location"])).text
    assert "The bill is corrected" in told and "MISC-0009" in told
    page = await seen(browser, f"/episodes/{stay.episode}")
    answer = page[page.index('id="why-unpaid"') :].partition("</section>")[0]
    assert "Harbour Life" not in answer, "what was paid for the version before is not owed again"
    again = await sent(browser, stay.episode, "correct", shown.text, word="correct", **typed)
    assert again.status_code == 422 and "Somebody has done this first" in again.text
    stay.confirmed()
    assert stay.reserve() == before_paid(before), "what was paid stays paid, nothing goes out anew"


def before_paid(rows: EpisodeRows) -> dict[str, int]:
    return {p.debtor_organisation_id: p.amount_minor for p in rows.payouts}


async def test_staff_look_at_a_correction_and_its_hospital_alone_sends_it(
    browser: httpx.AsyncClient, desk: Desk, rig: Rig
) -> None:
    stay = settled(rig)
    desk.rig = stay.rig
    form = await seen(browser, f"/episodes/{stay.episode}/repair/correct?line=4&add=1", "zh-Hant")
    assert "更正帳單" in form
    typed = _correction(stay, "MISC-0009", "1000.00")
    shown = await sent(browser, stay.episode, "correct", form, word="look", **typed)
    assert shown.status_code == 200 and "hospital&#39;s word" in shown.text, shown.text
    sent_by_staff = await sent(
        browser, stay.episode, "correct", shown.text, word="correct", **typed
    )
    assert sent_by_staff.status_code == 403
    wrong = typed | {"line-4-unit_price": "ten", "line-4-quantity": "0"}
    refused = await sent(browser, stay.episode, "correct", form, word="look", **wrong)
    assert refused.status_code == 422 and 'value="ten"' in refused.text
    assert "/lines/3/unit_price" in refused.text
