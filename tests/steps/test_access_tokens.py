"""Systems get short access tokens by their own key or a secret; everything else is refused."""

from __future__ import annotations

import base64
import hmac
import json
import secrets
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey

from crossclaim.config import Settings
from crossclaim.security.access_tokens import ALGORITHM, TYPE, minted, new_signing_key
from crossclaim.security.api_keys import slow_hash
from crossclaim.security.principal import Role
from crossclaim.service.front_door import pacing
from crossclaim.service.token_desk import ASSERTION_TYPE
from crossclaim.stack import Stack
from crossclaim.store.oauth_clients import SqlOAuthClients, SqlTokenKeys
from tests.steps.front_door import PUBLIC_URL, Door, client_of, door_of, later
from tests.steps.rig import HOSPITAL, Rig

TOKEN_URL = f"{PUBLIC_URL}/oauth/token"


@dataclass(frozen=True)
class System:
    """A hospital's billing system with its own key."""

    door: Door
    id: str
    key: ECKey

    def assertion(self, key: Any = None, alg: str = "ES384", **claims: Any) -> str:
        now = int(self.door.clock().timestamp())
        told = {
            "iss": self.id,
            "sub": self.id,
            "aud": TOKEN_URL,
            "iat": now,
            "exp": now + 120,
            "jti": secrets.token_hex(8),
        } | claims
        told = {name: value for name, value in told.items() if value is not None}
        return jwt.encode({"alg": alg}, told, key or self.key, algorithms=[alg])

    async def ask(self, assertion: str, **form: str) -> httpx.Response:
        asked = {
            "grant_type": "client_credentials",
            "client_assertion_type": ASSERTION_TYPE,
            "client_assertion": assertion,
        }
        return await self.door.client.post("/oauth/token", data=asked | form)

    async def token(self, **form: str) -> str:
        answer = await self.ask(self.assertion(), **form)
        assert answer.status_code == 200, answer.text
        return str(answer.json()["access_token"])


@pytest.fixture(scope="module")
async def opened(stack: Stack, rig: Rig) -> AsyncIterator[Door]:
    async with door_of(stack, entries_per_s=0) as door:
        yield door


@pytest.fixture
def door(opened: Door) -> Door:
    """Every test begins now."""
    opened.clock.ahead = timedelta()
    return opened


def registered(door: Door, *, scopes: list[str] | None = None, secret: str | None = None) -> System:
    store = SqlOAuthClients(door.keeper.database)
    client_id, key = f"cl_{secrets.token_hex(8)}", ECKey.generate_key("P-384", {"kid": "one"})
    store.add(
        client_id,
        HOSPITAL,
        Role.HOSPITAL_BILLING.value,
        name="billing",
        scopes=scopes,
        secret_argon2=slow_hash(secret) if secret else None,
    )
    store.add_key(client_id, "one", dict(key.as_dict(private=False)))
    return System(door, client_id, key)


@pytest.fixture
def system(door: Door) -> System:
    return registered(door)


def encoded(part: bytes) -> str:
    return base64.urlsafe_b64encode(part).rstrip(b"=").decode()


async def me(door: Door, token: str) -> httpx.Response:
    return await door.client.get("/v1/me", headers={"Authorization": f"Bearer {token}"})


async def test_a_signed_assertion_gives_a_token_that_opens_the_api(system: System) -> None:
    answer = await system.ask(system.assertion())
    body = answer.json()
    assert (answer.status_code, body["token_type"], body["expires_in"]) == (200, "Bearer", 600)
    assert answer.headers["cache-control"] == "no-store"
    known = await me(system.door, body["access_token"])
    assert known.json() == {
        "organisation": HOSPITAL,
        "role": "hospital_billing",
        "id": system.id,
        "scopes": None,
    }
    episodes = await system.door.client.get(
        "/v1/episodes", headers={"Authorization": f"Bearer {body['access_token']}"}
    )
    assert episodes.status_code == 200
    assert ("read_myself", "200") in system.door.audited(system.id)


async def test_an_assertion_counts_once(system: System) -> None:
    assertion = system.assertion()
    assert (await system.ask(assertion)).status_code == 200
    again = await system.ask(assertion)
    assert (again.status_code, again.json()["error"]) == (401, "invalid_client")


