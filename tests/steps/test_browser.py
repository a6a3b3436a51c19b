"""Every page in a real browser: three languages, both themes, a hand's width and a desk's, keys;
and what is worked there by drag, by keys alone, in two tabs, and over the end of a session."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect
from pydantic import SecretStr

from crossclaim.console.repair_acts import ACTS
from crossclaim.gateways.bureau import BureauGateway
from crossclaim.security.roles import Role
from crossclaim.stack import Stack
from crossclaim.store.people import SqlPeople
from tests.gateways.simulated_party import SimulatedParty
from tests.steps.bank_rig import DAY
from tests.steps.browser_hands import Hands
from tests.steps.browser_house import BrowserHouse, served
from tests.steps.browser_inventory import NO_PAGES, PAGES, Seen, address_of, addresses
from tests.steps.browser_scene import NAMED, Scene
from tests.steps.browser_tour import FULL, SIZES, Tour
from tests.steps.browser_walk import WIDE, Walk
from tests.steps.chromium import chromium
from tests.steps.clinic import AT, LEVEL_3, Clinic
from tests.steps.repairing import STAFF
from tests.steps.rig import Rig, policy_number

BY_KEYS = tuple(ACTS) if FULL else ("release",)
TABBED = PAGES if FULL else (Seen("staff", "/console/episodes"), Seen("patient", "/patient/"))


@pytest.fixture(scope="module")
def house(
    rig: Rig, stack: Stack, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[BrowserHouse]:
    with served(rig, stack, tmp_path_factory.mktemp("identity")) as house:
        yield house


@pytest.fixture(scope="module")
def scene(
    house: BrowserHouse,
    bureau_process: SimulatedParty,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Scene]:
    bureau_process.reset(AT.isoformat())
    http = bureau_process.http(timeout_s=5.0)
    gateway = BureauGateway(http, SecretStr("simulator-secret"))
    rig = replace(house.rig, world=replace(house.rig.world, bureau=gateway))
    clinic = Clinic(rig, bureau_process).designated(LEVEL_3)
    scene = Scene.set_up(house, clinic, tmp_path_factory.mktemp("banks"))
    yield scene
    scene.leave()
    http.close()


@pytest.fixture(scope="module")
def browser(scene: Scene) -> Iterator[Browser]:
    """After the scene: the browser's own loop runs in this thread from now on."""
    with chromium() as browser:
        yield browser


@pytest.fixture
def walk(scene: Scene, browser: Browser) -> Iterator[Walk]:
    with browser.new_context(locale="en-GB") as context:
        yield Walk(scene, context)


