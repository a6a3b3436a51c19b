"""The console is entered as the API is: by its session, at its pace; odd knocks are refused."""

from __future__ import annotations

import base64
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace

import pytest
from starlette.requests import Request

from crossclaim.api.pacing import Pacing, TooFast
from crossclaim.security.pace import Pace
from crossclaim.security.principal import Role
from crossclaim.service.console import SessionVisitors
from crossclaim.stack import Stack
from tests.gateways.simulated_party import SimulatedParty
from tests.steps.front_door import Door, door_of
from tests.steps.rig import MUTUAL, Rig
from tests.steps.test_sign_ins import BACK, SUPERVISOR, known, sign_in, to_provider

_FORM = b"application/x-www-form-urlencoded"
_ASSERTED = (
    b"grant_type=client_credentials&client_assertion_type="
    b"urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer&client_assertion="
    + base64.urlsafe_b64encode(b'{"alg": "ES256"}')
)


@pytest.fixture(scope="module")
def provider(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SimulatedParty]:
    folder = tmp_path_factory.mktemp("identity")
    with SimulatedParty("identity", folder, "--redirect-uri", BACK) as party:
        yield party


@pytest.fixture
async def door(stack: Stack, rig: Rig, provider: SimulatedParty) -> AsyncIterator[Door]:
    async with door_of(stack, oidc_issuer=provider.url, entries_per_s=0) as opened:
        known(opened, provider.url, SUPERVISOR, MUTUAL, Role.INSURER_SUPERVISOR, Role.FINANCE)
        yield opened
        for person in opened.people.listed():
            opened.people.end_sessions(person.id)


def asked(cookie: str, method: str = "GET") -> Request:
    headers = [(b"cookie", f"crossclaim={cookie}".encode())]
    scope = {"type": "http", "method": method, "path": "/console/", "headers": headers}
    return Request({**scope, "query_string": b"", "client": ("192.0.2.1", 1)})


async def test_the_console_is_asked_no_faster_than_the_api(
    door: Door, provider: SimulatedParty
) -> None:
    await sign_in(door, provider, SUPERVISOR)
    cookie = door.client.cookies["crossclaim"]
    slow = Pace(per_s=0.001, burst=2)
    paced = replace(door.services, pacing=Pacing(reading=slow, writing=slow, entering=slow))
    visitors = SessionVisitors(paced)
    twice = asked(cookie)
    for _ in range(3):
        # One page asks who it is as often as it likes.
        assert await visitors.visitor(twice) is not None
    assert await visitors.visitor(asked(cookie)) is not None
    with pytest.raises(TooFast):
        await visitors.visitor(asked(cookie))
    assert await visitors.visitor(asked(cookie, "POST")) is not None
    wrong = "x" * 43
    for _ in range(2):
        assert await visitors.visitor(asked(wrong)) is None
    with pytest.raises(TooFast):
        await visitors.visitor(asked(wrong))


async def test_no_odd_knock_is_a_fault_of_ours(door: Door) -> None:
    for return_to in (
        "//evil.example",
        "/\\evil.example",
        "/console%0d%0ax: y",
        "https://e",
        "\x00",
    ):
        answer = await door.client.get("/sign-in/start", params={"return_to": return_to})
        assert answer.status_code == 303
        assert answer.headers["location"].startswith(door.api.settings.oidc_issuer)
    await to_provider(door)
    for query in (
        "state=%C3%A9&code=x",
        "state=%00&code=%00",
        "iss=%C3%A9",
        "state=x&state=y",
        "error=%00",
    ):
        await to_provider(door)
        answer = await door.client.get(f"/sign-in/back?{query}")
        assert 400 <= answer.status_code < 500, (query, answer.text)
    form = {"content-type": _FORM.decode()}
    for body in (
        b"logout_token=%00",
        b"logout_token=a.b.c",
        b"logout_token=eyJhbGciOiJub25lIn0.e30.",
        b"\xff",
        b"grant_type=client_credentials&client_assertion=a.b.c&client_assertion_type=%00",
        b"grant_type=client_credentials&client_id=%00&client_secret=%ED%A0%80",
        b"grant_type=client_credentials&scope=%00&client_id=%C3%A9&client_secret=x",
        b"grant_type=%00" + b"&a=b" * 4_000,
        _ASSERTED + b"." + base64.urlsafe_b64encode(b'{"iss": "\\ud800"}') + b".x",
        _ASSERTED + b"." + base64.urlsafe_b64encode(b'{"iss": "\\u0000"}') + b".x",
    ):
        for place in ("/sign-in/ended", "/oauth/token", "/sign-out"):
            answer = await door.client.post(place, content=body, headers=form)
            assert answer.status_code < 500, (place, body[:60], answer.text)
    for basic in ("Basic w6k6w6k=", "Basic AAAA", "Basic \xe9", "Bearer \xe9", "Basic OjAA"):
        answer = await door.client.post(
            "/oauth/token",
            content=b"grant_type=client_credentials",
            headers=[(b"content-type", _FORM), (b"authorization", basic.encode("latin-1"))],
        )
        assert answer.status_code < 500, (basic, answer.text)
    for place in ("/verify/%00", "/verify/%F0%9F%98%80", "/v1/uploads/ul_%01", "/fhir/Patient/%01"):
        assert (await door.client.get(place)).status_code < 500, place
