"""The search on PostgreSQL: episodes are listed by what their rows say, for each visitor."""

from __future__ import annotations

import csv
import io
import itertools
from datetime import UTC, datetime, timedelta

import httpx
import openpyxl
import pytest

from crossclaim.console.application import PREFIX
from crossclaim.console.services import EpisodeSearch, ListedEpisode, Sorting, place_after
from crossclaim.domain.episode_stages import Progress, stages_of
from crossclaim.security.roles import Role
from crossclaim.store.session import Database
from crossclaim.wiring import House
from tests.steps.appeals import Papers
from tests.steps.paper_claims import INSURER as PAPERS_INSURER
from tests.steps.rig import HARBOUR, HOSPITAL, MUTUAL, Rig, policy_number
from tests.steps.test_console_pages import Desk, browser, desk, house, visited

__all__ = ["browser", "desk", "house", "visited"]
SUPPORT = ("crossclaim", Role.SUPPORT)
_numbers = itertools.count(1)


def stands_at(rig: Rig, episode: str) -> str:
    """The stage, as the episode's own page tells it."""
    stages = stages_of(rig.rows(episode))
    now = [stage.name for stage in stages if stage.progress is Progress.CURRENT]
    return now[0] if rig.rows(episode).episode.status == "open" else "over"


async def found(desk: Desk, **search: object) -> list[ListedEpisode]:
    asked = EpisodeSearch.model_validate({"limit": 500, **search})
    return await desk.desk.listed(desk.now[-1].principal, asked)


def payout(rig: Rig, episode: str, state: str, insurer: str = MUTUAL, minor: int = 4242) -> str:
    claim = rig.rows(episode).claims[0]
    reference = f"PO-SEARCH-{next(_numbers)}"
    rig.change(
        "insert into payout_intent (reference, episode_id, claim_id, sequence, payee, payee_sealed,"
        " payee_account_sha256, debtor_organisation_id, debtor_account_sha256, bank, amount_minor,"
        " state, reserved_at) values (%(reference)s, %(episode)s, %(claim)s, %(sequence)s,"
        " 'patient', '', 'a', %(insurer)s, 'b', 'harbour-bank', %(minor)s, %(state)s, now())",
        reference=reference,
        episode=episode,
        claim=claim.id,
        sequence=next(_numbers) + 100,
        insurer=insurer,
        minor=minor,
        state=state,
    )
    return reference


def exception(rig: Rig, episode: str, code: str, reference: str = "") -> None:
    rig.change(
        "insert into exception_item (episode_id, code, reference, opened_at)"
        " values (%(id)s, %(code)s, %(reference)s, now())",
        id=episode,
        code=code,
        reference=reference,
    )


async def test_an_episode_is_listed_at_the_stage_that_its_own_page_shows(
    desk: Desk, rig: Rig
) -> None:
    opened = rig.open([{"funder": "voucher"}])
    visit = rig.visit(policy_number())
    told = {opened: stands_at(rig, opened), visit.episode: stands_at(rig, visit.episode)}
    listed = {e.id: e.stage for e in await found(desk)}
    assert {one: listed[one] for one in told} == told
    visit.accepted()
    visit.claim_vouchers()
    for _ in range(3):
        listed = {e.id: e.stage for e in await found(desk)}
        assert listed[visit.episode] == stands_at(rig, visit.episode)
        visit.decide()
    (row,) = [e for e in await found(desk) if e.id == visit.episode]
    assert row.billed_minor == sum(b.total_minor for b in rig.rows(visit.episode).bills)


