"""Family sharing at the API: what is sent, read, refused; and to whom nothing is said."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crossclaim.api.family_examples import FAMILY_EXAMPLES
from crossclaim.domain.family_submission import (
    FamilyBindingSubmission,
    FamilyCodeEndSubmission,
    FamilyCodeLinkSubmission,
    FamilyUnbindSubmission,
)
from tests.web.house import AUDITOR, JIANGMEN, SHENZHEN, MemoryHouse, client_of
from tests.web.test_random_input import _QUIET, mutated

BINDINGS, LINKS = "/v1/family-bindings", "/v1/family-code-links"


def shown(model: type[Any]) -> dict[str, Any]:
    copied: dict[str, Any] = json.loads(json.dumps(FAMILY_EXAMPLES[model]))
    return copied


async def bound(client: httpx.AsyncClient) -> str:
    answer = await client.post(BINDINGS, json=shown(FamilyBindingSubmission), headers=JIANGMEN)
    assert answer.status_code == 201, answer.text
    return str(answer.headers["location"])


async def test_an_application_is_answered_with_its_address_under_the_desks_own_number(
    client: httpx.AsyncClient, house: MemoryHouse
) -> None:
    address = await bound(client)
    assert address.startswith(f"{BINDINGS}/fb_")
    assert list(house.answers) == [("jiangmen-central", "family-binding/QQ20260302-0007")]


async def test_an_unbinding_has_the_bindings_key(
    client: httpx.AsyncClient, house: MemoryHouse
) -> None:
    address = await bound(client)
    body = shown(FamilyUnbindSubmission)
    answer = await client.post(f"{address}/unbind", json=body, headers=JIANGMEN)
    assert answer.status_code == 201, answer.text
    binding = address.rpartition("/")[2]
    assert ("jiangmen-central", f"{binding}/unbind") in house.answers


async def test_a_code_link_and_its_end_have_keys_of_their_own(
    client: httpx.AsyncClient, house: MemoryHouse
) -> None:
    answer = await client.post(LINKS, json=shown(FamilyCodeLinkSubmission), headers=JIANGMEN)
    address = answer.headers["location"]
    assert address.startswith(f"{LINKS}/fc_")
    body = shown(FamilyCodeEndSubmission)
    assert (await client.post(f"{address}/end", json=body, headers=JIANGMEN)).status_code == 201
    link = address.rpartition("/")[2]
    assert {key for _, key in house.answers} == {
        "family-code-link/QQM20260302-0003",
        f"{link}/end",
    }


async def test_faults_of_shape_people_papers_and_rules_come_together_with_their_pointers(
    client: httpx.AsyncClient, house: MemoryHouse
) -> None:
    raw = shown(FamilyBindingSubmission)
    raw["papers"], raw["relation"], raw["extra"] = [], "other", 1
    raw["authoriser"]["document"]["number"] = "440703198506010001"
    del raw["consent"]["text_version"]
    answer = await client.post(BINDINGS, json=raw, headers=JIANGMEN)
    assert answer.status_code == 422
    assert answer.headers["content-type"].startswith("application/problem+json")
    assert {(e["pointer"], e["code"]) for e in answer.json()["errors"]} == {
        ("/extra", "MEMBER_UNKNOWN"),
        ("/consent/text_version", "MEMBER_MISSING"),
        ("/authoriser/document/number", "MAINLAND_ID_CHECK_DIGIT"),
        ("/papers", "FAMILY_PAPER_MISSING"),
        ("/relation", "FAMILY_RELATION_NOT_ALLOWED"),
    }
    assert not house.answers


async def test_the_same_again_is_answered_the_same_and_other_content_is_a_conflict(
    client: httpx.AsyncClient,
) -> None:
    address = await bound(client)
    raw = shown(FamilyBindingSubmission)
    again = await client.post(BINDINGS, json=raw, headers=JIANGMEN)
    assert again.headers["location"] == address
    assert again.headers["idempotent-replayed"] == "true"
    raw["relation"] = "spouse"
    other = await client.post(BINDINGS, json=raw, headers=JIANGMEN)
    assert (other.status_code, other.json()["code"]) == (409, "SUBMISSION_DIFFERS")


async def test_another_desks_binding_is_answered_like_one_that_does_not_exist(
    client: httpx.AsyncClient,
) -> None:
    address = await bound(client)
    for path in ("", "/story", "/uses?side=user"):
        assert (await client.get(f"{address}{path}", headers=JIANGMEN)).status_code == 200
        for there in (address, f"{BINDINGS}/fb_00000000000000000000000099", f"{BINDINGS}/x%00"):
            answer = await client.get(f"{there}{path}", headers=SHENZHEN)
            assert (answer.status_code, answer.json()["code"]) == (404, "NOT_FOUND")
    answer = await client.post(f"{address}/unbind", json={}, headers=SHENZHEN)
    assert answer.status_code == 404


async def test_an_auditor_reads_and_changes_nothing(client: httpx.AsyncClient) -> None:
    raw = shown(FamilyBindingSubmission)
    assert (await client.post(BINDINGS, json=raw, headers=AUDITOR)).status_code == 403
    assert (await client.get(BINDINGS, headers=AUDITOR)).status_code == 200


async def test_a_list_takes_only_states_that_there_are(client: httpx.AsyncClient) -> None:
    params = {"state": "bound", "limit": "10", "cursor": "abc="}
    body = (await client.get(BINDINGS, params=params, headers=JIANGMEN)).json()
    assert (body["filters"], body["cursor"]) == ({"state": "bound", "limit": 10}, "abc=")
    wrong = await client.get(BINDINGS, params={"state": "married"}, headers=JIANGMEN)
    assert wrong.status_code == 422


@pytest.mark.parametrize("side", ["", "neighbour"])
async def test_uses_are_read_as_one_of_the_two_only(client: httpx.AsyncClient, side: str) -> None:
    address = await bound(client)
    answer = await client.get(f"{address}/uses", params={"side": side}, headers=JIANGMEN)
    assert answer.status_code == 422


async def test_a_house_without_an_office_takes_no_callbacks(client: httpx.AsyncClient) -> None:
    assert (await client.post("/callbacks/family-office", json={})).status_code == 404


@_QUIET
@given(data=st.data())
async def test_an_application_with_random_parts_is_taken_or_refused(data: st.DataObject) -> None:
    async with client_of(MemoryHouse()) as client:
        raw = mutated(data, shown(FamilyBindingSubmission))
        headers = {**JIANGMEN, "Content-Type": "application/json"}
        response = await client.post(BINDINGS, content=json.dumps(raw), headers=headers)
        assert response.status_code < 500