WRONG: dict[str, dict[str, Any]] = {
    "another audience": {"aud": "https://elsewhere.example/oauth/token"},
    "our address alone": {"aud": PUBLIC_URL},
    "over": {"exp": 1_700_000_000},
    "without an end": {"exp": None},
    "living for an hour": {"exp": 4_000_000_000},
    "without a name of its own": {"jti": None},
    "of another issuer": {"iss": "cl_somebody"},
    "about another client": {"sub": "cl_somebody"},
}


@pytest.mark.parametrize("wrong", WRONG)
async def test_a_wrong_assertion_is_refused(system: System, wrong: str) -> None:
    answer = await system.ask(system.assertion(**WRONG[wrong]))
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")


async def test_only_the_clients_own_key_and_the_listed_algorithms_sign(system: System) -> None:
    claims = system.assertion().split(".")[1]
    unsigned, shared = encoded(b'{"alg":"none"}'), encoded(b'{"alg":"HS256"}')
    by_public_key = f"{shared}.{claims}"
    digest = hmac.digest(system.key.as_pem(private=False), by_public_key.encode(), "sha256")
    assertions = {
        "none": f"{unsigned}.{claims}.",
        "a foreign key": system.assertion(ECKey.generate_key("P-384")),
        "the public key as a shared secret": f"{by_public_key}.{encoded(digest)}",
        "a foreign RSA key": system.assertion(RSAKey.generate_key(2048), "RS384"),
        "no JWT": "abc",
        "nothing": "",
    }
    for name, assertion in assertions.items():
        answer = await system.ask(assertion)
        assert answer.status_code in (400, 401), name
        assert "access_token" not in answer.json()


async def test_a_secret_proves_a_small_system_and_no_other_secret_does(door: Door) -> None:
    system = registered(door, secret="right-secret")
    asked = {"grant_type": "client_credentials"}
    by_post = {"client_id": system.id, "client_secret": "right-secret"}
    assert (await door.client.post("/oauth/token", data=asked | by_post)).status_code == 200
    basic = (system.id, "right-secret")
    assert (await door.client.post("/oauth/token", data=asked, auth=basic)).status_code == 200
    for wrong in ((system.id, "wrong"), ("cl_nobody", "right-secret"), (system.id, "")):
        answer = await door.client.post("/oauth/token", data=asked, auth=wrong)
        assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")
        assert "www-authenticate" in answer.headers
    both = await door.client.post("/oauth/token", data=asked | by_post, auth=basic)
    assert both.status_code == 401
    for unheard in ("a\0b", "é", " \n"):
        answer = await door.client.post(
            "/oauth/token", data=asked | by_post | {"client_id": unheard}
        )
        assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ("grant_type=password", "unsupported_grant_type"),
        ("grant_type=client_credentials&grant_type=client_credentials", "invalid_request"),
        ("", "unsupported_grant_type"),
        ("%%%&&&", "invalid_request"),
    ],
)
async def test_another_form_is_refused_as_rfc_6749_says(door: Door, body: str, error: str) -> None:
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    answer = await door.client.post("/oauth/token", content=body, headers=headers)
    assert (answer.status_code, answer.json()["error"]) == (400, error)
    as_json = await door.client.post("/oauth/token", json={"grant_type": "client_credentials"})
    assert as_json.json()["error"] == "invalid_request"


async def test_a_token_can_be_narrowed_and_never_widened(door: Door) -> None:
    reader = registered(door, scopes=["read"])
    token = await reader.token()
    headers = {"Authorization": f"Bearer {token}"}
    assert (await door.client.get("/v1/episodes", headers=headers)).status_code == 200
    assert (await door.client.post("/v1/episodes", json={}, headers=headers)).status_code == 403
    wider = await reader.ask(reader.assertion(), scope="submit_episode")
    assert (wider.status_code, wider.json()["error"]) == (400, "invalid_scope")
    unknown = await reader.ask(reader.assertion(), scope="everything")
    assert unknown.json()["error"] == "invalid_scope"
    whole = registered(door)
    narrow = await whole.token(scope="list_episodes read_myself")
    assert (await me(door, narrow)).json()["scopes"] == ["list_episodes", "read_myself"]
    story = await door.client.get(
        f"/v1/episodes/ep_{'0' * 26}/story", headers={"Authorization": f"Bearer {narrow}"}
    )
    assert story.status_code == 403


