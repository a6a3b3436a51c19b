"""Submissions reach the intake once, as canonical content under their business key."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from crossclaim.api.examples import EXAMPLES as SHOWN
from crossclaim.api.examples_bank import BANK_EXAMPLES
from crossclaim.api.examples_webhooks import WEBHOOK_EXAMPLES
from crossclaim.domain.fault_context import Context
from crossclaim.domain.fault_shape import read_shape
from crossclaim.domain.faults import SHAPES, faults_of
from crossclaim.domain.repair_submission import StaffReason
from crossclaim.domain.stay import Stay
from crossclaim.domain.submission import SubmissionKind
from tests.web.house import JIANGMEN, SHENZHEN, MemoryHouse, example, services_over, started

_BILL = {"bill_number": "F20260314-0087", "bill_version": 2}

PARTS: list[tuple[str, dict[str, Any], str]] = [
    ("admission", {"admitted_at": "2026-03-11T09:30:00+08:00"}, "admission"),
    ("discharge", {"discharged_at": "2026-03-14T10:00:00+08:00"}, "discharge"),
    ("bills", example("episode-1-bill-final"), "bill/F20260314-0087/2"),
    (
        "tenders",
        {**_BILL, "tendered_at": "2026-03-14T11:00:00+08:00", "legs": []},
        "bill/F20260314-0087/2/tender/-",
    ),
    (
        "voids",
        {**_BILL, "voided_at": "2026-03-14T11:00:00+08:00", "reason": "wrong ward"},
        "bill/F20260314-0087/2/void",
    ),
    (
        "consents",
        {"number": "C-2", "withdrawn": "PI_PROVIDE", "stated_at": "2026-03-14T11:00:00+08:00"},
        "consent/C-2",
    ),
    (
        "reimbursements",
        {
            **_BILL,
            "account": {
                "holder": "CHAN Tai Man",
                "number": "6200000000000047",
                "bank_name": "Example Bank",
                "bank_code": "313000000016",
            },
            "requested_at": "2026-03-20T09:00:00+08:00",
        },
        "bill/F20260314-0087/2/reimbursement",
    ),
]


async def test_an_episode_is_answered_with_its_address(
    client: httpx.AsyncClient, house: MemoryHouse
) -> None:
    raw = example("episode-1-inpatient")
    response = await client.post("/v1/episodes", json=raw, headers=SHENZHEN)
    assert response.status_code == 201
    episode = response.json()["episode_id"]
    assert response.headers["location"] == f"/v1/episodes/{episode}"
    assert "idempotent-replayed" not in response.headers
    assert list(house.answers) == [("hku-szh", "hku-szh/ZY20260311-0087")]


@pytest.mark.parametrize(("path", "raw", "key"), PARTS)
async def test_every_part_of_an_episode_has_its_address_and_its_business_key(
    client: httpx.AsyncClient, house: MemoryHouse, path: str, raw: dict[str, Any], key: str
) -> None:
    episode = await started(client)
    response = await client.post(f"/v1/episodes/{episode}/{path}", json=raw, headers=SHENZHEN)
    assert response.status_code == 201, response.text
    assert ("hku-szh", f"{episode}/{key}") in house.answers


@pytest.mark.parametrize(("path", "raw", "key"), PARTS)
async def test_every_part_with_a_member_too_many_is_refused(
    client: httpx.AsyncClient, path: str, raw: dict[str, Any], key: str
) -> None:
    episode = await started(client)
    address = f"/v1/episodes/{episode}/{path}"
    response = await client.post(address, json={**raw, "extra": 1}, headers=SHENZHEN)
    assert response.status_code == 422
    assert [e["pointer"] for e in response.json()["errors"]] == ["/extra"]


async def test_the_same_submission_again_is_answered_the_same_and_says_so(
    client: httpx.AsyncClient, house: MemoryHouse
) -> None:
    raw = example("episode-1-inpatient")
    first = await client.post("/v1/episodes", json=raw, headers=SHENZHEN)
    again = await client.post("/v1/episodes", json=raw, headers=SHENZHEN)
    assert (again.status_code, again.json()) == (first.status_code, first.json())
    assert again.headers["idempotent-replayed"] == "true"
    assert len(house.answers) == 1


async def test_other_spellings_of_the_same_content_are_the_same_submission(
    client: httpx.AsyncClient,
) -> None:
    raw = example("episode-1-inpatient")
    await client.post("/v1/episodes", json=raw, headers=SHENZHEN)
    raw["estimate"]["amount"] = "52000"
    raw["patient"]["name"]["en"] = " CHAN Tai Man "
    raw["patient"]["documents"][0]["valid_until"] = None
    again = await client.post("/v1/episodes", json=raw, headers=SHENZHEN)
    assert again.headers["idempotent-replayed"] == "true"


async def test_the_same_key_with_other_content_is_a_conflict(client: httpx.AsyncClient) -> None:
    raw = example("episode-1-inpatient")
    await client.post("/v1/episodes", json=raw, headers=SHENZHEN)
    raw["visit"]["planned_nights"] = 4
    other = await client.post("/v1/episodes", json=raw, headers=SHENZHEN)
    assert (other.status_code, other.json()["code"]) == (409, "SUBMISSION_DIFFERS")


async def test_an_idempotency_key_serves_one_body_only(client: httpx.AsyncClient) -> None:
    headers = {**SHENZHEN, "Idempotency-Key": "k-1"}
    raw = example("episode-1-inpatient")
    assert (await client.post("/v1/episodes", json=raw, headers=headers)).status_code == 201
    raw["visit"]["number"] = "ZY20260311-0088"
    other = await client.post("/v1/episodes", json=raw, headers=headers)
    assert (other.status_code, other.json()["code"]) == (422, "IDEMPOTENCY_KEY_REUSED")


async def test_an_idempotency_key_of_another_form_is_refused(client: httpx.AsyncClient) -> None:
    headers = {**SHENZHEN, "Idempotency-Key": "two words"}
    raw = example("episode-1-inpatient")
    response = await client.post("/v1/episodes", json=raw, headers=headers)
    assert (response.status_code, response.json()["code"]) == (400, "IDEMPOTENCY_KEY_FORM")


async def test_a_bill_is_judged_against_the_stay_of_its_episode(
    client: httpx.AsyncClient, house: MemoryHouse
) -> None:
    episode = await started(client)
    house.stays[episode] = Stay(admitted_at=datetime(2026, 3, 12, 1, tzinfo=UTC))
    address, raw = f"/v1/episodes/{episode}/bills", example("episode-1-bill-final")
    response = await client.post(address, json=raw, headers=SHENZHEN)
    assert response.status_code == 422
    assert {e["pointer"] for e in response.json()["errors"]} == {
        "/lines/0/service_date",
        "/lines/1/service_date",
    }


async def test_what_was_taken_once_is_answered_even_if_it_would_be_refused_today(
    client: httpx.AsyncClient, house: MemoryHouse
) -> None:
    episode = await started(client)
    address, raw = f"/v1/episodes/{episode}/bills", example("episode-1-bill-final")
    first = await client.post(address, json=raw, headers=SHENZHEN)
    house.stays[episode] = Stay(admitted_at=datetime(2026, 3, 12, 1, tzinfo=UTC))
    again = await client.post(address, json=raw, headers=SHENZHEN)
    assert (again.status_code, again.json()) == (201, first.json())
    assert again.headers["idempotent-replayed"] == "true"


async def test_ids_that_no_episode_can_have_are_not_found(client: httpx.AsyncClient) -> None:
    for episode in ("%00", "a%20b", "x" * 100, "%ff", "é", "..%2f"):
        response = await client.get(f"/v1/episodes/{episode}", headers=SHENZHEN)
        assert response.status_code == 404


def test_the_examples_of_the_description_are_without_fault() -> None:
    reference = services_over(MemoryHouse()).reference
    context = Context(received_at=datetime(2026, 11, 21, tzinfo=UTC), insurer="victoria-health")
    for kind, shape in SHAPES.items():
        model = shape.model_validate(SHOWN[shape])
        assert faults_of(kind, model, reference, context) == []
    others = {**BANK_EXAMPLES, **WEBHOOK_EXAMPLES, StaffReason: SHOWN[StaffReason]}
    for shape, shown in others.items():
        model, faults = read_shape(shape, shown)
        assert model is not None and faults == []
    assert set(SHOWN) - set(others) == set(SHAPES.values())
    assert SubmissionKind.DECISION not in SHAPES


async def test_a_voucher_episode_of_another_hospital_is_taken_from_it(
    client: httpx.AsyncClient,
) -> None:
    episode = await started(client, "episode-2-voucher")
    address, raw = f"/v1/episodes/{episode}/bills", example("episode-2-bill-1")
    assert (await client.post(address, json=raw, headers=JIANGMEN)).status_code == 201
