"""Every route × every role × own and other tenant, against a table that a person can read.

`access_matrix.txt` is written by hand: a new route without a row, or a row that the API does not
keep, is red. The API runs in process on PostgreSQL, as its own role, with real keys.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute

from crossclaim.api import access
from crossclaim.api.access import PUBLIC_ROUTES
from crossclaim.api.application import build_app
from crossclaim.api.who_may import routes_of
from crossclaim.app import api_services
from crossclaim.config import Settings
from crossclaim.security.api_keys import new_key
from crossclaim.security.principal import HOSPITAL_ROLES, INSURER_ROLES, Role
from crossclaim.stack import Stack
from crossclaim.store.keys import SqlApiKeys
from crossclaim.store.oauth_clients import SqlOAuthClients
from crossclaim.store.organisation_kinds import RoleMisplaced
from crossclaim.store.people import SqlPeople
from crossclaim.wiring import House, api_house, worker_house
from tests.plain_files import pdf_of
from tests.steps.rig import HOSPITAL, MUTUAL, Rig, policy_number

LETTERS = {
    "B": Role.HOSPITAL_BILLING,
    "P": Role.HOSPITAL_PROVIDER,
    "F": Role.HOSPITAL_FINANCE,
    "S": Role.INSURER_SYSTEM,
    "E": Role.INSURER_EXAMINER,
    "V": Role.INSURER_SUPERVISOR,
    "M": Role.FINANCE,
    "U": Role.SUPPORT,
    "W": Role.SUPPORT_SUPERVISOR,
    "A": Role.AUDITOR,
    "O": Role.OPERATOR,
}
OTHERS = {HOSPITAL: "jiangmen-central", MUTUAL: "victoria-health"}
PLACES = {"{day}": "2026-04-02", "{kind}": "decision", "{item}": "1"}
PARAMETERS = {"from": "1", "to": "2", "by": "clerk-7", "name": "a.pdf"}
"""What some addresses need before they look for anything; the others take no notice."""
_STATED = {"name": "a.pdf", "content_type": "application/pdf", "size": 9, "sha256": "0" * 64}
BODIES = {
    "/v1/episodes/{episode_id}/documents": pdf_of(),
    "/v1/episodes/{episode_id}/uploads": json.dumps(_STATED).encode(),
}
"""Files are judged before anything is looked for, as addresses are; other bodies are not."""
FILE = Path(__file__).with_name("access_matrix.txt")
NOWHERE = {"episode_id": f"ep_{'0' * 26}", "claim_id": f"cl_{'0' * 26}"}


@dataclass(frozen=True)
class Row:
    method: str
    address: str
    roles: frozenset[Role] | None
    """None: public."""
    other: str
    """What another tenant's object answers: ``404``, or ``-`` where the address names none."""


def lines_of_table() -> list[list[str]]:
    lines = [line.split() for line in FILE.read_text("utf-8").splitlines()]
    return [words for words in lines if words and not words[0].startswith("#")]


def read_kinds() -> dict[str, frozenset[Role]]:
    """The roles of each kind of organisation."""
    return {
        words[2]: frozenset(LETTERS[x] for x in words[1] if x != ".")
        for words in lines_of_table()
        if words[0] == "KIND"
    }


def read_table() -> list[Row]:
    kept = [words for words in lines_of_table() if words[0] != "KIND"]
    return [
        Row(
            method,
            address,
            None if who == "public" else frozenset(LETTERS[x] for x in who if x != "."),
            other,
        )
        for method, who, other, address in kept
    ]


TABLE = read_table()


def served(app: FastAPI) -> set[tuple[str, str]]:
    return {
        (method, route.path)
        for route in routes_of(app.routes)
        if isinstance(route, APIRoute)
        for method in route.methods or ()
    }


@dataclass(frozen=True)
class Doors:
    """A client for the API, a key for every role of two tenants, and one tenant's objects."""

    app: FastAPI
    client: httpx.AsyncClient
    keys: dict[tuple[Role, str], str]
    ids: dict[str, str]

    async def knock(
        self, row: Row, role: Role | None, organisation: str, ids: dict[str, str]
    ) -> httpx.Response:
        paper = row.address.endswith("/documents")
        headers = {"Content-Type": "application/pdf" if paper else "application/json"}
        if role is not None:
            headers["Authorization"] = f"Bearer {self.keys[role, organisation]}"
        body = None if row.method == "GET" else BODIES.get(row.address, b"{}")
        address = filled(row.address, ids)
        return await self.client.request(
            row.method, address, content=body, headers=headers, params=PARAMETERS
        )


