"""Every route asks who calls, or is on the list of those that need not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import httpx
import pytest
from fastapi import APIRouter, FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from starlette.routing import BaseRoute, Route

from crossclaim.api.access import PUBLIC_ROUTES, Requires
from crossclaim.api.application import build_app
from crossclaim.security.roles import POLICY, Operation
from tests.web.house import (
    AUDITOR,
    JIANGMEN,
    SHENZHEN,
    MemoryHouse,
    example,
    services_over,
    started,
)


def operations(dependant: Dependant) -> list[Operation]:
    own = [dependant.call.operation] if isinstance(dependant.call, Requires) else []
    return own + [op for part in dependant.dependencies for op in operations(part)]


def routes_of(routes: Iterable[BaseRoute]) -> Iterator[Route]:
    """Every route, those of included routers too; anything that is neither stops the test."""
    for route in routes:
        router = getattr(route, "original_router", None)
        if router is not None:
            yield from routes_of(router.routes)
        else:
            assert isinstance(route, Route), f"{route} is neither a route nor known to this test"
            yield route


def unguarded(app: FastAPI) -> set[str]:
    return {route.path for route in routes_of(app.routes) if not guards(route)}


def guards(route: BaseRoute) -> list[Operation]:
    return operations(route.dependant) if isinstance(route, APIRoute) else []


def test_every_route_declares_its_operation_or_is_listed_as_public() -> None:
    assert unguarded(build_app(services_over(MemoryHouse()))) == set(PUBLIC_ROUTES)


def test_the_check_sees_a_route_that_forgot_its_operation() -> None:
    app = build_app(services_over(MemoryHouse()))
    app.include_router(forgetful())
    assert "/v1/forgotten" in unguarded(app)


def forgetful() -> APIRouter:
    router = APIRouter()

    @router.get("/v1/forgotten")
    async def forgotten() -> None: ...

    return router


def test_every_operation_of_a_route_has_a_row_in_the_policy() -> None:
    app = build_app(services_over(MemoryHouse()))
    declared = {op for route in routes_of(app.routes) for op in guards(route)}
    assert declared <= set(POLICY)
    of_people_alone = {
        Operation.WRITE_STAFF_NOTE,
        Operation.KEEP_VIEW,
        Operation.KEEP_WORKLIST,
        Operation.READ_RULES,
        Operation.PROPOSE_PLAN,
        Operation.DECIDE_PLAN,
        Operation.READ_OPERATIONS,
        Operation.MANAGE_SCHEDULES,
        Operation.TRY_PARTY_AGAIN,
        Operation.SHOW_IN_CLEAR,
        Operation.READ_PAPER,
        Operation.READ_PARTY_MESSAGE,
        Operation.HOLD_DOCUMENT,
    }
    assert declared == set(Operation) - of_people_alone - {Operation.RECORD_DECISION}


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": "Basic YTpi"},
        {"Authorization": "Bearer cc_test_nobody"},
        {"Authorization": "Bearer " + "x" * 5000},
        {"Authorization": "Bearer cc_\u00e9"},
    ],
)
async def test_without_a_valid_key_nothing_is_answered(
    client: httpx.AsyncClient, headers: dict[str, str]
) -> None:
    encoded = [(name.encode(), value.encode("latin-1")) for name, value in headers.items()]
    response = await client.get("/v1/episodes", headers=encoded)
    assert response.status_code == 401
    assert response.headers["www-authenticate"].startswith("Bearer")
    assert response.json()["code"] == "NOT_AUTHENTICATED"


async def test_two_keys_in_one_request_are_none(client: httpx.AsyncClient) -> None:
    twice = [("Authorization", "Bearer cc_test_shenzhen")] * 2
    assert (await client.get("/v1/episodes", headers=twice)).status_code == 401


async def test_a_role_that_only_reads_cannot_submit(client: httpx.AsyncClient) -> None:
    body = example("episode-1-inpatient")
    response = await client.post("/v1/episodes", json=body, headers=AUDITOR)
    assert response.status_code == 403
    assert 'error="insufficient_scope"' in response.headers["www-authenticate"]


async def test_another_hospitals_episode_is_answered_like_one_that_does_not_exist(
    client: httpx.AsyncClient,
) -> None:
    mine = await started(client)
    answers = []
    for episode in (mine, "ep_00000000000000000000000099"):
        for path in ("", "/story"):
            response = await client.get(f"/v1/episodes/{episode}{path}", headers=JIANGMEN)
            body = response.json()
            del body["correlation_id"], body["instance"]
            answers.append((response.status_code, body))
        response = await client.post(f"/v1/episodes/{episode}/bills", json={}, headers=JIANGMEN)
        assert response.status_code == 404
    assert answers[0] == answers[1] == answers[2] == answers[3]
    assert answers[0][0] == 404
    assert (await client.get(f"/v1/episodes/{mine}", headers=SHENZHEN)).status_code == 200


async def test_a_hospital_cannot_submit_in_the_name_of_another(client: httpx.AsyncClient) -> None:
    body = example("episode-1-inpatient")
    response = await client.post("/v1/episodes", json=body, headers=JIANGMEN)
    assert response.status_code == 422
    assert [e["code"] for e in response.json()["errors"]] == ["HOSPITAL_NOT_YOURS"]
