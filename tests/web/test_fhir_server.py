"""Whatever is asked below /fhir is answered in FHIR: definitions, refusals, any R4 resource."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import httpx
import pytest
from fhir.resources.R4B.capabilitystatement import CapabilityStatement
from fhir.resources.R4B.operationoutcome import OperationOutcome
from fhir.resources.R4B.structuredefinition import StructureDefinition
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crossclaim.api.application import build_app
from crossclaim.fhir.served import OPERATIONS, SERVED
from crossclaim.fhir.structure import STRUCTURES
from tests.web.house import AUDITOR, SHENZHEN, MemoryHouse, services_over
from tests.web.test_random_input import mutated

ROOT = Path(__file__).parents[2]
OFFICIAL = ROOT / os.environ.get("CROSSCLAIM_FIXTURES", "../shared/fixtures") / "fhir-r4"
FHIR = {**SHENZHEN, "Content-Type": "application/fhir+json"}
FIXTURES = sorted(OFFICIAL.glob("*.json"))


def outcome(response: httpx.Response, status: int) -> list[tuple[str, str]]:
    """Code and place of each issue; the answer is a valid OperationOutcome."""
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/fhir+json"
    OperationOutcome.model_validate(response.json())
    issues = response.json()["issue"]
    return [(i["code"], i.get("expression", [""])[0]) for i in issues]


async def test_the_capability_statement_says_what_is_served_and_nothing_else(
    client: httpx.AsyncClient,
) -> None:
    response = await client.get("/fhir/metadata")
    assert response.headers["content-type"] == "application/fhir+json"
    told = CapabilityStatement.model_validate(response.json())
    assert told.fhirVersion == "4.0.1"
    (rest,) = response.json()["rest"]
    addresses = set(build_app(services_over(MemoryHouse())).openapi()["paths"])
    named = {one["type"]: one for one in rest["resource"]}
    for one in SERVED:
        assert {f"/fhir/{one.type}", f"/fhir/{one.type}/{{resource_id}}"} <= addresses
        assert {p["name"] for p in named[one.type]["searchParam"]} == set(one.parameters)
    for kind, operations in OPERATIONS.items():
        told_of = {o["name"] for o in named[kind]["operation"]}
        assert told_of == set(operations)
        assert {f"/fhir/{kind}/${name}" for name in operations} <= addresses
    reads = {a.split("/")[2] for a in addresses if a.endswith("/{resource_id}")}
    assert reads == {one.type for one in SERVED}
    # A type that is told and not served, or the other way round, would be found here.
    operated = {a.split("/")[2] for a in addresses if a.startswith("/fhir/") and "/$" in a}
    known = {a.split("/")[2] for a in addresses if a.startswith("/fhir/")} | operated
    assert set(named) == known - {"metadata", "{kind}"}
    both = {"read", "search-type"}
    for kind, told_type in named.items():
        told_codes = {one["code"] for one in told_type.get("interaction", [])}
        assert told_codes == (both if f"/fhir/{kind}" in addresses else set()), kind
    assert [one["name"] for one in rest["operation"]] == ["validate"]


PROMISED = (
    *("ClaimResponse", "ExplanationOfBenefit", "Coverage", "Consent", "EpisodeOfCare"),
    *("Encounter", "PaymentNotice", "PaymentReconciliation", "Communication"),
    *("CommunicationRequest", "Task", "DocumentReference"),
)


def test_every_type_that_hospitals_and_insurers_were_promised_is_read_and_searched() -> None:
    paths = build_app(services_over(MemoryHouse())).openapi()["paths"]
    for kind in PROMISED:
        assert "get" in paths[f"/fhir/{kind}"] and "get" in paths[f"/fhir/{kind}/{{resource_id}}"]
        assert "post" in paths[f"/fhir/{kind}/_search"]
    for operation in ("Claim/$submit", "Claim/$inquire", "CoverageEligibilityRequest/$submit"):
        assert "post" in paths[f"/fhir/{operation}"]


@pytest.mark.parametrize("name", [one.name for one in STRUCTURES])
async def test_each_extension_of_ours_has_a_definition_that_is_served(
    client: httpx.AsyncClient, name: str
) -> None:
    response = await client.get(f"/fhir/StructureDefinition/{name}")
    told = StructureDefinition.model_validate(response.json())
    assert told.type == "Extension" and told.derivation == "constraint"
    found = await client.get("/fhir/StructureDefinition", params={"url": told.url})
    assert found.json()["total"] == 1
    paths = [e["path"] for e in response.json()["differential"]["element"]]
    assert paths[0] == "Extension" and "Extension.url" in paths


async def test_a_definition_that_is_not_ours_is_not_found(client: httpx.AsyncClient) -> None:
    assert outcome(await client.get("/fhir/StructureDefinition/nobody"), 404)


async def test_what_is_not_served_is_refused_in_fhir(client: httpx.AsyncClient) -> None:
    asked: list[tuple[str, str, int]] = [
        ("GET", "/fhir/Account/1", 404),
        ("GET", "/fhir/Nonsense", 404),
        ("GET", "/fhir", 404),
        ("DELETE", "/fhir/Claim/1", 405),
        ("PUT", "/fhir/Claim/1", 405),
        ("PATCH", "/fhir/Claim/1", 405),
        ("GET", "/fhir/Claim/1/_history", 405),
    ]
    for method, address, status in asked:
        content = b'{"resourceType": "Claim"}' if method == "PUT" else b""
        response = await client.request(method, address, content=content, headers=FHIR)
        assert outcome(response, status), address
    assert outcome(await client.get("/fhir/Claim"), 401) == [("login", "")]
    assert outcome(await client.get("/fhir/Task", headers=AUDITOR), 403) == [("forbidden", "")]


@pytest.mark.parametrize("path", FIXTURES, ids=lambda path: path.stem)
async def test_an_official_example_is_valid_and_refused_with_its_reason_where_it_is_sent(
    client: httpx.AsyncClient, path: Path
) -> None:
    content = path.read_bytes()
    kind = json.loads(content)["resourceType"]
    checked = await client.post(f"/fhir/{kind}/$validate", content=content, headers=FHIR)
    assert checked.status_code == 200, checked.text
    created = await client.post(f"/fhir/{kind}", content=content, headers=FHIR)
    assert ("not-supported", kind) in outcome(created, 405)
    submit = await client.post("/fhir/Claim/$submit", content=content, headers=FHIR)
    assert all(place.startswith(kind) for _, place in outcome(submit, 422))
    asked = await client.post(
        "/fhir/CoverageEligibilityRequest/$submit", content=content, headers=FHIR
    )
    assert all(place.startswith(kind) for _, place in outcome(asked, 422))


def test_the_official_examples_are_there() -> None:
    if not OFFICIAL.exists():
        pytest.skip("the official FHIR examples are not on this machine: set CROSSCLAIM_FIXTURES")
    assert len(FIXTURES) >= 27


BROKEN = {
    "not JSON": (b"{", "$validate"),
    "not UTF-8": (b'{"resourceType": "Claim", "id": "\xff"}', "$validate"),
    "a key twice": (b'{"resourceType": "Claim", "id": "1", "id": "2"}', "$validate"),
    "no number": (b'{"resourceType": "Claim", "total": {"value": NaN}}', "$validate"),
    "nested too deeply": (b'{"resourceType":' + b"[" * 5000 + b"]" * 5000 + b"}", "$submit"),
    "no object": (b"[]", "$submit"),
    "too large": (b'{"a": "' + b"x" * 300_000 + b'"}', "$submit"),
    "nothing": (b"", "$inquire"),
}


@pytest.mark.parametrize("name", BROKEN)
async def test_bytes_that_are_no_resource_are_refused(client: httpx.AsyncClient, name: str) -> None:
    content, operation = BROKEN[name]
    for address in (f"/fhir/Claim/{operation}", "/fhir/Claim", "/fhir"):
        response = await client.post(address, content=content, headers=FHIR)
        assert outcome(response, 413 if name == "too large" else 400)


async def test_a_fault_deep_inside_a_bundle_is_told_at_its_element(
    client: httpx.AsyncClient,
) -> None:
    entry = {"resource": {"resourceType": "Coverage", "payer": []}}
    bundle = {"resourceType": "Bundle", "type": "transaction", "entry": [entry]}
    response = await client.post("/fhir", content=json.dumps(bundle), headers=FHIR)
    found = outcome(response, 405)
    assert ("not-supported", "Bundle") in found
    assert ("structure", "Bundle.entry[0].resource.payer") in found


async def test_a_parameter_nobody_knows_is_refused_or_passed_over_as_asked(
    client: httpx.AsyncClient,
) -> None:
    strict = {**SHENZHEN, "Prefer": "handling=strict"}
    response = await client.get("/fhir/Claim?colour=red&_count=0", headers=strict)
    modified = await client.get("/fhir/Claim?status:not=active", headers=SHENZHEN)
    assert outcome(modified, 400) == [("not-supported", "http.status:not")]
    wrong_ones = "_lastUpdated=yesterday created=2026-13-01 _cursor=xx _count=x identifier= "
    wrong_ones += "_include=Claim:nobody patient=Group/1 _format=xml _summary=true"
    for wrong in wrong_ones.split():
        response = await client.get(f"/fhir/Claim?{wrong}", headers=strict)
        assert outcome(response, 400)[0][1].startswith("http."), wrong


TRANSPORT = httpx.ASGITransport(build_app(services_over(MemoryHouse())))
RESOURCES: list[Any] = [json.loads(path.read_bytes()) for path in FIXTURES]


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
async def test_an_official_example_with_random_parts_never_breaks_the_server(
    data: st.DataObject,
) -> None:
    async with httpx.AsyncClient(transport=TRANSPORT, base_url="http://api.test") as client:
        place = data.draw(st.integers(0, len(RESOURCES) - 1))
        raw = mutated(data, json.loads(json.dumps(RESOURCES[place])))
        kind = RESOURCES[place]["resourceType"]
        address = data.draw(
            st.sampled_from(
                [
                    f"/fhir/{kind}",
                    f"/fhir/{kind}/$validate",
                    "/fhir/Claim/$submit",
                    "/fhir/Claim/$inquire",
                    "/fhir/CoverageEligibilityRequest/$submit",
                ]
            )
        )
        response = await client.post(address, content=json.dumps(raw), headers=FHIR)
        assert response.status_code < 500 or response.status_code == 503
        assert response.json()["resourceType"] == "OperationOutcome"