def test_a_machine_without_a_browser_is_told_what_to_install(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(AssertionError, match="apt install chromium"), chromium():
        pass


def test_a_page_that_is_new_is_visited_or_said_to_be_none(scene: Scene) -> None:
    among = addresses(scene.house.application)
    paths = [seen.at.format(**scene.places) for seen in PAGES if seen.status != 404]
    visited = {address_of(path, among) for path in paths}
    assert set(among) - visited - set(NO_PAGES) == set(), "no browser visits these"
    assert set(NO_PAGES) <= set(among), "these are no addresses any more"
    assert {act for act in ACTS if any(f"/repair/{act}" in path for path in paths)} == set(ACTS)


def test_every_page_is_faultless_in_every_language_and_theme_in_a_hand_and_on_a_desk(
    walk: Walk, house: BrowserHouse
) -> None:
    tour = Tour(walk, addresses(house.application))
    tour.go()
    faults = list(tour.faults())
    assert not faults, "\n".join(faults)


def test_keys_alone_reach_everything_in_its_order_and_leave_every_page_again(walk: Walk) -> None:
    faults = []
    for seen in TABBED:
        for size in SIZES if FULL else SIZES[:1]:
            walk.sized(size)
            assert walk.go(seen) == ""
            usable, reached = walk.usable(), walk.tabbed()
            if [one for one in reached if one in usable] != usable:
                missed = [one for one in usable if one not in reached]
                faults.append((walk.path(seen), size[0], missed or "not in its order"))
    assert not faults, "\n".join(map(str, faults))
    for seen in (Seen("staff", "/console/episodes"), Seen("patient", "/patient/")):
        walk.go(seen)
        walk.page.keyboard.press("Tab")
        expect(walk.page.locator(".skip")).to_be_in_viewport()
        walk.page.keyboard.press("Enter")
        expect(walk.page.locator("#main")).to_be_focused()


@pytest.mark.parametrize("act", BY_KEYS)
def test_a_repair_is_done_by_keys_alone(walk: Walk, scene: Scene, act: str) -> None:
    places = {"release": "held", "cancel": "cycle", "skip": "skippable", "account": "returned"}
    episode = scene.places.get({**places, "decide": "skipped"}.get(act, "bureau"), "")
    who = "hospital" if act == "account" else "staff"
    assert walk.go(Seen(who, f"/console/episodes/{episode}/repair")) == ""
    hands = Hands(walk.page)
    hands.press(f"a[href*='/repair/{act}']")
    if ACTS[act].reasons:
        hands.choose("#reason")
    if "text" in ACTS[act].needs:
        hands.write("textarea[name=text]", "as was said on the telephone")
    if act == "account":
        hands.write("#holder", "HKU-SZH")
        hands.write("#account", "6205500000000009")
        hands.write("#bank_name", "Bank of China Shenzhen")
        hands.write("#bank_code", "402000000027")
        # A moment is typed part by part.
        hands.write("#signed", "04152026")
        walk.page.keyboard.press("ArrowRight")
        walk.page.keyboard.type("1000AM")
    hands.press("form.order button")
    expect(walk.page.get_by_role("status").first).to_be_visible()
    assert walk.page.url.partition("?")[0].endswith("/repair"), walk.page.inner_text("main")


def test_support_signs_in_finds_an_episode_by_name_and_reads_it_in_chinese_and_dark(
    walk: Walk, house: BrowserHouse
) -> None:
    people = SqlPeople(house.rig.database, house.own.keyring)
    issuer, roles = house.own.settings.oidc_issuer, [Role.SUPPORT.value]
    people.add(STAFF, issuer, "demo-support", "吳浩然 Ng Ho-yin", roles)
    page = walk.page
    walk.sized(WIDE)
    page.goto(f"{house.url}/console")
    page.get_by_role("link", name="English").click()
    page.locator("#sign-in").click()
    page.locator('button[value="demo-support"]').click()
    expect(page.locator("h1")).to_have_text("Episodes")
    # The key is the script's, which a page runs once it is read.
    page.wait_for_load_state("load")
    page.keyboard.press("/")
    expect(page.locator("#find")).to_be_focused()
    page.keyboard.type("auyeung yuk-hang")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_contain_text(NAMED)
    assert "/episodes/ep_" in page.url, "the only match is shown at once"
    page.get_by_role("link", name="History").click()
    expect(page.locator("#story")).to_contain_text("opened the episode")
    page.locator(".preferences summary").click()
    page.get_by_role("link", name="繁體中文").click()
    expect(page.locator("#story")).to_contain_text("開立個案")
    assert page.url.endswith("/history"), "a choice leaves the reader where he was"
    page.locator(".preferences summary").click()
    page.get_by_role("link", name="深色").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.locator(".preferences summary").click()
    page.get_by_role("button", name="登出").click()
    expect(page.locator("h1")).to_have_text("登入 crossclaim")
    page.go_back()
    expect(page.locator("#sign-in")).to_be_visible()
    assert walk.watched.faults() == []


def test_a_day_is_matched_by_drag_and_the_next_by_keys_and_the_sums_follow(
    walk: Walk, scene: Scene
) -> None:
    (desk, ours), page = scene.day_to_match(), walk.page
    walk.sized(WIDE)
    day = f"/console/finance/days/{desk.bank}/{desk.key.account}/{DAY}"
    assert walk.go(Seen("banker", day)) == ""
    theirs = page.locator('[data-side="theirs"] .item', has_text="50.00")
    theirs.drag_to(page.locator('[data-side="ours"] .item', has_text=ours[0]))
    expect(page.locator("#difference")).to_contain_text("CNY 0.00")
    page.keyboard.type("the bank's own number")
    page.get_by_role("button", name="Match", exact=True).click()
    expect(page.locator(".said")).to_contain_text("Matched")
    page.wait_for_load_state()
    page.locator('[data-side="theirs"] input[type=checkbox]').first.focus()
    for key in ("Space", "ArrowRight", "Space"):
        page.keyboard.press(key)
    expect(page.locator("#difference")).to_contain_text("CNY 0.00")
    page.get_by_label("Why these belong together").fill("again its own number")
    page.get_by_role("button", name="Match", exact=True).click()
    expect(page.locator("h1 .state")).to_have_text("closed")
    assert desk.days() == {DAY: "closed"} and walk.watched.faults() == []


def test_what_is_paid_of_a_claim_is_added_up_while_one_types_beside_its_document(
    walk: Walk, scene: Scene
) -> None:
    assert walk.go(Seen("examiner", "/console/episodes/{claimed}/claims/{claim}")) == ""
    page = walk.page
    page.locator('input[name="approved-1"]').fill("400.5")
    expect(page.locator("#total")).to_contain_text("HKD 400.50")
    expect(page.locator(".papers")).to_contain_text("electronic bill of the visit")
    assert walk.watched.faults() == []


def test_operations_look_anew_and_leave_the_reader_his_place_and_say_what_is_silent(
    walk: Walk, scene: Scene
) -> None:
    page, engine = walk.page, scene.house.engine
    assert walk.go(Seen("operator", "/console/operations")) == ""
    page.locator("#s-audit-seal").focus()
    anew = (
        "htmx.ajax('GET', '/console/operations',"
        " {source: '#now', target: '#now', select: '#now', swap: 'outerHTML'})"
    )
    with page.expect_response("**/console/operations") as refreshed:
        page.evaluate(anew)
    assert refreshed.value.ok
    expect(page.locator("#s-audit-seal")).to_be_focused()
    engine.down = True
    try:
        page.evaluate(anew)
        expect(page.locator("#now")).to_contain_text("This part does not answer now")
        expect(page.locator("#now")).to_contain_text("PostgreSQL")
        assert walk.go(Seen("operator", "/console/operations/schedules/audit-seal", 503)) == ""
    finally:
        engine.down = False
    assert walk.watched.faults(503) == []


def test_the_history_is_followed_while_it_happens_and_the_reader_keeps_his_place(
    walk: Walk, rig: Rig
) -> None:
    visit = rig.visit(policy_number())
    assert walk.go(Seen("staff", f"/console/episodes/{visit.episode}/history")) == ""
    page, lines = walk.page, walk.page.locator("#story li[value]")
    before = lines.count()
    page.evaluate("() => { window.sameDocument = true }")
    page.locator("#main").focus()
    visit.accepted()
    expect(lines.nth(before)).to_be_attached()
    assert page.evaluate("() => window.sameDocument && document.activeElement.id") == "main"
    assert walk.watched.faults() == []


def test_a_second_tab_is_told_who_was_first_and_neither_it_nor_a_lost_session_loses_what_was_typed(
    walk: Walk, scene: Scene, rig: Rig
) -> None:
    episode = rig.visit(policy_number()).episode
    place = f"/console/episodes/{episode}/repair/hold"
    assert walk.go(Seen("staff", place)) == ""
    first, late = walk.page, walk.context.new_page()
    late.goto(f"{scene.house.url}{place}")
    for tab, words in ((first, "the other papers"), (late, "my <b>own</b> words")):
        tab.locator("#reason").select_option(index=1)
        tab.locator("textarea[name=text]").fill(words)
        tab.locator("form.order button").click()
    expect(first.get_by_role("status").first).to_be_visible()
    expect(late.get_by_role("alert")).to_contain_text("is held already")
    expect(late.get_by_role("alert")).to_contain_text("What happened meanwhile")
    assert rig.rows(episode).hold is not None
    assert walk.go(Seen("staff", f"/console/episodes/{episode}")) == ""
    first.locator("form[action$='/notes'] textarea").fill("my <b>own</b> words")
    walk.context.clear_cookies()
    first.locator("form[action$='/notes'] button").click()
    expect(first.locator("main")).to_contain_text("my <b>own</b> words")
    expect(first.locator("main a[href*='sign-in']")).to_be_visible()
