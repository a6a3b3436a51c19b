"""The console's pages on PostgreSQL, as staff and parties see them; the engine is down here."""

from __future__ import annotations

import csv
import io
from collections.abc import AsyncIterator, Iterator

import httpx
import pytest
from starlette.applications import Starlette
from starlette.routing import Mount

from crossclaim.console.application import PREFIX, build_console
from crossclaim.console.services import ConsoleServices, EpisodeSearch
from crossclaim.domain.errors import Unavailable
from crossclaim.domain.figures import Indicator
from crossclaim.domain.reference import Reference
from crossclaim.engine import EpisodeEngine
from crossclaim.security.roles import Role
from crossclaim.service.console_desk import ConsoleDesk
from crossclaim.service.story import teller_of
from crossclaim.stack import Stack
from crossclaim.wiring import House
from tests.flows.hospital import cny, example
from tests.steps.console_visitor import SignedIn
from tests.steps.rig import HARBOUR, HOSPITAL, MUTUAL, Rig, Visit, insured_by, policy_number

_SUPPORT = ("crossclaim", Role.SUPPORT)
_LANGUAGES = {"en": "Episodes", "zh-Hant": "個案", "zh-Hans": "个案"}


class Desk(SignedIn):
    """The console over the folder's database, and who has signed in there."""

    def __init__(self, desk: ConsoleDesk, reference: Reference) -> None:
        super().__init__()
        self.desk = desk
        services = ConsoleServices(desk=desk, visitors=self, reference=reference)
        self.app = Starlette(routes=[Mount(PREFIX, build_console(services))])


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
    reads = ConsoleDesk(
        own.database,
        every.database,
        own.keyring,
        teller_of(own, client),
        teller_of(every, client),
        EpisodeEngine(client),
    )
    desk = Desk(reads, rig.world.reference)
    desk.sign_in(*_SUPPORT)
    return desk