async def test_forged_tokens_are_refused(system: System) -> None:
    door, genuine = system.door, await system.token()
    ours = SqlTokenKeys(door.api.database, door.api.keyring).load()
    key = ECKey.import_key(json.loads(ours[0][1]))
    now, life = door.clock(), timedelta(minutes=10)

    def token(signer: ECKey = key, issuer: str = PUBLIC_URL, **more: Any) -> str:
        made = {"client_id": system.id, "scopes": None, "at": now, "life": life} | more
        return minted(signer, issuer=issuer, **made)

    head, body, signature = genuine.split(".")
    claims = json.loads(base64.urlsafe_b64decode(body + "=="))
    bare = encoded(b'{"alg":"none","typ":"at+jwt"}')
    forged = {
        "none": f"{bare}.{body}.",
        "a foreign key": token(new_signing_key()),
        "another issuer": token(issuer="https://elsewhere.example"),
        "over": token(at=now - timedelta(minutes=11)),
        "a changed body": f"{head}.{body[:-2]}AA.{signature}",
        "an id token": jwt.encode({"alg": ALGORITHM, "kid": key.kid}, claims, key),
        "another audience": jwt.encode(
            {"alg": ALGORITHM, "kid": key.kid, "typ": TYPE}, {**claims, "aud": "x"}, key
        ),
        "another client's name": jwt.encode(
            {"alg": ALGORITHM, "kid": key.kid, "typ": TYPE}, {**claims, "sub": "cl_other"}, key
        ),
        "a client that is not there": token(client_id="cl_nobody"),
    }
    assert (await me(door, token())).status_code == 200, "else the refusals mean nothing"
    for name, one in forged.items():
        assert (await me(door, one)).status_code == 401, name


async def test_a_token_is_over_after_ten_minutes(system: System) -> None:
    token = await system.token()
    system.door.clock.pass_by(minutes=9)
    assert (await me(system.door, token)).status_code == 200
    system.door.clock.pass_by(minutes=1, seconds=1)
    assert (await me(system.door, token)).status_code == 401


async def test_a_revoked_client_is_out_with_its_tokens(system: System) -> None:
    """Another process, or this one after 5 s, which is how long a row is remembered."""
    token = await system.token()
    assert SqlOAuthClients(system.door.keeper.database).revoke(system.id)
    async with later(system.door) as client:
        headers = {"Authorization": f"Bearer {token}"}
        assert (await client.get("/v1/me", headers=headers)).status_code == 401
    assert (await system.ask(system.assertion())).status_code == 401


async def test_a_key_that_was_taken_back_signs_nothing_more(system: System) -> None:
    store, new = SqlOAuthClients(system.door.keeper.database), ECKey.generate_key("P-384")
    store.add_key(system.id, "two", {**new.as_dict(private=False), "kid": "two"})
    assert (await system.ask(system.assertion())).status_code == 200, "both for a while"
    assert (await system.ask(system.assertion(new))).status_code == 200
    store.end_keys(system.id, but="two")
    assert (await system.ask(system.assertion())).status_code == 401
    assert (await system.ask(system.assertion(new))).status_code == 200


async def test_metadata_and_keys_are_public_and_hold_nothing_private(system: System) -> None:
    client = system.door.client
    described = (await client.get("/.well-known/oauth-authorization-server")).json()
    assert described["token_endpoint"] == TOKEN_URL
    assert "private_key_jwt" in described["token_endpoint_auth_methods_supported"]
    token, jwks = await system.token(), (await client.get("/oauth/jwks")).json()
    assert jwks["keys"] and all("d" not in key for key in jwks["keys"])
    told = jwt.decode(token, ECKey.import_key(jwks["keys"][0]), algorithms=[ALGORITHM])
    assert told.claims["aud"] == PUBLIC_URL


async def test_whoever_knocks_too_often_waits(door: Door) -> None:
    paced = replace(door.services, pacing=pacing(Settings(entries_per_s=0.1)))
    async with client_of(paced) as client:
        wrong = {"grant_type": "client_credentials"}
        answers = [await client.post("/oauth/token", data=wrong) for _ in range(4)]
    assert [a.status_code for a in answers] == [401, 401, 429, 429]
    assert int(answers[-1].headers["retry-after"]) >= 1
