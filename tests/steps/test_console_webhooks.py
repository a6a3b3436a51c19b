"""Webhooks at the console: an organisation sees and resends its own, staff what stands still."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, cast

import httpx
import pytest
from starlette.applications import Starlette
from starlette.routing import Mount

from crossclaim.console.application import PREFIX, build_console
from crossclaim.console.services import ConsoleServices, Desk
from crossclaim.domain.webhook_message import Reply
from crossclaim.security.roles import Role
from crossclaim.service.console_views import StoredViews
from crossclaim.service.console_webhooks import ConsoleWebhooks
from crossclaim.service.console_worklist import StaffWorklist
from crossclaim.service.platform_staff import PlatformStaff
from crossclaim.service.webhooks import WebhookDesk
from crossclaim.service.worklist_actions import TriesAgain
from crossclaim.stack import Stack
from crossclaim.store.webhook_outbox import SqlWebhookOutbox
from crossclaim.wiring import House, api_house, worker_house
from tests.steps.console_visitor import SignedIn
from tests.steps.rig import HOSPITAL, MUTUAL, Rig
from tests.steps.webhook_rig import WINDOW, Hooks

SUPPORT = ("crossclaim", Role.SUPPORT)
GONE = Reply(outcome="GONE", status=410, latency_ms=7, answer=b"<b>closed</b>")


class Looks:
    """Of a desk what these pages need: that a look is audited, the worklist, and kept views."""

    def __init__(self, api: House, every: House) -> None:
        staff = PlatformStaff(api.database, every.database)
        self.worklist = StaffWorklist(staff, api.keyring, cast(TriesAgain, self))
        self.views = StoredViews(api.database, api.keyring)
        self.seen: list[tuple[str, str, str]] = []

    async def looked(self, principal: Any, operation: str, about: str, outcome: str) -> None:
        self.seen.append((operation, about, outcome))


@dataclass
class Page:
    visitors: SignedIn
    looks: Looks
    client: httpx.AsyncClient
    hooks: Hooks

    async def get(self, path: str, language: str = "en", status: int = 200) -> str:
        answer = await self.client.get(f"{PREFIX}{path}", headers={"accept-language": language})
        assert answer.status_code == status, answer.text
        return answer.text

    async def post(self, path: str, csrf: str = "c", **headers: str) -> httpx.Response:
        more = {"sec-fetch-site": "same-origin"} | headers
        return await self.client.post(f"{PREFIX}{path}", data={"csrf": csrf}, headers=more)


@pytest.fixture(scope="module")
def houses(stack: Stack) -> Iterator[tuple[House, House, House]]:
    every = House(stack.settings, stack.settings.database_reader_url.get_secret_value())
    opened = (worker_house(stack.settings), api_house(stack.settings), every)
    yield opened
    for house in opened:
        house.database.close()


@pytest.fixture
async def shown(houses: tuple[House, House, House], rig: Rig) -> AsyncIterator[Page]:
    worker, api, every = houses
    desk = WebhookDesk(api.database, api.keyring, lambda: datetime.now(UTC), allow_private=True)
    hooks = Hooks(rig, desk, SqlWebhookOutbox(worker.database, worker.keyring))
    visitors, looks = SignedIn(), Looks(api, every)
    services = ConsoleServices(
        desk=cast(Desk, looks),
        visitors=visitors,
        reference=rig.world.reference,
        webhooks=ConsoleWebhooks(desk, every.database, lambda: datetime.now(UTC)),
    )
    app = Starlette(routes=[Mount(PREFIX, build_console(services))])
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://desk") as client:
        yield Page(visitors, looks, client, hooks)
    for organisation in (HOSPITAL, MUTUAL):
        with api.database.begin(organisation) as connection:
            connection.execute("update webhook_endpoint set ended_at = now()", {})


async def given_up(page: Page) -> tuple[str, str]:
    """An endpoint that said 410 to its one event."""
    endpoint = await page.hooks.listens(types=["episode.opened"], signature="v1a")
    message = await page.hooks.desk.ping(WINDOW, endpoint, None)
    (due,) = [one for one in page.hooks.due() if one.message.id == message]
    assert page.hooks.outbox.note(due, GONE, datetime.now(UTC)) == "given_up"
    return endpoint, message


@pytest.mark.parametrize("language", ["en", "zh-Hant", "zh-Hans"])
async def test_a_hospital_sees_what_became_of_every_event(shown: Page, language: str) -> None:
    shown.visitors.sign_in(HOSPITAL, Role.HOSPITAL_BILLING)
    assert "/v1/webhook-endpoints" in await shown.get("/webhooks", language), "nothing yet"
    endpoint, message = await given_up(shown)
    page = await shown.get("/webhooks", language)
    assert "https://hooks.example.com/in" in page and "episode.opened" in page and "v1a" in page
    log = await shown.get(f"/webhooks/{endpoint}?status=given_up", language)
    assert message in log
    assert message not in await shown.get(f"/webhooks/{endpoint}?status=delivered", language)
    one = await shown.get(f"/webhooks/{endpoint}/messages/{message}", language)
    assert "410" in one and "7 ms" in one
    assert "&lt;b&gt;closed&lt;/b&gt;" in one, "what a receiver says is no page of ours"
    assert ("read_webhooks", endpoint, "200") in shown.looks.seen


async def test_what_was_given_up_is_sent_again_once_the_endpoint_is_enabled(shown: Page) -> None:
    shown.visitors.sign_in(HOSPITAL, Role.HOSPITAL_BILLING)
    endpoint, message = await given_up(shown)
    assert (await shown.post(f"/webhooks/{endpoint}/enabled")).status_code == 303
    for path in (f"/messages/{message}/replays", "/replays"):
        answer = await shown.post(f"/webhooks/{endpoint}{path}")
        assert answer.headers["location"].endswith("?said=sent_again")
    assert shown.hooks.outbox.replay(datetime.now(UTC)) >= 1
    assert [one.message.id for one in shown.hooks.drained()] == [message]
    assert "delivered" in await shown.get(
        f"/webhooks/{endpoint}/messages/{message}?said=sent_again"
    )


async def test_no_other_page_and_no_other_session_sends_anything_again(shown: Page) -> None:
    shown.visitors.sign_in(HOSPITAL, Role.HOSPITAL_BILLING)
    endpoint, message = await given_up(shown)
    place = f"/webhooks/{endpoint}/messages/{message}/replays"
    forged = await shown.post(place, csrf="another")
    foreign = await shown.post(place, **{"sec-fetch-site": "cross-site"})
    assert {forged.headers["location"], foreign.headers["location"]} == {
        f"/console/webhooks/{endpoint}?said=not_sent_again"
    }
    shown.visitors.now.clear()
    assert "/sign-in" in (await shown.post(place)).headers["location"]
    assert shown.hooks.outbox.replay(datetime.now(UTC)) == 0


async def test_another_organisation_sees_none_of_it(shown: Page) -> None:
    endpoint, message = await given_up(shown)
    shown.visitors.sign_in(MUTUAL, Role.INSURER_SYSTEM)
    for path in (f"/webhooks/{endpoint}", f"/webhooks/{endpoint}/messages/{message}"):
        await shown.get(path, status=404)
    assert (await shown.post(f"/webhooks/{endpoint}/enabled")).status_code == 404
    await shown.get("/webhooks/we_nothing", status=404)
    shown.visitors.sign_in(MUTUAL, Role.FINANCE)
    await shown.get("/webhooks", status=403)


async def test_staff_see_what_no_longer_answers_and_neither_address_nor_answer(
    shown: Page,
) -> None:
    endpoint, _ = await given_up(shown)
    shown.visitors.sign_in(*SUPPORT)
    for path in ("/webhooks", "/exceptions"):
        page = await shown.get(path)
        assert endpoint in page and "takes nothing more (410)" in page
        assert "hooks.example.com" not in page
    await shown.get(f"/webhooks/{endpoint}", status=404)
    assert (await shown.post(f"/webhooks/{endpoint}/enabled")).status_code == 403
    shown.visitors.sign_in(MUTUAL, Role.INSURER_EXAMINER)
    assert endpoint not in await shown.get("/exceptions")