async def test_each_filter_finds_what_it_names_and_nothing_else(
    desk: Desk, rig: Rig, visited: str
) -> None:
    payout(rig, visited, "unknown")
    exception(rig, visited, "BILL_FLAGGED")
    (row,) = [e for e in await found(desk) if e.id == visited]
    finds: list[dict[str, object]] = [
        {"states": ["open", "closed"]},
        {"stages": [row.stage]},
        {"hospitals": [HOSPITAL]},
        {"in_cities": [HOSPITAL, "jiangmen-central"]},
        {"insurers": [MUTUAL, HARBOUR]},
        {"funders": ["voucher"]},
        {"payouts": ["unknown", "returned"]},
        {"payouts": ["unknown", "credited"]},
        {"reasons": ["BILL_FLAGGED"]},
        {"amount_from": row.billed_minor, "amount_to": row.billed_minor},
        {"due_before": datetime.now(UTC) + timedelta(days=4)},
        {"text": visited},
    ]
    for search in finds:
        assert visited in {e.id for e in await found(desk, **search)}, search
    none: list[dict[str, object]] = [
        {"states": ["closed"]},
        {"stages": ["over"]},
        {"hospitals": ["jiangmen-central"]},
        {"in_cities": []},
        {"in_cities": ["jiangmen-central"], "hospitals": [HOSPITAL]},
        {"insurers": [HARBOUR]},
        {"funders": ["pay_later"]},
        {"payouts": ["returned"]},
        {"reasons": ["PAYOUT_RETURNED"]},
        {"amount_from": row.billed_minor + 1},
        {"amount_to": row.billed_minor - 1},
        {"due_before": datetime.now(UTC)},
        {"due_after": datetime.now(UTC) + timedelta(days=4)},
    ]
    for search in none:
        assert visited not in {e.id for e in await found(desk, **search)}, search


async def _paged(desk: Desk, sort: Sorting) -> list[str]:
    paged: list[str] = []
    after: tuple[str | None, str | None] = (None, None)
    while True:
        search = {"sort": sort, "limit": 2, "after": after[0], "after_value": after[1]}
        page = await found(desk, hospitals=[HOSPITAL], **search)
        paged += [e.id for e in page[:2]]
        if len(page) < 3:
            return paged
        after = place_after(EpisodeSearch(sort=sort), page[1])


INSURED = (MUTUAL, Role.INSURER_EXAMINER)
_TOKENS = "select token from name_token where episode_id = %(id)s"
_NAMED = "select named_episodes(%(tokens)s::bytea[], true, null, null)"
_REQUEST = """
insert into subject_request (id, organisation_id, kind, sealed, person, asked_by)
values (%(id)s, %(own)s, 'erasure', '', '{}', 'k')
"""


@pytest.mark.parametrize("who", [SUPPORT, (HOSPITAL, Role.HOSPITAL_BILLING), INSURED])
async def test_page_by_page_a_name_finds_what_each_of_its_words_finds_and_each_once(
    desk: Desk, rig: Rig, who: tuple[str, Role]
) -> None:
    for _ in range(3):
        rig.visit(policy_number())
    desk.sign_in(*who)
    for text in ("何美玲", "ling ho", "何", "mei", "nobody ho", "何玲"):
        for sort in (Sorting.NEWEST, Sorting.OLDEST):
            # Beside a filter each word is a condition of its own.
            words = await found(desk, text=text, sort=sort, amount_from=-1)
            paged: list[str] = []
            while True:
                after = paged[-1] if paged else None
                page = await found(desk, text=text, sort=sort, limit=2, after=after)
                paged += [one.id for one in page[:2]]
                if len(page) < 3:
                    break
            assert paged == [one.id for one in words]
            assert len(paged) >= 3 or text in ("nobody ho", "何玲")