def filled(address: str, ids: dict[str, str]) -> str:
    for name, value in ids.items():
        address = address.replace(f"{{{name}}}", value)
    for name, value in PLACES.items():
        address = address.replace(name, value)
    if "/papers/" in address:
        address = address.replace("/papers/decision", "/papers/decision_letter")
    return address.replace("{", "").replace("}", "")


def home_of(role: Role) -> str:
    if role in HOSPITAL_ROLES:
        return HOSPITAL
    return MUTUAL if role in INSURER_ROLES else "crossclaim"


async def mismatches(doors: Doors, rows: list[Row]) -> list[str]:
    """What the API answers otherwise than the table says."""
    found: list[str] = []

    def note(row: Row, who: str, answer: httpx.Response, expected: str) -> None:
        line = f"{row.method} {row.address} as {who}: {answer.status_code}, not {expected}"
        found.append(line)

    for row in rows:
        if row.roles is None:
            continue
        answer = await doors.knock(row, None, "", doors.ids)
        if answer.status_code != 401:
            note(row, "nobody", answer, "401")
        for role in Role:
            home = home_of(role)
            answer = await doors.knock(row, role, home, doors.ids)
            inside = answer.status_code not in (401, 403)
            if role not in row.roles and answer.status_code != 403:
                note(row, role, answer, "403")
            if role in row.roles and not inside:
                note(row, role, answer, "inside")
            if role in row.roles and row.other == "404" and home in OTHERS:
                foreign = await doors.knock(row, role, OTHERS[home], doors.ids)
                missing = await doors.knock(row, role, OTHERS[home], NOWHERE)
                if foreign.status_code != 404 or told(foreign) != told(missing):
                    note(row, f"another tenant's {role}", foreign, "404 as of nothing")
    return found


def told(answer: httpx.Response) -> Any:
    """The body without what names the request."""
    body = answer.json()
    return {k: v for k, v in body.items() if k not in ("instance", "correlation_id", "diagnostics")}


async def opened(settings: Settings, house: House, ids: dict[str, str], keys: Any) -> Doors:
    # No engine answers, and none of another stack on this machine may.
    alone = settings.model_copy(update={"temporal_address": "127.0.0.1:1"})
    at_home = replace(house, settings=alone)
    services = api_services(alone, at_home, await at_home.client(lazy=True))
    # The audit of a refusal has tests of its own; here it would be two thousand rows.
    app = build_app(replace(services, audit=None, pacing=None))
    transport = httpx.ASGITransport(app)
    return Doors(app, httpx.AsyncClient(transport=transport, base_url="http://api.test"), keys, ids)


@pytest.fixture(scope="module")
def known(rig: Rig, stack: Stack) -> tuple[dict[str, str], dict[tuple[Role, str], str]]:
    """One hospital's episode with a claim to one insurer, and the keys."""
    visit = rig.visit(policy_number())
    visit.accepted()
    claim = next(c.id for c in rig.rows(visit.episode).claims if c.organisation_id == MUTUAL)
    store, keys = SqlApiKeys(rig.database), {}
    rig.change(
        "insert into organisation (id, kind, name) values ('crossclaim', 'operator', 'crossclaim')"
        " on conflict do nothing"
    )
    for role in Role:
        for organisation in {home_of(role), OTHERS.get(home_of(role), home_of(role))}:
            plaintext, record = new_key("demo")
            store.add(organisation, role.value, record)
            keys[role, organisation] = plaintext
    return {"episode_id": visit.episode, "claim_id": claim}, keys


@pytest.fixture
async def doors(
    stack: Stack, known: tuple[dict[str, str], dict[tuple[Role, str], str]]
) -> AsyncIterator[Doors]:
    house = api_house(stack.settings)
    opened_doors = await opened(stack.settings, house, *known)
    yield opened_doors
    await opened_doors.client.aclose()
    house.database.close()


async def test_the_table_has_a_row_for_every_route_and_no_other(doors: Doors) -> None:
    routes, rows = served(doors.app), {(row.method, row.address) for row in TABLE}
    missing = sorted(f"{method:7} ...........  404  {path}" for method, path in routes - rows)
    assert not missing, "add to access_matrix.txt:\n" + "\n".join(missing)
    assert not rows - routes
    public = {row.address for row in TABLE if row.roles is None}
    assert public <= set(PUBLIC_ROUTES)


