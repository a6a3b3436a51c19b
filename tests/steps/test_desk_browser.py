"""The desk and finance in a real browser: drag and keys match a day, and sums follow."""

from __future__ import annotations

import asyncio
import os
import socket
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest
import uvicorn
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from crossclaim.domain.submission import SubmissionKind
from crossclaim.security.roles import Role
from crossclaim.stack import Stack
from tests.flows.chromium import chromium
from tests.flows.hospital import Body
from tests.plain_files import pdf_of
from tests.steps.bank_rig import DAY, Desk, booked
from tests.steps.desk_house import DeskHouse, houses_of
from tests.steps.examining import claim_of, decide, many_units, sent
from tests.steps.paper_claims import INSURER
from tests.steps.payout_desk import PayoutDesk
from tests.steps.rig import HARBOUR, Rig

PHONE, DESK = (360, 740), (1440, 900)
SHOTS = os.environ.get("CROSSCLAIM_SHOTS", "")
"""A folder for pictures of each page; empty: none are taken."""


@dataclass(frozen=True)
class Served:
    url: str
    house: DeskHouse


@pytest.fixture(scope="module")
def served(rig: Rig, stack: Stack) -> Iterator[Served]:
    own, every = houses_of(stack)
    house, over = DeskHouse(rig, own, every), threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=_serve, args=(house, listener, over))
        thread.start()
        yield Served(f"http://127.0.0.1:{listener.getsockname()[1]}/console", house)
        over.set()
        thread.join()
    own.database.close()
    every.database.close()


def _serve(house: DeskHouse, listener: socket.socket, over: threading.Event) -> None:
    async def until_over() -> None:
        config = uvicorn.Config(await house.app(), log_config=None, lifespan="off")
        server = uvicorn.Server(config)
        serving = asyncio.create_task(server.serve([listener]))
        await asyncio.to_thread(over.wait)
        server.should_exit = True
        await serving

    asyncio.run(until_over())


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


def faultless(page: Page, name: str) -> None:
    """No rule of axe broken, and no page wider than its window, on a desk and in a hand."""
    for sized, told in ((DESK, "wide"), (PHONE, "narrow")):
        page.set_viewport_size({"width": sized[0], "height": sized[1]})
        if SHOTS:
            page.screenshot(path=f"{SHOTS}/{name}-{told}.png", full_page=True)
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), name
        found = Axe().run(page).response["violations"]
        told_of = [(one["id"], [n["html"] for n in one["nodes"]][:3]) for one in found]
        assert told_of == [], (name, told)


def test_a_day_is_matched_by_drag_and_the_next_by_keys_and_the_sums_follow(
    served: Served, browser: Browser, tmp_path: Path
) -> None:
    desk = Desk.of(served.house.rig, tmp_path)
    ours = [desk.payout(minor) for minor in (5000, 700)]
    lines = (booked("DBIT", f"LETTER-{n}", m, payee="") for n, m in enumerate((5000, 700)))
    # The browser's own loop runs in this thread.
    with ThreadPoolExecutor(1) as bank:
        bank.submit(desk.comes, desk.statement(*lines, net=-5700)).result()
    served.house.person(HARBOUR, Role.FINANCE, "Chan Tai Man")
    with browser.new_context(locale="en-GB", color_scheme="light") as context:
        page = context.new_page()
        broken: list[str] = []
        page.on("pageerror", lambda error: broken.append(str(error)))
        page.goto(f"{served.url}/finance/days/{desk.bank}/{desk.key.account}/{DAY}")
        faultless(page, "day-en-light")
        page.set_viewport_size({"width": DESK[0], "height": DESK[1]})
        theirs = page.locator('[data-side="theirs"] .item', has_text="50.00")
        theirs.drag_to(page.locator('[data-side="ours"] .item', has_text=ours[0]))
        expect(page.locator("#difference")).to_contain_text("CNY 0.00")
        page.keyboard.type("the bank's own number")
        page.get_by_role("button", name="Match", exact=True).click()
        expect(page.locator(".said")).to_contain_text("Matched")
        page.wait_for_load_state()
        page.locator('[data-side="theirs"] input[type=checkbox]').first.focus()
        page.keyboard.press("Space")
        page.keyboard.press("ArrowRight")
        page.keyboard.press("Space")
        expect(page.locator("#difference")).to_contain_text("CNY 0.00")
        page.get_by_label("Why these belong together").fill("again its own number")
        page.get_by_role("button", name="Match", exact=True).click()
        expect(page.locator("h1 .state")).to_have_text("closed")
        assert desk.days() == {DAY: "closed"} and broken == []


def test_a_claim_is_decided_beside_its_document_and_every_page_is_faultless_in_chinese_and_dark(
    served: Served, browser: Browser, tmp_path: Path
) -> None:
    house, rig = served.house, served.house.rig
    paying = PayoutDesk.of(rig, tmp_path, payout_approval_above_fen=1)
    payout = paying.payout(paying.reserved("maker")).reference
    episode, _ = sent(rig, many_units())
    decide(rig, episode)
    claim = claim_of(rig, episode).id
    content = pdf_of("electronic bill of the visit")
    sha256 = house.uploaded(episode, content, "application/pdf", INSURER)
    wish: Body = {"number": "IR-9", "claim": claim, "asked_of": "patient"}
    wish |= {"documents": [{"type": "ebill", "line": 1}]}
    asked = SubmissionKind.INFORMATION_REQUEST
    rig.say(asked, wish, episode, organisation=INSURER)
    (request,) = rig.rows(episode).information_requests
    answer = {"request": request.id, "item": 1, "sha256": sha256}
    kind = SubmissionKind.INFORMATION_ANSWER
    rig.say(kind, answer, episode, organisation=INSURER, key_id="ul_0123456789ab")
    house.person(INSURER, Role.INSURER_EXAMINER, "Wong Siu Ming")
    with browser.new_context(locale="en-GB", color_scheme="light") as context:
        page = context.new_page()
        at = f"{served.url}/episodes/{episode}/claims/{claim}"
        page.goto(at)
        page.locator('input[name="approved-1"]').fill("400.5")
        expect(page.locator("#total")).to_contain_text("HKD 400.50")
        expect(page.locator(".papers")).to_contain_text("electronic bill of the visit")
        faultless(page, "claim-en-light")
        page.goto(f"{at}?language=zh-Hant&theme=dark")
        faultless(page, "claim-zh-dark")
        for path in ("desk", "desk/samples"):
            page.goto(f"{served.url}/{path}")
            faultless(page, f"{path.replace('/', '-')}-zh-dark")
        house.sign_in(INSURER, Role.FINANCE)
        places = ("reconciliation", "payouts", "receivables", "settlements", "drift")
        for path in ("", *places, f"payouts/{payout}"):
            page.goto(f"{served.url}/finance/{path}".rstrip("/"))
            faultless(page, f"finance-{path.replace(payout, 'one').replace('/', '-')}-zh-dark")