def test_a_name_tells_nobody_of_an_episode_that_is_not_in_his_list(
    house: tuple[House, House], rig: Rig, visited: str
) -> None:
    own, every = house
    with own.database.begin(HOSPITAL) as connection:
        tokens = connection.execute(_TOKENS, {"id": visited}).scalars()
    assert len(tokens) > 4

    def known(database: Database, organisation: str, only: str = "") -> set[str]:
        with database.begin(organisation) as connection:
            setting = "select set_config('crossclaim.only_episodes', %(only)s, true)"
            connection.execute(setting, {"only": only})
            return set(connection.execute(_NAMED, {"tokens": tokens}).scalars())

    for organisation in (HOSPITAL, MUTUAL, HARBOUR):
        with own.database.begin(organisation) as connection:
            listed = set(connection.execute("select episode_id from episode_listing", {}).scalars())
        assert known(own.database, organisation) <= listed
        assert known(own.database, organisation, only=visited) == set(), "a patient's session"
    assert visited in known(own.database, MUTUAL) & known(every.database, "crossclaim")
    assert visited not in known(own.database, HARBOUR)
    with own.database.begin(HOSPITAL) as connection:
        connection.execute(_REQUEST, {"id": f"sr_{visited}", "own": HOSPITAL})
    closed = "insert into storage_only (scope, request_id, rule, since)"
    rig.change(f"{closed} values (%(id)s, %(r)s, 'test', now())", id=visited, r=f"sr_{visited}")
    for database, organisation in ((own.database, HOSPITAL), (every.database, "crossclaim")):
        assert visited not in known(database, organisation), "what is only stored"


@pytest.mark.parametrize("who", [SUPPORT, (HOSPITAL, Role.HOSPITAL_BILLING)])
async def test_page_by_page_a_list_in_any_order_has_each_episode_once(
    desk: Desk, rig: Rig, who: tuple[str, Role]
) -> None:
    for _ in range(3):
        visit = rig.visit(policy_number())
        visit.accepted()
        exception(rig, visit.episode, "BILL_FLAGGED")
        payout(rig, visit.episode, "sent")
    desk.sign_in(*who)
    for sort in Sorting:
        whole = [e.id for e in await found(desk, sort=sort, hospitals=[HOSPITAL])]
        assert await _paged(desk, sort) == whole, sort
        assert len(set(whole)) == len(whole) > 2, sort
        search = EpisodeSearch(sort=sort, hospitals=[HOSPITAL])
        assert await desk.desk.counted(desk.now[-1].principal, search) == len(whole), sort


