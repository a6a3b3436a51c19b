"""Health records at the API: whose they are, who looks, and that a code is never said again."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from crossclaim.api.application import build_app
from crossclaim.domain.record_submission import RecordRequestSubmission
from tests.web.house import (
    AUDITOR,
    JIANGMEN,
    SHENZHEN,
    MemoryHouse,
    client_of,
    example,
    services_over,
    started,
)

NOWHERE = "ep_00000000000000000000000099"
REQUEST: dict[str, Any] = {
    "number": "RR-1",
    "requested_at": "2026-11-20T10:00:00+08:00",
    "requested_by": "DR-1024",
    "application_code": "CANARY-APPLICATION-CODE",
    "password_code": "CANARY-PASSWORD-CODE-01",
}


async def asked(client: httpx.AsyncClient) -> str:
    episode = await started(client)
    path = f"/v1/episodes/{episode}/record-requests"
    response = await client.post(path, json=REQUEST, headers=SHENZHEN)
    assert response.status_code == 201, response.text
    return episode


async def test_another_hospitals_records_are_answered_like_those_of_no_episode(
    client: httpx.AsyncClient,
) -> None:
    mine = await asked(client)
    heard = []
    for episode in (mine, NOWHERE):
        path = f"/v1/episodes/{episode}"
        for response in (
            await client.post(f"{path}/record-requests", json=REQUEST, headers=JIANGMEN),
            await client.post(f"{path}/record-deposits", json={}, headers=JIANGMEN),
            await client.get(f"{path}/record-requests/RR-1?by=DR-1", headers=JIANGMEN),
            await client.get(f"{path}/record-accesses", headers=JIANGMEN),
        ):
            body = response.json()
            del body["correlation_id"], body["instance"]
            heard.append((response.status_code, body))
    assert heard[:4] == heard[4:]
    assert {status for status, _ in heard} == {404}
    path = f"/v1/episodes/{mine}/record-requests/RR-1?by=DR-1"
    assert (await client.get(path, headers=SHENZHEN)).json()["read_by"] == "DR-1"


async def test_nobody_looks_without_saying_who_and_an_auditor_sees_only_who_looked(
    client: httpx.AsyncClient,
) -> None:
    episode = await asked(client)
    path = f"/v1/episodes/{episode}/record-requests/RR-1"
    for unnamed in ("", "?by=", "?by=a%20b", f"?by={'x' * 65}"):
        assert (await client.get(path + unnamed, headers=SHENZHEN)).status_code == 422
    assert (await client.get(f"{path}?by=AU-1", headers=AUDITOR)).status_code == 403
    audit = await client.get(f"/v1/episodes/{episode}/record-accesses", headers=AUDITOR)
    assert audit.status_code == 200


async def test_a_closed_access_says_why_in_the_readers_language() -> None:
    house = MemoryHouse()
    async with client_of(house) as client:
        episode = await asked(client)
        house.sharing_ended = True
        path = f"/v1/episodes/{episode}/record-requests/RR-1?by=DR-1"
        response = await client.get(path, headers={**SHENZHEN, "Accept-Language": "zh-Hant"})
    assert (response.status_code, response.json()["code"]) == (403, "RECORD_ACCESS_CLOSED")
    assert "撤回" in response.json()["detail"]


@pytest.mark.parametrize(
    "changes",
    [
        {"password_code": REQUEST["application_code"]},
        {"system": "hospital-authority"},
        {"sections": []},
        {"more": "CANARY"},
    ],
)
async def test_a_refusal_never_says_a_code_again(
    client: httpx.AsyncClient, changes: dict[str, Any]
) -> None:
    episode = await started(client)
    path = f"/v1/episodes/{episode}/record-requests"
    response = await client.post(path, json={**REQUEST, **changes}, headers=SHENZHEN)
    assert response.status_code == 422
    assert "CANARY" not in response.text


async def test_a_child_is_refused_with_a_pointer_where_nobody_signed_for_him(
    client: httpx.AsyncClient,
) -> None:
    body = example("episode-2-voucher")
    body["patient"]["birth_date"] = "2015-05-01"
    response = await client.post("/v1/episodes", json=body, headers=JIANGMEN)
    found = [(e["code"], e["pointer"]) for e in response.json()["errors"]]
    assert found == [("SIGNER_SUBSTITUTE_NEEDED", "/consents/0/signed_by")]


def test_the_description_shows_both_submissions_and_their_members() -> None:
    document = build_app(services_over(MemoryHouse())).openapi()
    path = "/v1/episodes/{episode_id}/record-requests"
    content = document["paths"][path]["post"]["requestBody"]["content"]["application/json"]
    RecordRequestSubmission.model_validate_json(json.dumps(content["example"]))
    assert "RecordDepositSubmission" in document["components"]["schemas"]
