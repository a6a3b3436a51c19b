"""People sign in at a provider that is a process of its own, and act through a session's cookie."""

from __future__ import annotations

import re
import secrets
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import parse_qs, parse_qsl, urlsplit

import httpx
import pytest

from crossclaim.api import access
from crossclaim.api.identity_ports import SignedIn
from crossclaim.config import Settings
from crossclaim.domain.errors import CrossclaimError
from crossclaim.security.api_keys import new_key
from crossclaim.security.principal import Role
from crossclaim.service.front_door import identity_desk, is_loopback
from crossclaim.service.sign_ins import digest
from crossclaim.stack import Stack
from crossclaim.store.keys import SqlApiKeys
from crossclaim.store.sessions import SqlSessions
from tests.flows.hospital import example
from tests.gateways.simulated_party import SimulatedParty
from tests.steps.front_door import PUBLIC_URL, Door, door_of, later
from tests.steps.rig import HOSPITAL, MUTUAL, Rig, policy_number

BACK = f"{PUBLIC_URL}/sign-in/back"
SUPERVISOR, EXAMINER = "demo-supervisor", "demo-examiner"


@pytest.fixture(scope="module")
def provider(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SimulatedParty]:
    folder = tmp_path_factory.mktemp("identity")
    with SimulatedParty("identity", folder, "--redirect-uri", BACK) as party:
        yield party


@pytest.fixture(scope="module")
async def opened(stack: Stack, rig: Rig, provider: SimulatedParty) -> AsyncIterator[Door]:
    async with door_of(stack, oidc_issuer=provider.url, entries_per_s=0) as door:
        yield door


@pytest.fixture
def door(opened: Door, provider: SimulatedParty) -> Iterator[Door]:
    """Every test begins now, with nobody's cookie and a provider that tells the truth."""
    opened.clock.ahead = timedelta()
    opened.client.cookies.clear()
    provider.behave()
    yield opened
    for person in opened.people.listed():
        opened.people.end_sessions(person.id)


def known(door: Door, issuer: str, subject: str, organisation: str, *roles: Role) -> str:
    """The person's id: added once, with exactly these roles."""
    found = door.people.by_subject(issuer, subject)
    if found is None:
        return door.people.add(organisation, issuer, subject, "李國強", [r.value for r in roles])
    door.people.set_roles(found.id, [r.value for r in roles])
    return found.id


@pytest.fixture
def supervisor(door: Door, provider: SimulatedParty) -> str:
    return known(door, provider.url, SUPERVISOR, MUTUAL, Role.INSURER_SUPERVISOR, Role.FINANCE)


@dataclass(frozen=True)
class Came:
    """What a browser has after signing in."""

    back: httpx.Response
    csrf: str

    @property
    def headers(self) -> dict[str, str]:
        return {"X-CSRF-Token": self.csrf, "Origin": PUBLIC_URL, "Sec-Fetch-Site": "same-origin"}


async def to_provider(door: Door, **query: str) -> dict[str, str]:
    """Follows the button; what the provider is asked."""
    answer = await door.client.get("/sign-in/start", params=query)
    assert answer.status_code == 303
    return dict(parse_qsl(urlsplit(answer.headers["location"]).query))


def choose(provider: SimulatedParty, asked: dict[str, str], subject: str) -> str:
    """The person picks a name on the provider's page; where his browser is sent."""
    page = httpx.get(f"{provider.url}/authorize", params=asked)
    assert page.status_code == 200 and subject in page.text
    answer = httpx.post(f"{provider.url}/authorize", data={**asked, "sub": subject})
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


async def sign_in(door: Door, provider: SimulatedParty, subject: str, **query: str) -> Came:
    address = choose(provider, await to_provider(door, **query), subject)
    back = await door.client.get(address)
    assert back.status_code == 303, back.text
    told = (await door.client.get("/v1/me")).json()
    return Came(back, told["csrf"])


async def test_a_person_signs_in_acts_and_goes_out(
    door: Door, provider: SimulatedParty, supervisor: str
) -> None:
    page = await door.client.get("/sign-in", headers={"Accept-Language": "zh-HK"})
    assert 'lang="zh-Hant"' in page.text and "登入" in page.text
    assert "form-action 'self'" in page.headers["content-security-policy"]
    came = await sign_in(door, provider, SUPERVISOR, return_to="/v1/me?x=1")
    assert came.back.headers["location"] == "/v1/me?x=1"
    me = (await door.client.get("/v1/me")).json()
    assert (me["id"], me["organisation"], me["name"]) == (supervisor, MUTUAL, "李國強")
    assert me["roles"] == ["finance", "insurer_supervisor"]
    role = await door.client.post(
        "/v1/me/role", json={"role": "insurer_supervisor"}, headers=came.headers
    )
    assert role.status_code == 200
    assert (await door.client.get("/v1/me")).json()["role"] == "insurer_supervisor"
    assert (await door.client.get("/v1/claim-samples")).status_code == 200
    assert ("read_claim_samples", "200") in door.audited(supervisor)
    assert "李國強" in (await door.client.get("/sign-in")).text
    out = await door.client.post("/sign-out", data={"csrf": came.csrf})
    assert (out.status_code, out.headers["location"]) == (303, "/sign-in")
    assert (await door.client.get("/v1/me")).status_code == 401


