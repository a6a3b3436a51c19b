"""Whatever the description allows or forbids is answered as the description says.

In process on PostgreSQL, with real keys of the role that an operation names first. No workflow
engine and no object store run: an answer of 500 and more must say that one of those is away.
"""

from __future__ import annotations

import asyncio
import math
import os
from collections.abc import Iterator
from dataclasses import replace
from typing import cast

import pytest
from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from crossclaim.api.application import build_app
from crossclaim.app import api_services
from crossclaim.engine import EpisodeEngine
from crossclaim.security.api_keys import new_key
from crossclaim.security.principal import HOSPITAL_ROLES, INSURER_ROLES, Role
from crossclaim.service.intake import EngineIntake
from crossclaim.stack import Part, Stack
from crossclaim.store.intake_tables import SqlIntake
from crossclaim.store.keys import SqlApiKeys
from crossclaim.store.wire import Answer, Values, Wire
from crossclaim.wiring import House, api_house, worker_house
from tests.prepared import prepared_home
from tests.steps.rig import HOSPITAL, MUTUAL, Rig, policy_number
from tests.web.described import DescribedApi
from tests.web.followed import FollowedApi, StepEngine, opened_episode

FULL = os.environ.get("CROSSCLAIM_FULL") == "1"
CASES = 10_000 if FULL else 600
ALONG_LINKS, STEPS = (4_000, 30) if FULL else (60, 15)


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """One of its own: what is taken in here would be found by the tests of another."""
    home = prepared_home(tmp_path_factory, "described")
    parts = frozenset({Part.POSTGRES})
    with Stack.start(home, parts=parts, port_base=0, supervise=False) as stack:
        yield stack


@pytest.fixture(scope="module")
def houses(stack: Stack) -> Iterator[tuple[House, House]]:
    """A worker's and the API's."""
    alone = stack.settings.model_copy(update={"temporal_address": "127.0.0.1:1"})
    worker, house = worker_house(stack.settings), replace(api_house(stack.settings), settings=alone)
    yield worker, house
    worker.database.close()
    house.database.close()


@pytest.fixture(scope="module")
def rig(houses: tuple[House, House]) -> Rig:
    return Rig.of(*houses)


@pytest.fixture(scope="module")
def api(rig: Rig, houses: tuple[House, House]) -> Iterator[DescribedApi]:
    house = houses[1]
    alone = house.settings
    with asyncio.Runner() as runner:
        services = api_services(alone, house, runner.run(house.client(lazy=True)))
        # The pace of one key would answer the most of them.
        app = build_app(replace(services, pacing=None))
        api = DescribedApi(app, keys_of(rig).__getitem__, known(rig), runner)
        yield api
        runner.run(api.client.aclose())


@pytest.fixture(scope="module")
def followed(api: DescribedApi, rig: Rig, houses: tuple[House, House]) -> FollowedApi:
    """The same with a worker's steps behind its intake."""
    house = houses[1]
    services, rows = api.app.state.services, SqlIntake(house.database, house.keyring)
    intake = EngineIntake(rows, cast(EpisodeEngine, StepEngine(rig)), 30)
    app = build_app(replace(services, intake=intake))
    return FollowedApi(replace_app(api, app), rig, opened_episode(rig))


def replace_app(api: DescribedApi, app: FastAPI) -> DescribedApi:
    return DescribedApi(app, api.key_of, api.known, api.runner)


def known(rig: Rig) -> dict[str, str]:
    """An episode of this hospital's, with a claim to this insurer."""
    visit = rig.visit(policy_number())
    visit.accepted()
    claim = next(c.id for c in rig.rows(visit.episode).claims if c.organisation_id == MUTUAL)
    return {"episode_id": visit.episode, "claim_id": claim}


def keys_of(rig: Rig) -> dict[str, str]:
    store, keys = SqlApiKeys(rig.database), {}
    rig.change(
        "insert into organisation (id, kind, name) values ('crossclaim', 'operator', 'crossclaim')"
        " on conflict do nothing"
    )
    for role in Role:
        insurers = MUTUAL if role in INSURER_ROLES else "crossclaim"
        keys[role.value], record = new_key("demo")
        store.add(HOSPITAL if role in HOSPITAL_ROLES else insurers, role.value, record)
    return keys