async def test_of_a_shared_episode_an_insurer_neither_sees_nor_finds_by_the_others_amounts(
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
    payout(rig, visit.episode, "unknown", MUTUAL)
    exception(rig, visit.episode, "PAYOUT_RETURNED", rig.rows(visit.episode).claims[0].reference)
    desk.sign_in(HARBOUR, Role.INSURER_EXAMINER)
    (row,) = [e for e in await found(desk) if e.id == visit.episode]
    assert (row.billed_minor, row.paid_minor, row.due_at, row.waits_since) == (0, 0, None, None)
    for search in (
        {"amount_from": 1},
        {"payouts": ["unknown"]},
        {"insurers": [MUTUAL]},
        {"funders": ["voucher"]},
        {"sort": Sorting.DUE},
        {"sort": Sorting.WAITS},
    ):
        assert visit.episode not in {e.id for e in await found(desk, **search)}, search
    desk.sign_in(MUTUAL, Role.INSURER_EXAMINER)
    assert visit.episode in {e.id for e in await found(desk, payouts=["unknown"])}


async def test_what_a_resolved_exception_was_is_not_listed_any_more(
    desk: Desk, rig: Rig, visited: str
) -> None:
    exception(rig, visited, "BILL_FLAGGED")
    assert visited in {e.id for e in await found(desk, reasons=["BILL_FLAGGED"])}
    rig.change(
        "update exception_item set resolved_at = now() where episode_id = %(id)s", id=visited
    )
    assert visited not in {e.id for e in await found(desk, reasons=["BILL_FLAGGED"])}


async def test_a_loader_lists_many_at_once_after_it_has_put_it_off(desk: Desk, rig: Rig) -> None:
    episode = rig.open([{"funder": "voucher"}])
    with rig.database.begin() as connection:
        connection.execute("select set_config('crossclaim.listing', 'later', true)")
        connection.execute(
            "update episode set status = 'closed' where id = %(id)s", {"id": episode}
        )
    assert episode not in {e.id for e in await found(desk, states=["closed"])}
    with rig.database.begin() as connection:
        connection.execute("select list_episodes(array[%(id)s])", {"id": episode})
    assert episode in {e.id for e in await found(desk, states=["closed"])}
    rig.change("update episode set status = 'open' where id = %(id)s", id=episode)


def test_the_lists_of_a_commit_are_planned_once_a_connection_and_never_compiled(rig: Rig) -> None:
    (row,) = rig._select("select proconfig from pg_proc where proname = 'list_episodes'")
    assert {"plan_cache_mode=force_generic_plan", "jit=off"} <= set(row["proconfig"])


async def test_a_claim_with_papers_is_found_by_staff_though_its_hospital_is_no_party(
    desk: Desk, rig: Rig
) -> None:
    papers = Papers.decided(rig)
    (row,) = rig._select(
        "select e.hospital_id, e.visit_number from episode e where e.id = %(id)s", id=papers.episode
    )
    assert papers.episode in {one.id for one in await found(desk, text=row["visit_number"])}
    assert papers.episode in {one.id for one in await found(desk, hospitals=[row["hospital_id"]])}
    desk.sign_in(PAPERS_INSURER, Role.INSURER_EXAMINER)
    assert papers.episode in {one.id for one in await found(desk, hospitals=[row["hospital_id"]])}
    desk.sign_in(row["hospital_id"], Role.HOSPITAL_BILLING)
    assert papers.episode not in {one.id for one in await found(desk)}


async def test_a_payouts_number_leads_straight_to_its_episode(
    browser: httpx.AsyncClient, rig: Rig, visited: str
) -> None:
    reference = payout(rig, visited, "sent")
    answer = await browser.post(f"{PREFIX}/episodes", data={"text": reference})
    assert answer.headers["location"] == f"{PREFIX}/episodes/{visited}"


async def test_another_language_keeps_the_text_that_was_searched_for_and_shows_it_in_no_address(
    browser: httpx.AsyncClient,
) -> None:
    form = {"text": "Nobody Whatsoever", "state": "open"}
    page = await browser.post(f"{PREFIX}/episodes", data=form)
    assert 'name="language" value="zh-Hant"' in page.text
    answer = await browser.post(f"{PREFIX}/episodes", data={**form, "language": "zh-Hant"})
    assert answer.status_code == 200
    assert '<html lang="zh-Hant"' in answer.text
    assert 'value="Nobody Whatsoever"' in answer.text
    assert 'name="state" value="open" checked' in answer.text
    assert "lang" in answer.headers["set-cookie"].lower()
    strange = await browser.post(f"{PREFIX}/episodes", data={**form, "language": "<script>"})
    assert strange.status_code == 200


async def test_a_text_in_an_address_is_not_searched_for(
    browser: httpx.AsyncClient, rig: Rig
) -> None:
    rig.open([{"funder": "voucher"}])
    answer = await browser.get(f"{PREFIX}/episodes?text=A123456(3)&sort=newest")
    assert answer.status_code == 200
    assert "A123456" not in answer.text.split("<main", 1)[1]
    assert answer.headers["referrer-policy"] == "no-referrer"


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
async def test_the_files_have_every_match_by_name_and_the_document_stands_in_no_record(
    browser: httpx.AsyncClient, desk: Desk, rig: Rig, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    episodes = {rig.open([{"funder": "voucher"}]) for _ in range(3)}
    monkeypatch.setattr("crossclaim.service.console_desk._PAGE", 2)
    asked = {"text": "A123456(3)", "columns": "codes"}
    answer = await browser.post(f"{PREFIX}/episodes.{kind}", data=asked)
    if kind == "csv":
        rows = [r["id"] for r in csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff")))]
    else:
        book = openpyxl.load_workbook(io.BytesIO(answer.content))
        rows = [row[0] for row in book["1"].iter_rows(min_row=2, values_only=True)]
    assert episodes <= set(rows)
    assert int(answer.headers["x-rows"]) == len(rows) == len(set(rows))
    assert answer.headers["content-disposition"] == f'attachment; filename="episodes.{kind}"'
    with rig.database.begin() as connection:
        looks = connection.execute(
            "select operation, object from audit where key_id = %(key)s",
            {"key": desk.now[-1].principal.key_id},
        ).all()
    assert [tuple(look) for look in looks] == [("list_episodes", f"export.{kind}")]


async def _keep(browser: httpx.AsyncClient, **form: str) -> httpx.Response:
    given = {"csrf": "c", "page": "episodes", "query": "state=open&sort=most", **form}
    return await browser.post(f"{PREFIX}/views", data=given)


def _view_of(answer: httpx.Response) -> str:
    query = httpx.QueryParams(answer.headers["location"].split("?", 1)[1])
    assert query["said"] == "view_kept"
    return str(query["view"])


async def test_a_view_is_kept_renamed_shared_made_the_first_and_given_up(
    browser: httpx.AsyncClient, desk: Desk
) -> None:
    desk.sign_in(HOSPITAL, Role.HOSPITAL_BILLING)
    me = desk.now[-1]
    view = _view_of(await _keep(browser, name="<b>逾期</b>", query="state=open&text=A123456(3)"))
    listed = await browser.get(f"{PREFIX}/episodes?sort=newest")
    assert "&lt;b&gt;逾期&lt;/b&gt;" in listed.text
    assert f'href="/console/episodes?state=open&amp;view={view}"' in listed.text

    async def change(do: str, **form: str) -> str:
        given = {"csrf": "c", "page": "episodes", "do": do, **form}
        answer = await browser.post(f"{PREFIX}/views/{view}", data=given)
        return answer.headers["location"]

    assert "view_changed" in await change("rename", name="Mine")
    desk.sign_in(HOSPITAL, Role.HOSPITAL_FINANCE)
    assert "Mine" not in (await browser.get(f"{PREFIX}/episodes?sort=newest")).text
    desk.now.append(me)
    assert "view_changed" in await change("share")
    desk.sign_in(HOSPITAL, Role.HOSPITAL_FINANCE)
    assert "Mine" in (await browser.get(f"{PREFIX}/episodes?sort=newest")).text
    assert "view_gone" in await change("delete"), "nobody gives up another's view"
    desk.sign_in(MUTUAL, Role.INSURER_EXAMINER)
    assert "Mine" not in (await browser.get(f"{PREFIX}/episodes?sort=newest")).text
    desk.now.append(me)
    assert "view_changed" in await change("default")
    home = await browser.get(f"{PREFIX}/episodes")
    assert home.headers["location"] == f"{PREFIX}/episodes?state=open&view={view}"
    assert "view_changed" in await change("delete")
    assert (await browser.get(f"{PREFIX}/episodes")).status_code == 200


async def test_a_view_has_no_document_in_its_name_or_filters_and_is_sealed(
    browser: httpx.AsyncClient, rig: Rig
) -> None:
    refused = await _keep(browser, name="Chan A123456(3)")
    assert "said=view_personal" in refused.headers["location"]
    assert "A123456" not in refused.headers["location"]
    await _keep(browser, name="Nobody knows", query="hospital=A123456(3)&reason=BILL_FLAGGED&x=1")
    with rig.database.begin() as connection:
        rows = connection.execute("select query, sealed from saved_view").all()
    assert "reason=BILL_FLAGGED" in [row[0] for row in rows]
    for query, sealed in rows:
        assert "A123456" not in query
        assert b"Nobody" not in bytes(sealed)
    forged = await _keep(browser, name="x", csrf="guessed")
    assert forged.status_code == 403


async def test_what_does_not_exist_is_said_to_be_left_out(browser: httpx.AsyncClient) -> None:
    answer = await browser.get(f"{PREFIX}/episodes?state=nonsense&sort=<script>")
    assert answer.status_code == 200
    assert "was left out" in answer.text
    assert "<script>" not in answer.text.split("<main", 1)[1]
