"""No parameter of a search, however it is spelled, is a fault of ours: on the real database."""

from __future__ import annotations

import base64
import json
from collections.abc import AsyncIterator, Iterator
from typing import Any

import httpx
import pytest

from crossclaim.security.api_keys import new_key
from crossclaim.security.roles import Role
from crossclaim.stack import Stack
from crossclaim.store.keys import SqlApiKeys
from crossclaim.wiring import House, api_house
from tests.steps.fhir_reader import FhirReader
from tests.steps.front_door import door_of
from tests.steps.rig import HOSPITAL, Rig


def _cursor(content: Any) -> str:
    text = content if isinstance(content, str) else json.dumps(content)
    return base64.urlsafe_b64encode(text.encode()).decode()


_CURSORS = [
    _cursor('"\\u0000"'),
    _cursor('"\\ud800"'),
    _cursor("[" * 3000),
    _cursor([0]),
    _cursor([0, "a", "b"]),
    _cursor([0, 5]),
    _cursor([0, "a\x00"]),
    _cursor([10**30, "a"]),
    _cursor([-1, "a"]),
    _cursor([True, "a"]),
    "é",
]
_LISTS = ["episodes", "information-requests", "webhook-endpoints", "family-bindings"]
_WORDS = {
    "_id": ["\x00", "ep_%00", "x" * 5000],
    "identifier": ["\x00|\x00", "a|\x00", "urn|" + "x" * 5000],
    "status": ["\x00"],
    "patient": ["\x00", "Patient/\x00"],
    "_lastUpdated": ["ge0001-01-01", "9999", "9999-12-31", "le0000", "2026-01-01T00:00:00+99:99"],
    "created": [
        "ge0001-01-01",
        "9999-12-31",
        "le0001-01-01",
        "0001",
        "ge0001-01-01T00:00:00+14:00",
    ],
    "_count": ["٣", "-0"],
    "_cursor": _CURSORS,
}


@pytest.fixture(scope="module")
def api(stack: Stack) -> Iterator[House]:
    house = api_house(stack.settings)
    yield house
    house.database.close()


@pytest.mark.parametrize(
    "kind", ["Consent", "Coverage", "Communication", "Claim", "PaymentReconciliation"]
)
async def test_no_search_of_the_fhir_server_is_a_fault_of_ours(
    api: House, rig: Rig, kind: str
) -> None:
    reader, broken = FhirReader(api, rig), []
    for name, texts in _WORDS.items():
        for text in texts:
            answer = await reader.client.get(
                f"/fhir/{kind}",
                params={name: text},
                headers={"Authorization": "Bearer cc_test_hospital"},
            )
            if answer.status_code >= 500:
                broken.append((name, text[:40], answer.status_code))
    assert broken == []


@pytest.fixture
async def browser(stack: Stack, rig: Rig) -> AsyncIterator[httpx.AsyncClient]:
    plain, record = new_key("demo")
    SqlApiKeys(rig.database).add(HOSPITAL, Role.HOSPITAL_BILLING.value, record)
    async with door_of(stack) as door:
        door.client.headers["Authorization"] = f"Bearer {plain}"
        yield door.client


async def test_a_cursor_that_is_none_of_ours_begins_a_list_anew(
    browser: httpx.AsyncClient,
) -> None:
    for name in _LISTS:
        for cursor in _CURSORS:
            answer = await browser.get(f"/v1/{name}", params={"cursor": cursor})
            assert answer.status_code in (200, 422), (name, cursor[:40], answer.text)


async def test_a_nul_in_a_filter_finds_nothing(browser: httpx.AsyncClient) -> None:
    for address in (
        "episodes?visit=%00",
        "episodes?hospital=%00",
        "episodes/%01",
        "submissions/%01",
        "webhook-endpoints/we_x/messages?episode=%00",
        "webhook-endpoints?status=%00",
        "information-requests?status=%00",
        "bank-entries?account=%00",
        "bank-entries?cursor=" + _cursor('"\\u0000"'),
        "bank-days?bank=%00",
        "settlements?day=0001-01-01",
        "settlements?day=9999-12-31",
        f"settlements/{HOSPITAL}/victoria-health/9999-12-31",
        "exposures?at=9999-12-31T23:59:59-14:00",
        "exposures?at=0001-01-01T00:00:00%2B14:00",
        "guarantees/%01/paper",
        "claims/%F0%9F%98%80/papers/decision_letter",
    ):
        answer = await browser.get(f"/v1/{address}")
        assert answer.status_code < 500, (address, answer.text)