@pytest.fixture
async def browser(desk: Desk) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(desk.app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://desk") as client:
        yield client


@pytest.fixture
def visited(rig: Rig) -> str:
    """An episode with a bill that vouchers, an insurer and the patient share."""
    visit = rig.visit(policy_number())
    visit.accepted()
    return visit.episode


async def _page(browser: httpx.AsyncClient, path: str, language: str = "en") -> str:
    answer = await browser.get(f"{PREFIX}{path}", headers={"accept-language": language})
    assert answer.status_code == 200, answer.text
    return answer.text


async def _find(browser: httpx.AsyncClient, text: str) -> httpx.Response:
    return await browser.post(f"{PREFIX}/episodes", data={"text": text})


@pytest.mark.parametrize("language", _LANGUAGES)
async def test_every_page_is_there_in_every_language(
    browser: httpx.AsyncClient, visited: str, language: str
) -> None:
    for path in (
        "/episodes",
        "/exceptions",
        f"/episodes/{visited}",
        f"/episodes/{visited}/history",
    ):
        page = await _page(browser, path, language)
        assert f'lang="{language}"' in page
        assert _LANGUAGES[language] in page


async def test_an_episodes_page_shows_each_funders_part_to_the_fen_and_why(
    browser: httpx.AsyncClient, rig: Rig, visited: str
) -> None:
    page = await _page(browser, f"/episodes/{visited}")
    split = rig.splits(visited)[-1]
    assert len(split.totals) == 3
    for total in split.totals:
        assert str(total.amount) in page
    for step in split.trace:
        assert step.rule in page


async def test_the_history_tells_every_line_and_says_what_the_engine_cannot_tell_now(
    browser: httpx.AsyncClient, desk: Desk, visited: str
) -> None:
    told = await desk.desk.told(desk.now[-1].principal, visited, "en")
    page = await _page(browser, f"/episodes/{visited}/history")
    assert len(told.story.lines) > 5
    assert page.count("<time datetime") >= len(told.story.lines)
    assert "the workflow engine does not answer" in page.lower()


async def test_the_history_as_of_a_line_shows_nothing_that_came_later(
    browser: httpx.AsyncClient, visited: str
) -> None:
    page = await _page(browser, f"/episodes/{visited}/history?upto=2")
    assert page.count('<li value="') == 2
    whole = await _page(browser, f"/episodes/{visited}/history?upto=nonsense")
    assert whole.count("<li") > 2


@pytest.mark.parametrize("role", [Role.HOSPITAL_BILLING, Role.SUPPORT])
async def test_a_hospital_sees_its_own_and_support_every_episode(
    browser: httpx.AsyncClient, desk: Desk, visited: str, role: Role
) -> None:
    desk.sign_in(HOSPITAL, role)
    assert visited in await _page(browser, "/episodes")
    desk.sign_in("crossclaim" if role is Role.SUPPORT else "jiangmen-central", role)
    listed = await _page(browser, "/episodes")
    answer = await browser.get(f"{PREFIX}/episodes/{visited}")
    sees = role is Role.SUPPORT
    assert (visited in listed, answer.status_code) == (sees, 200 if sees else 404)
    found = await _find(browser, visited)
    assert (found.status_code == 303) is sees


async def test_an_insurer_sees_of_an_episode_what_concerns_it_alone(
    browser: httpx.AsyncClient, desk: Desk, rig: Rig
) -> None:
    policies = [insured_by(MUTUAL, policy_number()), insured_by(HARBOUR, policy_number())]
    episode = rig.open([{"funder": "voucher"}, *policies])
    desk.sign_in(MUTUAL, Role.INSURER_EXAMINER)
    page = await _page(browser, f"/episodes/{episode}")
    assert "Kowloon Mutual" in page
    assert "Harbour Life" not in page.split("<main", 1)[1]


async def test_an_operator_reads_why_an_episode_waits_and_no_money(
    browser: httpx.AsyncClient, desk: Desk, visited: str
) -> None:
    desk.sign_in("crossclaim", Role.OPERATOR)
    assert (await browser.get(f"{PREFIX}/episodes/{visited}")).status_code == 403
    assert (await browser.get(f"{PREFIX}/episodes/{visited}/history")).status_code == 200


async def test_a_stranger_is_sent_to_sign_in_and_nothing_is_read(
    browser: httpx.AsyncClient, desk: Desk, visited: str
) -> None:
    desk.now.clear()
    for path in ("/episodes", "/exceptions", f"/episodes/{visited}", f"/episodes/{visited}/live"):
        answer = await browser.get(f"{PREFIX}{path}")
        assert (answer.status_code, answer.headers["location"]) == (
            303,
            f"/sign-in?back={PREFIX}{path}",
        )
        assert visited not in answer.text


@pytest.mark.parametrize("typed", ["A123456(3)", "a1234563", "Ａ１２３４５６（３）"])
async def test_a_document_number_is_found_however_written_and_never_stands_in_an_address(
    browser: httpx.AsyncClient, rig: Rig, typed: str
) -> None:
    episode = rig.open([{"funder": "voucher"}])
    answer = await _find(browser, typed)
    assert answer.status_code in (200, 303)
    assert episode in (answer.headers.get("location", "") + answer.text)
    for value in (typed, "A1234563", "A123456"):
        assert value not in answer.headers.get("location", "")
        assert value not in str(answer.url)


async def test_a_name_finds_its_episodes_in_either_script_and_half_a_name_too(
    browser: httpx.AsyncClient, rig: Rig
) -> None:
    episode = rig.open([{"funder": "voucher"}])
    patient = example("episode-2-voucher")["patient"]["name"]
    words = [*patient["en"].split(), patient["zh"]] if isinstance(patient, dict) else [patient]
    for word in words:
        answer = await _find(browser, word)
        assert episode in answer.text + answer.headers.get("location", ""), word
    nobody = await _find(browser, "Nobody Whatsoever")
    assert episode not in nobody.text


async def test_a_visit_or_bill_or_claim_number_leads_straight_to_its_episode(
    browser: httpx.AsyncClient, rig: Rig, visited: str
) -> None:
    rows = rig.rows(visited)
    for number in (visited, rows.bills[0].number, rows.bills[0].id):
        answer = await _find(browser, f"  {number} ")
        assert answer.status_code == 303
        assert answer.headers["location"] == f"{PREFIX}/episodes/{visited}"


async def test_a_script_in_the_box_is_shown_and_never_run(browser: httpx.AsyncClient) -> None:
    typed = "<script>alert(1)</script>\"' onfocus=x"
    answer = await _find(browser, typed)
    assert answer.status_code == 200
    assert "<script>alert" not in answer.text
    assert "&lt;script&gt;alert(1)" in answer.text


@pytest.mark.parametrize(
    "query",
    ["state=nonsense", "reason=NOT_A_CODE", "after=ep_%00", "hospital=%00", "after=x", "state="],
)
async def test_a_filter_that_does_not_exist_narrows_nothing(
    browser: httpx.AsyncClient, visited: str, query: str
) -> None:
    assert visited in await _page(browser, f"/episodes?{query}")


async def test_filters_take_many_values_and_an_unknown_hospital_finds_nothing(
    browser: httpx.AsyncClient, visited: str
) -> None:
    both = f"/episodes?hospital={HOSPITAL}&hospital=jiangmen-central&state=open"
    assert visited in await _page(browser, both)
    assert visited not in await _page(browser, "/episodes?hospital=nowhere")
    assert visited not in await _page(browser, "/episodes?state=closed")


async def test_all_matches_are_exported_and_not_one_page(
    browser: httpx.AsyncClient, desk: Desk, rig: Rig, visited: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(3):
        rig.open([{"funder": "voucher"}])
    monkeypatch.setattr("crossclaim.service.console_desk._PAGE", 2)
    asked = {"hospital": HOSPITAL, "columns": "codes"}
    answer = await browser.post(f"{PREFIX}/episodes.csv", data=asked)
    rows = list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    with rig.database.begin() as connection:
        every = connection.execute(
            "select id from episode where hospital_id = %(h)s and not exists"
            " (select 1 from storage_only s where s.scope = id) order by id desc",
            {"h": HOSPITAL},
        ).scalars()
    assert [row["id"] for row in rows] == every
    assert len(rows) > 3
    mine = next(row for row in rows if row["id"] == visited)
    assert mine["billed_cny"] == cny("900.00")["amount"]
    read = await browser.post(
        f"{PREFIX}/episodes.csv",
        data={"hospital": HOSPITAL},
        headers={"accept-language": "zh-Hant"},
    )
    people = list(csv.DictReader(io.StringIO(read.text.removeprefix("\ufeff"))))
    told = next(row for row in people if row["個案"] == visited)
    assert (told["醫院"], told["類別"]) == ("香港大學深圳醫院", "門診")


async def test_an_open_exception_is_one_row_with_what_to_do_and_leads_to_its_episode(
    browser: httpx.AsyncClient, rig: Rig, visited: str
) -> None:
    rig.change(
        "insert into exception_item (episode_id, code, opened_at)"
        " values (%(id)s, 'BILL_FLAGGED', now())",
        id=visited,
    )
    page = await _page(browser, "/exceptions")
    assert "BILL_FLAGGED" in page
    assert "charges of the final bill want a person" in page
    assert visited in await _page(browser, "/episodes?reason=BILL_FLAGGED")


async def test_every_look_is_audited_and_without_its_record_nothing_is_shown(
    browser: httpx.AsyncClient, desk: Desk, rig: Rig, visited: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    await _page(browser, f"/episodes/{visited}")
    with rig.database.begin() as connection:
        looks = connection.execute(
            "select operation, object, outcome from audit where key_id = %(key)s",
            {"key": desk.now[-1].principal.key_id},
        ).mappings()
    assert looks == [{"operation": "read_episode", "object": visited, "outcome": "200"}]

    async def lost(*_: object) -> None:
        raise Unavailable("the database does not answer")

    monkeypatch.setattr(desk.desk, "looked", lost)
    answer = await browser.get(f"{PREFIX}/episodes/{visited}")
    assert answer.status_code == 503
    assert visited not in answer.text


async def test_pages_that_fail_say_so_in_the_readers_language_and_carry_the_safety_headers(
    browser: httpx.AsyncClient,
) -> None:
    for path, status in (("/nowhere", 404), ("/episodes/ep_NOBODY", 404), ("/episodes/x'y", 404)):
        answer = await browser.get(f"{PREFIX}{path}", headers={"accept-language": "zh-HK"})
        assert answer.status_code == status
        assert "無法顯示此頁" in answer.text
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert answer.headers["cache-control"] == "no-store"


async def test_a_chosen_language_and_theme_stay_and_a_foreign_one_is_not_kept(
    browser: httpx.AsyncClient,
) -> None:
    answer = await browser.get(f"{PREFIX}/episodes?language=zh-Hans&theme=dark&state=open")
    assert answer.status_code == 303
    assert answer.headers["location"] == f"{PREFIX}/episodes?state=open"
    page = await _page(browser, "/episodes")
    assert '<html lang="zh-Hans" data-theme="dark">' in page
    await browser.get(f"{PREFIX}/episodes?language=xx&theme=%22")
    assert '<html lang="zh-Hans" data-theme="dark">' in await _page(browser, "/episodes")


async def _note(browser: httpx.AsyncClient, episode: str, **headers: str) -> httpx.Response:
    form = {"csrf": headers.pop("csrf", "c"), "text": headers.pop("text", "Called; 張先生 <b>")}
    path = f"{PREFIX}/episodes/{episode}/{headers.pop('what', 'notes')}"
    return await browser.post(path, data=form, headers=headers)


async def test_a_note_of_staff_is_sealed_told_of_in_the_story_and_shown_to_staff_alone(
    browser: httpx.AsyncClient, desk: Desk, rig: Rig, visited: str
) -> None:
    assert (await _note(browser, visited)).status_code == 303
    page = await _page(browser, f"/episodes/{visited}")
    assert "Called; 張先生 &lt;b&gt;" in page
    assert "wrote a note" in await _page(browser, f"/episodes/{visited}/history")
    with rig.database.begin() as connection:
        sealed = connection.execute(
            "select sealed from staff_note where episode_id = %(id)s", {"id": visited}
        ).scalars()
    assert len(sealed) == 1
    assert "張先生".encode() not in bytes(sealed[0])
    desk.sign_in(HOSPITAL, Role.HOSPITAL_BILLING)
    for path in (f"/episodes/{visited}", f"/episodes/{visited}/history"):
        page = await _page(browser, path)
        assert "張先生" not in page
        assert "wrote a note" not in page


@pytest.mark.parametrize(
    "forged",
    [
        {"csrf": "guessed"},
        {"csrf": ""},
        {"origin": "https://elsewhere.example"},
        {"origin": "null"},
        {"origin": "null", "sec-fetch-site": "none"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
    ],
)
async def test_a_form_that_another_site_sent_does_nothing_and_loses_nothing_typed(
    browser: httpx.AsyncClient, rig: Rig, visited: str, forged: dict[str, str]
) -> None:
    answer = await _note(browser, visited, **forged)
    assert answer.status_code == 403
    assert "Called; 張先生 &lt;b&gt;" in answer.text
    with rig.database.begin() as connection:
        written = connection.execute(
            "select 1 from staff_note where episode_id = %(id)s", {"id": visited}
        ).scalars()
    assert written == []


async def test_a_session_that_ended_in_a_form_loses_nothing_that_was_typed(
    browser: httpx.AsyncClient, desk: Desk, visited: str
) -> None:
    desk.now.clear()
    answer = await _note(browser, visited, text="half a page of findings")
    assert answer.status_code == 403
    assert "half a page of findings" in answer.text
    assert "/sign-in" in answer.text


@pytest.mark.parametrize("role", [r for r in Role if "support" not in r.value])
@pytest.mark.parametrize("what", ["notes", "try-again"])
async def test_only_support_writes_notes_and_has_steps_tried_again(
    browser: httpx.AsyncClient, desk: Desk, visited: str, role: Role, what: str
) -> None:
    desk.sign_in(HOSPITAL, role)
    assert (await _note(browser, visited, what=what)).status_code == 403


async def test_with_the_engine_down_a_step_is_not_tried_again_and_the_page_says_so(
    browser: httpx.AsyncClient, visited: str
) -> None:
    answer = await _note(browser, visited, what="try-again", text="the insurer is back")
    assert answer.status_code == 503
    assert "Nothing was changed" not in answer.text or "try again" in answer.text
    empty = await _note(browser, visited, what="try-again", text="  ")
    assert "said=text_missing" in empty.headers["location"]


@pytest.mark.parametrize("path", ["/finance", "/figures"])
@pytest.mark.parametrize("language", _LANGUAGES)
async def test_finance_and_figures_are_there_in_every_language_and_for_who_may_see_them(
    browser: httpx.AsyncClient, desk: Desk, visited: str, path: str, language: str
) -> None:
    assert f'lang="{language}"' in await _page(browser, path, language)
    desk.sign_in("crossclaim", Role.OPERATOR)
    answer = await browser.get(f"{PREFIX}{path}")
    assert answer.status_code == (403 if path == "/finance" else 200)


async def test_an_automatic_decision_is_counted_in_its_month_and_opens_into_its_episode(
    browser: httpx.AsyncClient, rig: Rig
) -> None:
    visit = rig.visit(policy_number())
    visit.accepted()
    visit.claim_vouchers()
    visit.decide()
    visit.decide()
    claim = visit.claim("direct")
    assert claim.decided_by == "rules", claim
    month = f"{claim.decided_at:%Y-%m}" if claim.decided_at else ""
    assert month in await _page(browser, "/figures")
    query = f"/episodes?figure=automatic_decisions&month={month}&part="
    assert visit.episode in await _page(browser, f"{query}good")
    assert visit.episode not in await _page(browser, f"{query}rest")
    assert visit.episode not in await _page(browser, query.replace(month, "2019-01") + "good")


async def test_an_insurer_counts_its_own_claims_alone(
    browser: httpx.AsyncClient, desk: Desk, rig: Rig
) -> None:
    visit = rig.visit(policy_number())
    visit.accepted()
    desk.sign_in(MUTUAL, Role.INSURER_EXAMINER)
    own = await desk.desk.figures(desk.now[-1].principal, [], [])
    desk.sign_in(HARBOUR, Role.INSURER_EXAMINER)
    asked = [desk.desk.figures(desk.now[-1].principal, narrowed, []) for narrowed in ([], [MUTUAL])]
    assert await asked[0] == await asked[1], "to ask for another's tells one's own"
    with rig.database.begin() as connection:
        claims = connection.execute(
            "select count(*) from claim where organisation_id = %(o)s and kind in"
            " ('direct', 'reimbursement') and state not in ('due', 'voided')",
            {"o": MUTUAL},
        ).scalars()
    asked = [f.all for f in own if f.indicator is Indicator.DIRECT_BILLING]
    assert sum(asked) == claims[0]


async def test_of_a_shared_episode_an_insurer_is_told_nothing_of_the_other_in_any_page(
    browser: httpx.AsyncClient, desk: Desk, rig: Rig
) -> None:
    policies = [insured_by(MUTUAL, policy_number()), insured_by(HARBOUR, policy_number())]
    visit = Visit(rig, rig.open([{"funder": "voucher"}, *policies]))
    (other,) = [g for g in rig.rows(visit.episode).guarantees if g.insurer_id == HARBOUR]
    rig.change(
        "insert into exception_item (episode_id, code, reference, opened_at)"
        " values (%(id)s, 'GUARANTEE_REFUSED', %(reference)s, now())",
        id=visit.episode,
        reference=other.reference,
    )
    words = "there is no letter of guarantee"
    assert words in await _page(browser, "/exceptions")
    desk.sign_in(HARBOUR, Role.INSURER_EXAMINER)
    assert words in await _page(browser, "/exceptions")
    desk.sign_in(MUTUAL, Role.INSURER_EXAMINER)
    for path in (
        "/exceptions",
        "/finance",
        "/figures",
        f"/episodes/{visit.episode}",
        f"/episodes/{visit.episode}/history",
    ):
        page = (await _page(browser, path)).split("<main", 1)[1]
        page = page if path != "/figures" else page.split('class="figures"', 1)[1]
        assert words not in page, path
        assert "Harbour" not in page, path
    listed = await _page(browser, "/episodes?reason=GUARANTEE_REFUSED")
    assert visit.episode not in listed


async def test_in_a_list_an_insurer_is_told_neither_what_another_paid_nor_what_it_has_open(
    desk: Desk, rig: Rig
) -> None:
    visit = rig.visit(policy_number())
    visit.accepted()
    rig.change(
        "insert into episode_party (episode_id, organisation_id, role)"
        " values (%(id)s, %(insurer)s, 'insurer')",
        id=visit.episode,
        insurer=HARBOUR,
    )
    claim = next(c for c in rig.rows(visit.episode).claims if c.organisation_id == MUTUAL)
    rig.change(
        "insert into payout_intent (reference, episode_id, claim_id, payee, payee_sealed,"
        " payee_account_sha256, debtor_organisation_id, debtor_account_sha256, bank,"
        " amount_minor, state, reserved_at, credited_at) values (%(reference)s, %(episode)s,"
        " %(claim)s, 'hospital', '', 'a', %(insurer)s, 'b', 'harbour-bank', 4242, 'credited',"
        " now(), now())",
        reference=f"PO-LIST-{claim.id}",
        episode=visit.episode,
        claim=claim.id,
        insurer=MUTUAL,
    )
    rig.change(
        "insert into exception_item (episode_id, code, reference, opened_at)"
        " values (%(id)s, 'DECISION_NOT_DIVIDED', %(reference)s, now())",
        id=visit.episode,
        reference=claim.reference,
    )
    told = {}
    for insurer in (HARBOUR, MUTUAL):
        desk.sign_in(insurer, Role.INSURER_EXAMINER)
        search = EpisodeSearch(text=visit.episode)
        (found,) = await desk.desk.listed(desk.now[-1].principal, search)
        told[insurer] = (found.paid_minor, "DECISION_NOT_DIVIDED" in found.exceptions)
    assert told == {MUTUAL: (4242, True), HARBOUR: (0, False)}


async def test_a_person_with_two_roles_acts_in_one_and_changes_by_a_form_of_ours_alone(
    browser: httpx.AsyncClient, desk: Desk
) -> None:
    desk.sign_in(MUTUAL, Role.FINANCE, Role.INSURER_SUPERVISOR)
    assert "Act as: insurer, supervisor" in await _page(browser, "/episodes")
    wish = {"role": Role.INSURER_SUPERVISOR.value}
    for forged in ({**wish, "csrf": "x"}, {"csrf": desk.csrf, "role": Role.SUPPORT.value}):
        await browser.post(f"{PREFIX}/role", data=forged)
        assert desk.now[-1].principal.role is Role.FINANCE
    await browser.post(f"{PREFIX}/role", data={**wish, "csrf": desk.csrf})
    assert desk.now[-1].principal.role is Role.INSURER_SUPERVISOR
