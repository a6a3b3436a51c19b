"""A FHIR claim enters as episode, stay and bill, or not at all."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest
from fhir.resources.R4B.claimresponse import ClaimResponse
from fhir.resources.R4B.operationoutcome import OperationOutcome

from tests.web.house import SHENZHEN, MemoryHouse, example

FHIR = {**SHENZHEN, "Content-Type": "application/fhir+json", "Accept": "application/fhir+json"}
ADDRESS = "/fhir/Claim/$submit"


def bundle() -> Any:
    return example("fhir-claim-bundle")


async def submit(
    client: httpx.AsyncClient, resource: Any, headers: dict[str, str] = FHIR
) -> httpx.Response:
    return await client.post(ADDRESS, content=json.dumps(resource), headers=headers)


async def test_a_bundle_is_taken_as_episode_stay_and_bill(
    client: httpx.AsyncClient, house: MemoryHouse
) -> None:
    response = await submit(client, bundle())
    assert response.status_code == 200, response.text
    assert response.headers["content-type"] == "application/fhir+json"
    answer = ClaimResponse.model_validate(response.json())
    assert (answer.outcome, answer.use) == ("queued", "claim")
    kinds = [key.split("/", 1)[1].split("/")[0] for _, key in house.answers]
    assert kinds == ["ZY20260311-0087", "admission", "discharge", "bill"]


async def test_a_bundle_has_the_same_content_as_our_own_wire(
    client: httpx.AsyncClient, house: MemoryHouse
) -> None:
    await submit(client, bundle())
    raw = example("episode-1-inpatient")
    again = await client.post("/v1/episodes", json=raw, headers=SHENZHEN)
    assert (again.status_code, again.headers.get("idempotent-replayed")) == (201, "true")


async def test_a_bundle_sent_again_changes_nothing(
    client: httpx.AsyncClient, house: MemoryHouse
) -> None:
    first = await submit(client, bundle())
    before = dict(house.answers)
    again = await submit(client, bundle())
    assert again.json() == first.json()
    assert again.headers["idempotent-replayed"] == "true"
    assert house.answers == before


def broken() -> Any:
    resource = bundle()
    resources = {e["resource"]["resourceType"]: e["resource"] for e in resource["entry"]}
    claim, patient = resources["Claim"], resources["Patient"]
    patient["birthDate"] = "2027-01-01"
    claim["total"]["value"] = 1.25
    return resource


async def test_faults_of_meaning_come_together_and_nothing_is_entered(
    client: httpx.AsyncClient, house: MemoryHouse
) -> None:
    response = await submit(client, broken())
    assert response.status_code == 422
    OperationOutcome.model_validate(response.json())
    issues = response.json()["issue"]
    codes = {issue["details"]["coding"][0]["code"] for issue in issues}
    assert codes >= {"BIRTH_DATE_FUTURE", "TOTAL_NOT_SUM"}
    assert all(issue["expression"] for issue in issues)
    assert not house.answers


async def test_every_caller_is_answered_in_fhir_whatever_it_accepts(
    client: httpx.AsyncClient,
) -> None:
    headers = {**FHIR, "Accept": "application/json"}
    response = await submit(client, broken(), headers)
    assert response.headers["content-type"] == "application/fhir+json"
    codes = {i["details"]["coding"][0]["code"] for i in response.json()["issue"]}
    assert codes >= {"BIRTH_DATE_FUTURE", "TOTAL_NOT_SUM"}


@pytest.mark.parametrize(
    ("resource", "content_type", "status"),
    [
        ({"resourceType": "Patient"}, "application/fhir+json", 422),
        ({"resourceType": "Bundle"}, "application/fhir+json", 422),
        ({}, "application/fhir+json", 422),
        ({"resourceType": "Bundle"}, "application/fhir+json; fhirVersion=5.0", 415),
        ({"resourceType": "Bundle"}, "application/fhir+xml", 415),
        ([], "application/fhir+json", 400),
    ],
)
async def test_anything_but_an_r4_claim_is_refused_in_fhir(
    client: httpx.AsyncClient, resource: Any, content_type: str, status: int
) -> None:
    response = await submit(client, resource, {**FHIR, "Content-Type": content_type})
    assert response.status_code == status
    OperationOutcome.model_validate(response.json())