async def test_every_role_gets_exactly_what_the_table_says(doors: Doors) -> None:
    found = await mismatches(doors, TABLE)
    assert not found, "\n".join(found)


async def test_an_address_that_names_an_episode_or_a_claim_is_closed_to_other_tenants() -> None:
    naming = [r for r in TABLE if "{episode_id}" in r.address or "{claim_id}" in r.address]
    assert [r.address for r in naming if r.other != "404" and r.roles is not None] == []


HOMES = {"hospital": HOSPITAL, "insurer": MUTUAL, "operator": "crossclaim"}
STRANGE = [(kind, r) for kind, roles in read_kinds().items() for r in Role if r not in roles]


async def test_a_key_whose_role_is_of_another_kind_of_organisation_opens_no_door(
    doors: Doors, rig: Rig, known: object
) -> None:
    """Rows from before the rule: support of an insurer once saw all of a shared episode."""
    plaintext, record = new_key("demo")
    SqlApiKeys(rig.database).add(MUTUAL, Role.INSURER_EXAMINER.value, record)
    for kind, role in STRANGE:
        rig.change(
            f"update api_key set organisation_id = '{HOMES[kind]}', role = '{role.value}'"
            f" where prefix = '{record.prefix}'"
        )
        answer = await doors.client.get(
            filled("/v1/episodes/{episode_id}", doors.ids),
            headers={"Authorization": f"Bearer {plaintext}"},
        )
        assert answer.status_code == 401, f"{role} of a {kind}"


async def test_a_person_and_a_client_have_no_role_of_another_kind(rig: Rig, known: object) -> None:
    keyring = rig.intake._keyring
    people, clients = SqlPeople(rig.database, keyring), SqlOAuthClients(rig.database)
    person = people.add(MUTUAL, "https://id.test", "kinds", "One", ["insurer_examiner"])
    rig.change(f"insert into person_role (person_id, role) values ('{person}', 'support')")
    found = people.by_id(person)
    assert found is not None and found.roles == ("insurer_examiner",)
    for role in ("insurer_system", "auditor"):
        rig.change(
            "insert into oauth_client (id, organisation_id, role, name)"
            f" values ('cl_{role}', '{MUTUAL}', '{role}', '')"
        )
    assert clients.find("cl_insurer_system") is not None
    assert clients.find("cl_auditor") is None


@pytest.mark.parametrize("kind", sorted(HOMES))
async def test_no_command_gives_a_role_to_another_kind_of_organisation(
    rig: Rig, known: object, kind: str
) -> None:
    people, clients = SqlPeople(rig.database, rig.intake._keyring), SqlOAuthClients(rig.database)
    home, roles, record = HOMES[kind], read_kinds()[kind], new_key("demo")[1]
    person = people.add(home, "https://id.test", f"of {kind}", "One", [r.value for r in roles])
    for _, role in (one for one in STRANGE if one[0] == kind):
        for give in (
            lambda r: people.add(home, "https://id.test", f"{kind} {r}", "Two", [r]),
            lambda r: people.set_roles(person, [r]),
            lambda r: SqlApiKeys(rig.database).add(home, r, record),
            lambda r: clients.add(r, home, r, name="", scopes=None, secret_argon2="x"),
        ):
            with pytest.raises(RoleMisplaced, match=role.value):
                give(role.value)


async def test_without_the_policy_the_table_is_broken(
    doors: Doors, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(access, "require", lambda principal, operation: None)
    (row,) = (r for r in TABLE if r.address == "/v1/episodes/{episode_id}/bills")
    assert any(": 403" not in one and "not 403" in one for one in await mismatches(doors, [row]))


async def test_without_row_level_security_the_table_is_broken(
    stack: Stack, known: tuple[dict[str, str], dict[tuple[Role, str], str]]
) -> None:
    """The same API as the worker's role, which sees every tenant's rows."""
    house = worker_house(stack.settings)
    naive = await opened(stack.settings, house, *known)
    (row,) = (r for r in TABLE if (r.method, r.address) == ("GET", "/v1/episodes/{episode_id}"))
    found = await mismatches(naive, [row])
    assert any("not 404 as of nothing" in one for one in found)
    await naive.client.aclose()
    house.database.close()