READS = {
    "/v1/me": ("hospital_billing", 1),
    "/v1/episodes": ("hospital_billing", 2),
    "/v1/episodes/{episode_id}": ("hospital_billing", 3),
    "/v1/episodes/{episode_id}/story": ("hospital_billing", 3),
    "/fhir/EpisodeOfCare/{resource}": ("hospital_billing", 4),
    "/fhir/ClaimResponse?patient=Patient/{resource}": ("hospital_billing", 7),
}
"""Address → who asks, and statements beside each transaction's own (begin, whose rows, commit); the
last of them is the audit's row."""


def test_a_read_costs_a_pinned_number_of_statements(
    api: DescribedApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[str] = []
    send = Wire.send

    def counted(wire: Wire, statement: str, values: Values | None = None) -> Answer:
        if values is not None and "set_config" not in statement:
            sent.append(statement)
        return send(wire, statement, values)

    monkeypatch.setattr(Wire, "send", counted)
    episode = api.known["episode_id"]
    words = {"episode_id": episode, "resource": episode.replace("_", "-")}
    counts = {}
    for path, (role, _) in READS.items():
        head = {"Authorization": f"Bearer {api.key_of(role)}"}
        for _ in range(2):  # The first one looks for the key.
            sent.clear()
            answer = api.runner.run(api.client.get(path.format(**words), headers=head))
            assert answer.status_code == 200, answer.text
        counts[path] = (role, len(sent))
    assert counts == READS


def test_every_answer_is_as_the_description_says(api: DescribedApi) -> None:
    operations = api.operations()
    # A tenth more: an operation without an input is soon asked in every way there is.
    examples = math.ceil(1.1 * CASES / len(operations))
    for operation in operations:
        api.walk(operation, examples)
    assert api.statuses.total() >= CASES
    # Read, refused and taken in, so that the walk is none of refusals alone; which body is taken
    # and whether a second one differs is chance.
    assert {200, 400, 404, 415, 422} <= set(api.statuses), api.statuses
    assert {201, 202} & set(api.statuses), api.statuses
    assert not api.broken, "\n".join(api.told())


ALONG = {
    "GET /v1/episodes/{episode_id}",
    "GET /v1/episodes/{episode_id}/story",
    "POST /v1/episodes/{episode_id}/bills",
    "GET /v1/episodes/{episode_id}/bills/{number}/versions",
    "POST /v1/episodes/{episode_id}/tenders",
}
"""Episode, bill, split and payment: reached by links alone."""
WINDOW = r"^/v1/episodes(/\{episode_id\}(/(bills|tenders|story).*)?)?$"
"""Where these lie. Among all operations chance takes thousands of requests to a payment."""


def test_every_answer_along_the_links_is_as_the_description_says(followed: FollowedApi) -> None:
    followed.walk(ALONG_LINKS, STEPS, WINDOW, ALONG)
    if FULL:
        followed.walk(ALONG_LINKS, STEPS, "^/v1/(episodes|claims)", set())
        followed.walk(ALONG_LINKS, STEPS, "", set())
    told = "\n".join(followed.api.told())
    assert not followed.api.broken, told
    assert followed.reached() >= ALONG, sorted(followed.reached())


def test_a_server_error_and_an_answer_off_its_schema_are_noticed() -> None:
    app = FastAPI()

    @app.get("/breaks", responses={500: {}})
    async def breaks(request: Request) -> Response:
        return JSONResponse({}, 500)

    @app.get("/lies")
    async def lies(request: Request) -> dict[str, int]:
        return JSONResponse(["no object"])  # type: ignore[return-value]

    @app.get("/silent")
    async def silent(request: Request) -> Response:
        return JSONResponse({}, 404)

    with asyncio.Runner() as runner:
        api = DescribedApi(app, str, {}, runner)
        for operation in api.operations():
            api.walk(operation, 2)
    assert set(api.broken) == {
        "GET /breaks: 500",
        "GET /lies: 200 JsonSchemaError",
        "GET /silent: 404 UndefinedStatusCode",
    }
