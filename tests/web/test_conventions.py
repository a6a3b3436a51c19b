"""What every route of ``/v1`` keeps to; a new route is walked as soon as it is there."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import httpx
import pytest
from fastapi.routing import APIRoute

from crossclaim.api.application import ROUTERS, build_app
from crossclaim.domain.claim_letter import LetterKind
from crossclaim.security.roles import POLICY, Principal, Role
from tests.web import house as houses
from tests.web.house import SHENZHEN, MemoryHouse, services_over, started
from tests.web.test_access import guards

ROUTES = [
    route
    for router in ROUTERS
    for route in router.routes
    if isinstance(route, APIRoute) and route.path.startswith("/v1/")
]
NO_BODY = {
    "/v1/subject-requests/{request_id}/confirmation",
    "/v1/episodes/{episode_id}/uploads/{upload}/complete",
    "/v1/episodes/{episode_id}/information-requests/{request_id}/links",
    "/v1/episodes/{episode_id}/patient-links",
    "/v1/webhook-endpoints/{endpoint}/pings",
    "/v1/webhook-endpoints/{endpoint}/messages/{message}/replays",
}
OTHER_BODY = {
    "/v1/episodes/{episode_id}/documents": "the document itself",
    "/v1/uploads/{link}/{item}": "the document itself; the link is looked up first",
    "/v1/uploads/{link}/{item}/not-had": "the link is looked up first",
}
UNPAGED = {
    "/v1/me": "one thing",
    "/v1/consent-texts": "an installation's texts are few",
    "/v1/consent-texts/{type}/{version}": "one thing",
    "/v1/subject-requests/{request_id}": "one thing",
    "/v1/subject-requests/{request_id}/export": "one file",
    "/v1/episodes/{episode_id}": "one thing",
    "/v1/episodes/{episode_id}/story": "one thing",
    "/v1/exposures": "an insurer's letters in force, summed",
    "/v1/episodes/{episode_id}/bills/{number}/versions": "a bill has few",
    "/v1/episodes/{episode_id}/bills/{number}/differences": "one thing",
    "/v1/episodes/{episode_id}/bills/{number}/cancellation": "one thing",
    "/v1/episodes/{episode_id}/cancellation": "one thing",
    "/v1/episodes/{episode_id}/repairs": "an episode's are few",
    "/v1/episodes/{episode_id}/hand-overs": "a patient is handed over a few times",
    "/v1/episodes/{episode_id}/hand-overs/{number}/record": "one thing",
    "/v1/episodes/{episode_id}/voucher-use-records/{claim_id}": "one thing",
    "/v1/credit-accounts/{account_id}": "one thing",
    "/v1/credit-accounts/{account_id}/statement": "one thing",
    "/v1/claims/{claim_id}/appeals": "levels of appeal are few",
    "/v1/claims/{claim_id}/letters/{kind}": "one thing",
    "/v1/claims/{claim_id}/papers/{kind}": "one thing",
    "/v1/guarantees/{guarantee_id}/paper": "one thing",
    "/v1/settlement-lists/{hospital}/{day}": "one thing",
    "/v1/bank-days/{bank}/{account}/{day}": "one thing",
    "/v1/reconciliation-orders/{order}": "one thing",
    "/v1/settlements": "a day's, one for each funder and hospital",
    "/v1/settlements/{hospital}/{funder}/{day}": "one thing",
    "/v1/episodes/{episode_id}/claim-reviews": "an episode's claims are few",
    "/v1/episodes/{episode_id}/information-requests": "an episode's are few",
    "/v1/episodes/{episode_id}/information-requests/{request_id}/documents/{item}": "one thing",
    "/v1/uploads/{link}": "one thing",
    "/v1/episodes/{episode_id}/record-requests/{number}": "one thing",
    "/v1/submissions/{submission}": "one thing",
    "/v1/import-templates/{file}": "one file",
    "/v1/webhook-event-types": "the whole catalogue",
    "/v1/webhook-endpoints/{endpoint}": "one thing",
    "/v1/webhook-endpoints/{endpoint}/messages/{message}": "one thing",
    "/v1/webhook-endpoints/{endpoint}/replays/{replay}": "one thing",
    "/v1/family-bindings/{binding_id}": "one thing",
    "/v1/family-bindings/{binding_id}/story": "one thing",
    "/v1/family-code-links/{link_id}": "one thing",
}
VALUES = {
    "claim_id": "cl_1",
    "account_id": "ca_" + "0" * 26,
    "binding_id": "fb_" + "0" * 26,
    "link_id": "fc_" + "0" * 26,
    "endpoint": "we_" + "0" * 26,
    "message": "msg_" + "0" * 32,
    "replay": "wr_" + "0" * 32,
    "order": "ro_" + "0" * 32,
    "submission": "sb_" + "0" * 26,
    "item": "1",
    "account": "0" * 64,
    "day": "2026-01-01",
    "kind": "decision",
    "file": "bills",
}
DEEP = b'{"a":' * 65 + b"1" + b"}" * 65
MALFORMED = {
    "too large": (b'{"a": "' + b"x" * 200_001 + b'"}', 413, "BODY_TOO_LARGE"),
    "too deep": (DEEP, 400, "JSON_TOO_DEEP"),
    "a key twice": (b'{"a": {"b": 1, "b": 2}}', 400, "JSON_DUPLICATE_KEY"),
    "no number": (b'{"a": NaN}', 400, "JSON_NAN"),
    "no utf-8": (b'{"a": "\xff"}', 400, "NOT_UTF8"),
    "no object": (b"[]", 400, "JSON_NOT_OBJECT"),
    "cut": (b'{"a": ', 400, "NOT_JSON"),
}


def writes() -> list[tuple[str, APIRoute]]:
    return [
        (method, route)
        for route in ROUTES
        for method in sorted(route.methods & {"POST", "PATCH", "PUT"})
        if route.path not in NO_BODY and route.path not in OTHER_BODY
    ]


def reads() -> list[APIRoute]:
    return [route for route in ROUTES if "GET" in route.methods]


def address(route: APIRoute, episode: str) -> str:
    values = {**VALUES, "episode_id": episode}
    return re.sub(r"\{(\w+)\}", lambda found: values.get(found[1], "x1"), route.path)


class Known:
    """Accounts and claims that are there, of the one episode."""

    def __init__(self, episode: str) -> None:
        self._episode = episode

    async def account(self, principal: Principal, account_id: str) -> dict[str, Any]:
        return {"account_id": account_id}

    async def statement(
        self, principal: Principal, account_id: str, language: str
    ) -> dict[str, Any]:
        return {"account_id": account_id, "language": language}

    async def episode_of(self, principal: Principal, claim_id: str) -> str:
        return self._episode

    async def appeals(self, principal: Principal, claim_id: str) -> dict[str, Any]:
        return {"appeals": []}

    async def letter(
        self,
        principal: Principal,
        claim_id: str,
        kind: LetterKind,
        language: str,
        version: int | None,
    ) -> tuple[str, bytes]:
        return "application/pdf", b"%PDF"


@pytest.fixture
def everybody(monkeypatch: pytest.MonkeyPatch) -> None:
    for role in Role:
        someone = Principal(organisation="hku-szh", role=role, key_id=role.value)
        monkeypatch.setitem(houses.KEYS, f"cc_test_{role.value}", someone)


@pytest.fixture
async def caller(
    house: MemoryHouse, everybody: None
) -> AsyncIterator[tuple[httpx.AsyncClient, str]]:
    """A client whose body limit is small, and an episode that it may see."""
    episode = f"ep_{1:026d}"
    known = Known(episode)
    app = build_app(replace(services_over(house), credit=known, claims=known))
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://api.test") as client:
        assert await started(client) == episode
        house.owners |= dict.fromkeys(VALUES.values(), "hku-szh")
        yield client, episode


def key_for(route: APIRoute) -> dict[str, str]:
    """The key of a role that may use it."""
    found = guards(route)
    role = sorted(POLICY[found[0]])[0].value if found else "nobody"
    return {"Authorization": f"Bearer cc_test_{role}", "Accept-Language": "zh-HK"}


def is_problem(answer: httpx.Response, status: int, code: str | None = None) -> None:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["content-language"] == "zh-Hant"
    told = answer.json()
    assert told["status"] == status and not re.fullmatch(r"[ -~]*", told["detail"])
    if code is not None:
        assert code in {told["code"], *(error["code"] for error in told.get("errors", []))}
    for error in told.get("errors", []):
        assert error["detail_en"] and error["detail_zh_hans"] and "pointer" in error


async def test_every_body_is_read_strictly_and_refused_in_the_callers_language(
    caller: tuple[httpx.AsyncClient, str],
) -> None:
    client, episode = caller
    walked = 0
    for method, route in writes():
        headers, place = key_for(route), address(route, episode)
        typed = {**headers, "Content-Type": "application/json"}
        for content, status, code in MALFORMED.values():
            answer = await client.request(method, place, content=content, headers=typed)
            is_problem(answer, status, code)
            walked += 1
        plain = {**headers, "Content-Type": "text/plain"}
        is_problem(await client.request(method, place, content=b"{}", headers=plain), 415)
        for bad in ("", "x" * 256, "k\u00e9y"):
            again = {**typed, "Idempotency-Key": bad.encode("latin-1")}
            answer = await client.request(method, place, content=b'{"zzz": 1}', headers=again)
            assert answer.status_code in (400, 422), f"{place}: {answer.text}"
    assert walked > 400


async def test_the_frameworks_own_refusals_speak_the_callers_language_too(
    caller: tuple[httpx.AsyncClient, str],
) -> None:
    client, episode = caller
    for route in ROUTES:
        place = address(route, episode)
        is_problem(await client.request("TRACE", place, headers={"Accept-Language": "zh-TW"}), 405)
        is_problem(await client.get(place + "/no/such", headers={"Accept-Language": "zh-MO"}), 404)
    for route in reads():
        if "limit" in {one.name for one in route.dependant.query_params}:
            wrong = {"limit": "0", "cursor": "é"}
            answer = await client.get(address(route, episode), params=wrong, headers=key_for(route))
            is_problem(answer, 422, "PARAMETER_NOT_VALID")


def test_every_list_is_paged_or_said_to_be_short() -> None:
    paged = {
        route.path
        for route in reads()
        if {"limit", "cursor"} <= {one.name for one in route.dependant.query_params}
    }
    assert paged.isdisjoint(UNPAGED)
    assert {route.path for route in reads()} == paged | set(UNPAGED)


async def test_a_read_has_a_tag_and_is_not_sent_again_while_it_is_the_same(
    caller: tuple[httpx.AsyncClient, str],
) -> None:
    client, episode = caller
    answered = 0
    for route in reads():
        headers, place = key_for(route), address(route, episode)
        first = await client.get(place, headers=headers)
        if first.status_code != 200:
            continue
        answered += 1
        tag = first.headers["etag"]
        for given in (tag, "*", f'"other", {tag}', f"W/{tag}"):
            same = await client.get(place, headers={**headers, "If-None-Match": given})
            assert (same.status_code, same.content) == (304, b"")
            assert same.headers["etag"] == tag and "x-correlation-id" in same.headers
        for given in ('"other"', "no tag"):
            other = await client.get(place, headers={**headers, "If-None-Match": given})
            assert (other.status_code, other.content) == (200, first.content)
    assert answered >= 5


async def test_a_change_that_saw_another_version_is_refused_and_changes_nothing(
    caller: tuple[httpx.AsyncClient, str], house: MemoryHouse
) -> None:
    client, episode = caller
    place, content = f"/v1/episodes/{episode}/admission", {"admitted_at": "2026-03-11T09:00:00Z"}
    tag = (await client.get(f"/v1/episodes/{episode}", headers=SHENZHEN)).headers["etag"]
    kept = len(house.answers)
    for given in ('"other"', f"W/{tag}"):
        headers = {**SHENZHEN, "If-Match": given, "Accept-Language": "zh-HK"}
        is_problem(await client.post(place, json=content, headers=headers), 412)
    headers = {**SHENZHEN, "If-Match": "no tag", "Accept-Language": "zh-HK"}
    is_problem(await client.post(place, json=content, headers=headers), 400, "ETAG_FORM")
    assert len(house.answers) == kept
    taken = await client.post(place, json=content, headers={**SHENZHEN, "If-Match": tag})
    assert taken.status_code == 201, taken.text
    nobody = await client.post(place, json=content, headers={"If-Match": '"other"'})
    assert nobody.status_code == 401


async def test_a_list_leads_to_its_next_page_with_its_filters(everybody: None) -> None:
    class Long(MemoryHouse):
        async def accesses(self, principal: Principal, episode_id: str) -> dict[str, Any]:
            return {"accesses": list(range(5)), "notices": []}

    app = build_app(services_over(Long()))
    place = "/v1/episodes/ep_1/record-accesses?limit=2"
    seen: list[int] = []
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url="http://api.test", headers=SHENZHEN
    ) as client:
        while place:
            answer = await client.get(place)
            seen += answer.json()["accesses"]
            link = answer.headers.get("link", "")
            assert bool(link) is (answer.json()["next"] is not None)
            place = link[1 : link.index(">")] if link else ""
        wrong = await client.get("/v1/episodes/ep_1/record-accesses?cursor=abc")
    assert seen == [0, 1, 2, 3, 4]
    assert json.loads(wrong.content)["errors"][0]["pointer"] == "/query/cursor"


async def test_what_takes_long_is_answered_with_the_place_of_its_outcome(
    caller: tuple[httpx.AsyncClient, str], house: MemoryHouse
) -> None:
    client, episode = caller
    content = {"admitted_at": "2026-03-11T09:00:00Z"}
    first = await client.post(f"/v1/episodes/{episode}/admission", json=content, headers=SHENZHEN)
    assert first.headers["location"] == f"/v1/episodes/{episode}"
    (known,) = [key for key in house.answers if "admission" in key[1]]
    kept, answer = house.answers[known]
    later = answer.model_copy(update={"status": 202, "submission_id": "sb_1"})
    house.answers[known] = (kept, later)
    again = await client.post(f"/v1/episodes/{episode}/admission", json=content, headers=SHENZHEN)
    assert (again.status_code, again.headers["location"]) == (202, "/v1/submissions/sb_1")
