"""Refusals are RFC 9457 problems in the reader's language, and never say too much."""

from __future__ import annotations

import re

import httpx
import pytest

from crossclaim.domain.errors import (
    Conflict,
    CrossclaimError,
    Final,
    InProgress,
    Retryable,
    Unavailable,
)
from tests.web.house import SHENZHEN, MemoryHouse, example

EPISODE = example("episode-1-inpatient")


async def refused(client: httpx.AsyncClient, language: str = "en") -> httpx.Response:
    raw = example("episode-1-inpatient")
    raw["patient"]["documents"][0]["number"] = "AB987654(4)"
    raw["visit"]["department"] = "astrology"
    raw["estimate"] = {"amount": "-1.00", "currency": "CNY"}
    headers = {**SHENZHEN, "Accept-Language": language}
    return await client.post("/v1/episodes", json=raw, headers=headers)


async def test_a_refusal_lists_every_fault_in_three_languages(
    client: httpx.AsyncClient, house: MemoryHouse
) -> None:
    response = await refused(client)
    body = response.json()
    assert response.status_code == 422
    assert response.headers["content-type"] == "application/problem+json"
    assert body["type"] == "https://crossclaim.example/problems/SUBMISSION_REFUSED"
    assert (body["status"], body["code"], body["instance"]) == (
        422,
        "SUBMISSION_REFUSED",
        "/v1/episodes",
    )
    assert body["correlation_id"] == response.headers["x-correlation-id"]
    assert {(e["pointer"], e["code"]) for e in body["errors"]} == {
        ("/patient/documents/0/number", "HKID_CHECK_DIGIT"),
        ("/visit/department", "DEPARTMENT_UNKNOWN"),
        ("/estimate", "AMOUNT_NEGATIVE"),
    }
    for error in body["errors"]:
        assert error["detail"] == error["detail_en"]
        assert error["detail_zh_hant"] != error["detail_zh_hans"]
    assert not house.answers


@pytest.mark.parametrize(
    ("accepted", "language", "member"),
    [
        ("zh-HK, en;q=0.8", "zh-Hant", "detail_zh_hant"),
        ("zh-CN", "zh-Hans", "detail_zh_hans"),
        ("en;q=0.1, zh-Hant-MO;q=0.9", "zh-Hant", "detail_zh_hant"),
        ("fr, zh;q=0.5", "zh-Hans", "detail_zh_hans"),
        ("fr", "en", "detail_en"),
        ("zh;q=0, en;q=nonsense,,;;", "en", "detail_en"),
    ],
)
async def test_the_detail_is_in_the_language_that_the_reader_accepts(
    client: httpx.AsyncClient, accepted: str, language: str, member: str
) -> None:
    response = await refused(client, accepted)
    assert response.headers["content-language"] == language
    for error in response.json()["errors"]:
        assert error["detail"] == error[member]


async def test_a_conflict_names_the_members_that_differ(
    client: httpx.AsyncClient, house: MemoryHouse
) -> None:
    house.broken = Conflict("submitted before with other content", ["/visit/department"])
    response = await client.post("/v1/episodes", json=EPISODE, headers=SHENZHEN)
    assert response.status_code == 409
    assert [e["pointer"] for e in response.json()["errors"]] == ["/visit/department"]


@pytest.mark.parametrize(
    ("error", "status", "code", "retry_after"),
    [
        (Unavailable("the workflow engine does not answer"), 503, "UNAVAILABLE", "5"),
        (Unavailable("the disk is full", code="DISK_FULL"), 503, "DISK_FULL", "5"),
        (InProgress("still being worked on"), 409, "SUBMISSION_IN_PROGRESS", "1"),
        (Retryable("the party is slow", retry_after_s=2.5), 502, "GATEWAY_RETRYABLE", "3"),
        (Final("the party refused", code="E42"), 502, "E42", None),
    ],
)
async def test_an_error_says_by_status_code_and_header_what_to_do_next(
    client: httpx.AsyncClient,
    house: MemoryHouse,
    error: CrossclaimError,
    status: int,
    code: str,
    retry_after: str | None,
) -> None:
    house.broken = error
    response = await client.post("/v1/episodes", json=EPISODE, headers=SHENZHEN)
    assert (response.status_code, response.json()["code"]) == (status, code)
    assert response.headers.get("retry-after") == retry_after


async def test_an_unexpected_error_shows_nothing_but_its_correlation_id(
    client: httpx.AsyncClient, house: MemoryHouse, caplog: pytest.LogCaptureFixture
) -> None:
    house.broken = RuntimeError("CHAN Tai Man AB987654(3)")
    response = await client.post("/v1/episodes", json=EPISODE, headers=SHENZHEN)
    assert (response.status_code, response.json()["code"]) == (500, "INTERNAL")
    assert response.headers["cache-control"] == "no-store"
    seen = response.text + caplog.text
    assert "unexpected RuntimeError at submit" in caplog.text
    for secret in ("CHAN", "AB987654", "Traceback", ".py"):
        assert secret not in response.text
    assert "CHAN" not in seen


async def test_an_address_or_method_that_is_not_there_is_a_problem_too(
    client: httpx.AsyncClient,
) -> None:
    missing = await client.get("/v2/episodes")
    assert (missing.status_code, missing.json()["code"]) == (404, "ROUTE_NOT_FOUND")
    wrong = await client.delete("/v1/episodes")
    assert (wrong.status_code, wrong.json()["code"]) == (405, "METHOD_NOT_ALLOWED")
    assert wrong.headers["allow"]


async def test_a_wrong_parameter_is_told_by_its_name(client: httpx.AsyncClient) -> None:
    response = await client.get(
        "/v1/episodes", params={"limit": "1000", "state": "a b"}, headers=SHENZHEN
    )
    assert response.status_code == 422
    assert {e["pointer"] for e in response.json()["errors"]} == {"/query/limit", "/query/state"}


async def test_a_correlation_id_is_taken_over_when_it_is_one_and_made_otherwise(
    client: httpx.AsyncClient,
) -> None:
    mine = await client.get("/health", headers={"X-Correlation-ID": "abc-1.2_3"})
    assert mine.headers["x-correlation-id"] == "abc-1.2_3"
    for bad in ("a b", "x" * 200, "<script>"):
        made = await client.get("/health", headers={"X-Correlation-ID": bad})
        assert re.fullmatch(r"[0-9a-f]{32}", made.headers["x-correlation-id"])


@pytest.mark.parametrize("path", ["/v1/episodes/%00", "/v1/claims/cl%00/appeals"])
async def test_an_address_that_no_row_can_hold_is_not_found_whoever_asks(
    client: httpx.AsyncClient, path: str
) -> None:
    for headers in ({}, SHENZHEN):
        response = await client.get(path, headers=headers)
        assert (response.status_code, response.json()["code"]) == (404, "NOT_FOUND")
        assert response.headers["x-correlation-id"]


async def test_every_answer_carries_the_safety_headers(client: httpx.AsyncClient) -> None:
    for path in ("/health", "/v1/episodes", "/nowhere"):
        headers = (await client.get(path)).headers
        assert headers["cache-control"] == "no-store"
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["content-security-policy"].startswith("default-src 'none'")