async def test_the_cookie_is_kept_from_scripts_and_other_sites(
    door: Door, provider: SimulatedParty, supervisor: str
) -> None:
    came = await sign_in(door, provider, SUPERVISOR)
    (kept,) = [c for c in came.back.headers.get_list("set-cookie") if c.startswith("crossclaim=")]
    assert "HttpOnly" in kept and "SameSite=lax" in kept and "Path=/" in kept
    assert "Domain" not in kept and "Secure" not in kept, "this machine alone, without TLS"
    async with later(door, public_url="https://claims.example") as served:
        begun = await served.get("/sign-in/start")
    (kept,) = begun.headers.get_list("set-cookie")
    assert kept.startswith("__Host-crossclaim-sign-in=") and "Secure" in kept


async def test_a_session_never_goes_on_under_an_id_of_before(
    door: Door, provider: SimulatedParty, supervisor: str
) -> None:
    planted = secrets.token_urlsafe(32)
    door.client.cookies.set("crossclaim", planted, domain="127.0.0.1")
    await sign_in(door, provider, SUPERVISOR)
    first = door.client.cookies["crossclaim"]
    assert first != planted
    await sign_in(door, provider, SUPERVISOR)
    second = door.client.cookies["crossclaim"]
    assert second != first
    door.client.cookies.set("crossclaim", first, domain="127.0.0.1")
    assert (await door.client.get("/v1/me")).status_code == 401


@pytest.mark.parametrize(
    "fault", ["wrong-nonce", "wrong-issuer", "wrong-audience", "foreign-key", "expired"]
)
async def test_a_token_that_does_not_hold_signs_nobody_in(
    door: Door, provider: SimulatedParty, supervisor: str, fault: str
) -> None:
    provider.script(fault)
    address = choose(provider, await to_provider(door), SUPERVISOR)
    back = await door.client.get(address)
    assert back.status_code == 400 and 'role="alert"' in back.text
    assert (await door.client.get("/v1/me")).status_code == 401


async def test_the_way_back_counts_once_in_the_browser_that_began(
    door: Door, provider: SimulatedParty, supervisor: str
) -> None:
    asked = await to_provider(door)
    address = choose(provider, asked, SUPERVISOR)
    mine = dict(door.client.cookies)
    door.client.cookies.clear()
    assert (await door.client.get(address)).status_code == 400, "another browser"
    door.client.cookies.update(mine)
    assert (await door.client.get(address.replace("state=", "state=x"))).status_code == 400
    door.client.cookies.update(mine)
    assert (await door.client.get(address)).status_code == 400, "the attempt is spent"
    assert (asked["code_challenge_method"], asked["response_type"]) == ("S256", "code")
    stolen = parse_qs(urlsplit(choose(provider, asked, SUPERVISOR)).query)["code"][0]
    form = {"grant_type": "authorization_code", "code": stolen, "redirect_uri": BACK}
    guessed = httpx.post(
        f"{provider.url}/token", data={**form, "client_id": "crossclaim", "code_verifier": "x"}
    )
    assert guessed.status_code == 400, "a code is worth nothing without its verifier"


async def test_whom_the_provider_knows_and_we_do_not_is_not_let_in(
    door: Door, provider: SimulatedParty
) -> None:
    address = choose(provider, await to_provider(door), "demo-support")
    assert (await door.client.get(address)).status_code == 400


async def test_nobody_is_led_to_another_site_after_signing_in(
    door: Door, provider: SimulatedParty, supervisor: str
) -> None:
    for place in ("https://evil.example/", "//evil.example", "/\\evil.example", "javascript:1"):
        came = await sign_in(door, provider, SUPERVISOR, return_to=place)
        assert came.back.headers["location"] == "/"


