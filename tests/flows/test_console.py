"""The console over a running stack: an examiner's day, and support that has a step tried again."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from html import unescape

import httpx
import pytest
from starlette.applications import Starlette
from starlette.routing import Mount

from crossclaim.app import api_services
from crossclaim.console.application import PREFIX, build_console
from crossclaim.security.roles import Role
from crossclaim.service.console import console_services
from crossclaim.stack import Stack
from crossclaim.wiring import House
from tests.flows.hospital import Hospital
from tests.flows.inpatient_stay import DISCHARGED, InpatientStay
from tests.flows.patience import until
from tests.flows.simulator import Simulator
from tests.flows.test_paper_claims import payout_of, sent
from tests.steps.console_visitor import SignedIn
from tests.steps.paper_claims import INSURER, claim, e6_papers

SUPPORT = ("crossclaim", Role.SUPPORT)


class Browser:
    """A person's browser: pages, and the forms that stand on them."""

    def __init__(self, stack: Stack, visitors: SignedIn) -> None:
        self._stack = stack
        self._visitors = visitors
        self._loop = asyncio.new_event_loop()
        self._client = self._loop.run_until_complete(self._opened())

    async def _opened(self) -> httpx.AsyncClient:
        settings = self._stack.settings
        own = House(settings, settings.database_url.get_secret_value())
        every = House(settings, settings.database_reader_url.get_secret_value())
        self._houses = (own, every)
        engine = await own.client(lazy=True)
        api = api_services(settings, own, engine)
        services = console_services(own, every, engine, api, self._visitors)
        app = Starlette(routes=[Mount(PREFIX, build_console(services))])
        return httpx.AsyncClient(
            transport=httpx.ASGITransport(app),
            base_url="http://desk",
            headers={"accept-language": "en"},
            follow_redirects=True,
        )

    def as_(self, organisation: str, role: Role, person: str = "") -> Browser:
        self._visitors.sign_in(organisation, role, person=person)
        return self

    def page(self, path: str) -> str:
        answer = self._loop.run_until_complete(self._client.get(f"{PREFIX}{path}"))
        assert answer.status_code == 200, f"{path}: {answer.status_code}"
        return unescape(answer.text)

    def send(self, path: str, form: dict[str, str]) -> httpx.Response:
        """The form of a page, with what its hidden members hold."""
        data = {"csrf": self._visitors.csrf, **form}
        return self._loop.run_until_complete(self._client.post(f"{PREFIX}{path}", data=data))

    def close(self) -> None:
        self._loop.run_until_complete(self._client.aclose())
        for house in self._houses:
            house.database.close()
        self._loop.close()


@pytest.fixture(scope="module")
def browser(flow_stack: Stack) -> Iterator[Browser]:
    browser = Browser(flow_stack, SignedIn())
    yield browser
    browser.close()


def faults(page: str) -> str:
    """What a page says that nothing was done for."""
    return unescape(page.partition('role="alert"')[2].partition("</section>")[0])


def hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found, f"no hidden {name}"
    return found[1]


def test_a_claim_is_examined_by_two_people_at_the_desk_and_paid_once(
    browser: Browser, victoria: Hospital, bank: Simulator
) -> None:
    paper = e6_papers()[0]
    paper["lines"][0] |= {"quantity": 20, "unit_price": cny_each(paper)}
    episode, answer = sent(victoria, claim([paper]))
    episode.wait("claims", state="pended")
    browser.as_(INSURER, Role.INSURER_EXAMINER)
    place = f"/episodes/{answer['episode_id']}/claims/{answer['claim_id']}"
    assert place in browser.page("/desk")
    page = browser.page(place)
    assert "are above the" in page
    number = hidden(page, "number")
    typed = {"number": number, "word": "lines", "approved-1": "939.90", "reason-1": "OTHER"}
    browser.as_(INSURER, Role.INSURER_EXAMINER, person="pn_without_licence")
    unlicensed = browser.send(f"{place}/decision", typed)
    assert unlicensed.status_code == 403 and "licence on file" in faults(unlicensed.text)
    assert 'value="939.90"' in unlicensed.text, "nothing that was typed is lost"
    browser.as_(INSURER, Role.INSURER_EXAMINER)
    refused = browser.send(f"{place}/decision", typed)
    assert refused.status_code == 422
    assert 'value="939.90"' in refused.text, "nothing that was typed is lost"
    assert "/lines/0/approved" in refused.text
    waits = browser.send(f"{place}/decision", typed | {"approved-1": "900.00"})
    assert "waits for a second person" in waits.text
    again = browser.send(f"{place}/decision", typed | {"approved-1": "800.00"})
    assert "sent before, and counts once" in again.text
    assert "/confirmation" not in browser.page(place), "another person's word is needed"
    own = {"number": number, "word": "confirmed", "text": "compared"}
    assert browser.send(f"{place}/confirmation", own).status_code == 422
    assert bank.journal("executed", reference=payout_of(answer)) == []
    browser.as_(INSURER, Role.INSURER_EXAMINER)
    confirmed = browser.send(f"{place}/confirmation", own)
    assert "The decision is confirmed." in confirmed.text, faults(confirmed.text)
    rows = episode.closed()
    assert [(p["state"], p["amount_minor"]) for p in rows["payouts"]] == [("credited", 82458)]
    assert len(bank.journal("executed", reference=payout_of(answer))) == 1
    assert place not in browser.page("/desk")


def cny_each(paper: dict[str, object]) -> dict[str, str]:
    assert paper
    return {"amount": "43.00", "currency": "CNY"}


def _failing(page: str) -> bool:
    return "the next try is at" in page


def test_support_sees_what_waits_and_has_it_tried_again_without_a_second_claim(
    browser: Browser, shenzhen: Hospital, insurer: Simulator, bank: Simulator
) -> None:
    stay = InpatientStay.there(shenzhen)
    episode = stay.billed_before_discharge()
    insurer.fault("error_500", times=-1, policy_number=stay.policy)
    episode.say("discharge", DISCHARGED)
    path = episode.path.removeprefix("/v1")
    browser.as_(*SUPPORT)
    until(lambda: _failing(browser.page(f"{path}/history")), "a step that is tried again")
    assert "Try the waiting step again now" in browser.page(path)
    insurer.behave()
    told = browser.send(f"{path}/try-again", {"text": "the insurer is back"})
    assert told.status_code == 200
    rows = episode.closed()
    assert [p["state"] for p in rows["payouts"]] == ["credited"]
    assert len(bank.journal("executed", reference=stay.payout)) == 1
    page = browser.page(path)
    assert "the insurer is back" in page
    assert "had the step that waited tried again" in browser.page(f"{path}/history")
    # The claim as it went out and what came back, with the refusals before it.
    said = [browser.page(one) for one in re.findall(rf'/console({path}/messages/\d+)"', page)]
    assert any('"Claim"' in one for one in said)
    assert all("Answer code" in one and stay.policy not in one for one in said)
