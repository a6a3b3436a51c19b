"""The console in a real browser: sign-in, search by name, the history, language, theme, axe."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import uvicorn
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from crossclaim.app import application
from crossclaim.config import Settings
from crossclaim.seed_people import seed_people
from crossclaim.stack import Stack
from crossclaim.wiring import api_house
from tests.flows.chromium import chromium
from tests.flows.hospital import Hospital
from tests.flows.inpatient_stay import InpatientStay
from tests.gateways.simulated_party import SimulatedParty

NAME = {"zh": "歐陽玉衡", "en": "AUYEUNG Yuk Hang"}
PHONE, DESK = (360, 740), (1440, 900)


@dataclass(frozen=True)
class Served:
    """The API and its console on a port of this machine, with a provider where one picks a name."""

    url: str


@pytest.fixture(scope="module")
def served(flow_stack: Stack, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        folder = tmp_path_factory.mktemp("identity")
        with SimulatedParty("identity", folder, "--redirect-uri", f"{url}/sign-in/back") as people:
            known = {"public_url": url, "oidc_issuer": people.url, "demonstration": True}
            settings = flow_stack.settings.model_copy(update=known)
            seed_people(settings)
            server = threading.Event()
            thread = threading.Thread(target=_serve, args=(settings, listener, server))
            thread.start()
            yield Served(url)
            server.set()
            thread.join()


def _serve(settings: Settings, listener: socket.socket, over: threading.Event) -> None:
    async def until_over() -> None:
        house = api_house(settings)
        config = uvicorn.Config(await application(settings, house), log_config=None, lifespan="off")
        server = uvicorn.Server(config)
        serving = asyncio.create_task(server.serve([listener]))
        await asyncio.to_thread(over.wait)
        server.should_exit = True
        await serving
        house.database.close()

    asyncio.run(until_over())


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


def faultless(page: Page, sized: tuple[int, int]) -> None:
    """Neither a rule of axe broken nor a page wider than its window."""
    page.set_viewport_size({"width": sized[0], "height": sized[1]})
    found = Axe().run(page).response["violations"]
    assert [(one["id"], [n["html"] for n in one["nodes"]][:3]) for one in found] == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_support_signs_in_finds_an_episode_by_name_and_reads_it_in_chinese_and_dark(
    served: Served, browser: Browser, shenzhen: Hospital
) -> None:
    stay = InpatientStay(shenzhen, patient={"name": NAME})
    episode = stay.open()
    with browser.new_context(locale="en-GB", color_scheme="light") as context:
        page = context.new_page()
        broken: list[str] = []
        page.on("pageerror", lambda error: broken.append(str(error)))
        page.goto(f"{served.url}/console")
        expect(page.locator("h1")).to_have_text("Sign in to crossclaim")
        page.get_by_role("link", name="简体中文").click()
        page.get_by_role("link", name="English").click()
        faultless(page, PHONE)
        page.locator("#sign-in").click()
        page.locator('button[value="demo-support"]').click()
        expect(page.locator("h1")).to_have_text("Episodes")
        # The key is the script's, which a page runs once it is read.
        page.wait_for_load_state("load")
        page.keyboard.press("/")
        expect(page.locator("#find")).to_be_focused()
        page.keyboard.type("auyeung yuk-hang")
        page.keyboard.press("Enter")
        expect(page.locator("h1")).to_contain_text(stay.submission["visit"]["number"])
        assert page.url.endswith(episode.id), "the only match is shown at once"
        faultless(page, DESK)
        page.get_by_role("link", name="History").click()
        expect(page.locator("#story")).to_contain_text("opened the episode: an inpatient stay")
        page.locator(".preferences summary").click()
        page.get_by_role("link", name="繁體中文").click()
        expect(page.locator("#story")).to_contain_text("開立個案")
        assert page.url.endswith("/history"), "a choice leaves the reader where he was"
        page.locator(".preferences summary").click()
        page.get_by_role("link", name="深色").click()
        expect(page.locator("html")).to_have_attribute("data-theme", "dark")
        faultless(page, PHONE)
        page.locator(".preferences summary").click()
        page.get_by_role("button", name="登出").click()
        expect(page.locator("h1")).to_have_text("登入 crossclaim")
        page.goto(f"{served.url}/console/episodes/{episode.id}")
        expect(page.locator("#sign-in")).to_be_visible()
        assert broken == []


def test_a_machine_without_a_browser_is_told_what_to_install(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(AssertionError, match="apt install chromium"), chromium():
        pass


def test_a_supervisor_reads_rules_operations_and_a_figure_on_a_desk_and_on_a_phone(
    served: Served, browser: Browser
) -> None:
    with browser.new_context(locale="en-GB", color_scheme="dark") as context:
        page = context.new_page()
        broken: list[str] = []
        page.on("pageerror", lambda error: broken.append(str(error)))
        page.goto(f"{served.url}/console")
        page.locator("#sign-in").click()
        page.locator('button[value="demo-support-supervisor"]').click()
        expect(page.locator("h1")).to_have_text("Episodes")
        for path, size in (
            ("rules", PHONE),
            ("rules/plans/vhis-standard-hk", PHONE),
            ("rules/proposals/new?plan=vhis-standard-hk", DESK),
            ("operations", DESK),
            ("figures/direct_billing", PHONE),
        ):
            page.goto(f"{served.url}/console/{path}")
            faultless(page, size)
        page.goto(f"{served.url}/console/operations")
        page.wait_for_load_state("load")
        page.locator("#s-audit-seal").focus()
        with page.expect_response("**/console/operations") as refreshed:
            page.evaluate(
                "htmx.ajax('GET', '/console/operations',"
                " {source: '#now', target: '#now', select: '#now', swap: 'outerHTML'})"
            )
        assert refreshed.value.ok
        expect(page.locator("#s-audit-seal")).to_be_focused()
        page.goto(f"{served.url}/console/rules/proposals/new")
        page.locator('textarea[name="plan"]').fill("id: none\nstray: 1\n")
        page.get_by_role("button", name="Propose it").click()
        expect(page.get_by_role("alert")).to_contain_text("Nothing was kept")
        expect(page.locator('textarea[name="plan"]')).to_have_value("id: none\nstray: 1\n")
        faultless(page, PHONE)
        assert broken == []