async def test_a_change_that_no_page_of_ours_sent_is_refused(
    door: Door, provider: SimulatedParty, supervisor: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    came = await sign_in(door, provider, SUPERVISOR)
    forged = {
        "no token": {},
        "another token": {**came.headers, "X-CSRF-Token": "0" * 64},
        "another origin": {**came.headers, "Origin": "https://evil.example"},
        "a page of nowhere": {"X-CSRF-Token": came.csrf, "Origin": "null"},
        "another site": {**came.headers, "Sec-Fetch-Site": "cross-site"},
    }
    for name, headers in forged.items():
        answer = await door.client.post("/v1/me/role", json={"role": "finance"}, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (403, "CSRF_REFUSED"), name
    assert (await door.client.post("/sign-out")).status_code == 403
    # What Chromium sends for a form of a page with `Referrer-Policy: no-referrer`.
    form = {"X-CSRF-Token": came.csrf, "Origin": "null", "Sec-Fetch-Site": "same-origin"}
    own = await door.client.post("/v1/me/role", json={"role": "finance"}, headers=form)
    assert own.status_code == 200
    monkeypatch.setattr(access, "refuse_forgery", lambda *a, **k: None)
    naive = await door.client.post("/v1/me/role", json={"role": "finance"})
    assert naive.status_code == 200, "without the guard the forged change is made"


async def test_a_session_is_over_after_a_quarter_of_an_hour_without_a_request(
    door: Door, provider: SimulatedParty, supervisor: str
) -> None:
    await sign_in(door, provider, SUPERVISOR)
    for minutes, status in ((14, 200), (14, 200), (15, 401)):
        door.clock.pass_by(minutes=minutes)
        async with later(door) as client:
            assert (await client.get("/v1/me")).status_code == status


async def test_a_session_is_over_after_ten_hours_in_any_case(
    door: Door, provider: SimulatedParty, supervisor: str
) -> None:
    await sign_in(door, provider, SUPERVISOR)
    (session,) = door.people.sessions(supervisor)
    assert session["expires_at"] - session["signed_in_at"] < timedelta(hours=10, minutes=1)
    door.clock.pass_by(hours=9, minutes=59)
    # Somebody worked all day.
    SqlSessions(door.api.database).seen(digest(door.client.cookies["crossclaim"]), door.clock())
    for minutes, status in ((0, 200), (2, 401)):
        door.clock.pass_by(minutes=minutes)
        async with later(door) as client:
            assert (await client.get("/v1/me")).status_code == status


async def test_the_provider_and_the_desk_end_every_session_of_a_person(
    door: Door, provider: SimulatedParty, supervisor: str
) -> None:
    control = httpx.Client(base_url=provider.url)
    for end in ("provider", "disabled"):
        await sign_in(door, provider, SUPERVISOR)
        if end == "provider":
            told = control.post("/_control/logout-token", data={"sub": SUPERVISOR}).json()
            assert (await door.client.post("/sign-in/ended", data=told)).status_code == 200
            wrong = await door.client.post("/sign-in/ended", data={"logout_token": "a.b.c"})
            assert wrong.status_code == 400
        else:
            door.people.disable(supervisor)
        async with later(door) as client:
            assert (await client.get("/v1/me")).status_code == 401, end
    back = await door.client.get(choose(provider, await to_provider(door), SUPERVISOR))
    assert back.status_code == 400, "a disabled person does not come back"
    with door.keeper.database.begin() as connection:
        connection.execute(
            "update person set disabled_at = null where id = %(id)s", {"id": supervisor}
        )


async def test_where_money_goes_is_said_by_who_signed_in_just_now(
    door: Door, provider: SimulatedParty, supervisor: str
) -> None:
    came = await sign_in(door, provider, SUPERVISOR)
    address = f"/v1/episodes/ep_{'0' * 26}/payout-approvals"
    fresh = await door.client.post(address, json={}, headers=came.headers)
    assert fresh.status_code == 404, fresh.text
    door.clock.pass_by(minutes=5, seconds=1)
    stale = await door.client.post(address, json={}, headers=came.headers)
    assert (stale.status_code, stale.json()["code"]) == (401, "STEP_UP_NEEDED")
    told = stale.headers["www-authenticate"]
    assert 'error="insufficient_user_authentication"' in told and 'max_age="300"' in told
    assert (await door.client.get("/v1/me")).status_code == 200, "everything else goes on"
    asked = await to_provider(door, anew="true")
    assert (asked["max_age"], asked["prompt"]) == ("0", "login")


async def test_claim_service_in_the_mainland_needs_a_licence_on_that_day(
    door: Door, rig: Rig, provider: SimulatedParty
) -> None:
    examiner = known(door, provider.url, EXAMINER, MUTUAL, Role.INSURER_EXAMINER)
    episode = rig.visit(policy_number()).episode
    address = f"/v1/episodes/{episode}/information-requests"
    today = date.today()

    async def asks() -> httpx.Response:
        came = await sign_in(door, provider, EXAMINER)
        return await door.client.post(address, json={}, headers=came.headers)

    refused = await asks()
    assert (refused.status_code, refused.json()["code"]) == (403, "LICENCE_MISSING")
    assert "licence" in refused.json()["title"]
    door.people.add_licence(examiner, "L-OLD", date(2020, 1, 1), today - timedelta(days=2))
    assert (await asks()).status_code == 403, "one that is over"
    door.people.add_licence(examiner, "L-1", today - timedelta(days=2), None)
    assert (await asks()).status_code == 422, "let in; the empty form is what is wrong now"
    door.people.end_licences(examiner)
    assert (await asks()).status_code == 403
    with door.keeper.database.begin() as connection:
        rows = connection.execute("select sealed from person_licence").scalars()
    assert all(b"L-1" not in bytes(one) for one in rows)


async def test_a_person_with_two_sessions_and_a_key_is_one_person(
    door: Door, provider: SimulatedParty, supervisor: str
) -> None:
    """What the second person is compared by: the same for each way in."""
    plaintext, record = new_key("demo")
    keys = SqlApiKeys(door.keeper.database)
    keys.add(MUTUAL, Role.FINANCE.value, record, person=supervisor)
    by_key = await door.services.directory.principal_of(plaintext)
    actors = {by_key.actor if by_key else ""}
    for _ in range(2):
        await sign_in(door, provider, SUPERVISOR)
        session = await signed_in(door)
        actors.add(session.principal.actor)
    assert actors == {supervisor}


async def test_what_a_person_submits_stands_under_his_name_and_not_under_a_session(
    door: Door, provider: SimulatedParty
) -> None:
    """The row is what a second person is compared with."""
    cashier = known(door, provider.url, "demo-cashier", HOSPITAL, Role.HOSPITAL_BILLING)
    kept = []
    for _ in range(2):
        came = await sign_in(door, provider, "demo-cashier")
        episode = example("episode-1-inpatient")
        episode["visit"]["number"] = f"ZY-{secrets.token_hex(4)}"
        answer = await door.client.post("/v1/episodes", json=episode, headers=came.headers)
        assert answer.status_code == 202, answer.text
        with door.keeper.database.begin() as connection:
            rows = connection.execute(
                "select key_id from submission where episode_id = %(id)s",
                {"id": answer.json()["episode_id"]},
            )
            kept += rows.scalars()
    assert kept == [cashier, cashier]


async def signed_in(door: Door) -> SignedIn:
    desk = door.services.identity
    assert desk is not None and desk.sign_ins is not None
    found = await desk.sign_ins.session(door.client.cookies["crossclaim"])
    assert found is not None
    return found


def test_over_plain_http_people_sign_in_on_this_machine_alone(door: Door) -> None:
    assert is_loopback("http://127.0.0.1:8080") and is_loopback("http://[::1]:1")
    assert not is_loopback("http://10.0.0.1") and not is_loopback("http://127.0.0.1.evil.example")
    base = door.keeper.settings
    for wrong in (
        {"public_url": "http://claims.example", "oidc_issuer": "https://id.example"},
        {"public_url": "https://claims.example", "oidc_issuer": "http://id.example"},
    ):
        settings: Settings = base.model_copy(update=wrong)
        with pytest.raises(CrossclaimError, match="https"):
            identity_desk(settings, door.api.database, door.api.keyring)


def test_the_development_provider_listens_on_this_machine_alone() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    command = [sys.executable, "-m", "crossclaim.simulators.identity", "--data", "unused"]
    ended = subprocess.run(
        [*command, "--port", str(port), "--host", "0.0.0.0"], capture_output=True, text=True
    )
    assert ended.returncode == 1
    assert re.match("The development identity provider lets in whoever asks", ended.stderr)


async def test_names_and_subjects_stand_sealed(door: Door, supervisor: str) -> None:
    with door.keeper.database.begin() as connection:
        row = connection.execute(
            "select subject, sealed from person where id = %(id)s", {"id": supervisor}
        ).one()
    assert SUPERVISOR not in row.subject and "李國強".encode() not in bytes(row.sealed)


async def test_who_shows_nothing_sees_no_row_of_identity(door: Door, supervisor: str) -> None:
    """Row-level security: the API's role without a credential, and with another's."""
    tables = [
        *("person", "person_role", "person_licence", "person_session", "api_key"),
        *("oauth_client", "oauth_client_key", "oauth_assertion", "login_attempt"),
    ]
    for shown in ("", "pn_somebody"):
        with door.api.database.begin(HOSPITAL) as connection:
            connection.execute(
                "select set_config('crossclaim.credential', %(shown)s, true)", {"shown": shown}
            )
            for table in tables:
                assert connection.execute(f"select count(*) from {table}").scalar_one() == 0, table
    with door.keeper.database.begin() as connection:
        assert connection.execute("select count(*) from person").scalar_one() > 0
