"""Bodies are refused before anything looks at what they mean, with all that is wrong in them."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator

import httpx
import pytest

from crossclaim.api.body import MAX_DEPTH, MAX_ITEMS, BodyRefused, parse_json
from tests.web.house import SHENZHEN, MemoryHouse

JSON = {**SHENZHEN, "Content-Type": "application/json"}


def refused(content: str | bytes) -> set[tuple[str, str]]:
    with pytest.raises(BodyRefused) as refusal:
        parse_json(content.encode() if isinstance(content, str) else content)
    return {(fault.pointer, fault.code) for fault in refusal.value.faults}


@pytest.mark.parametrize(
    ("content", "faults"),
    [
        ('{"a": NaN, "b": [1, -Infinity]}', {("/a", "JSON_NAN"), ("/b/1", "JSON_NAN")}),
        ('{"a": {"b": 1, "b": 2}}', {("/a/b", "JSON_DUPLICATE_KEY")}),
        ('{"a": 1, "a": {"c": 1, "c": NaN}}', {
            ("/a", "JSON_DUPLICATE_KEY"), ("/a/c", "JSON_DUPLICATE_KEY"), ("/a/c", "JSON_NAN"),
        }),
        ('{"a/b~c": 1, "a/b~c": 2}', {("/a~1b~0c", "JSON_DUPLICATE_KEY")}),
        ('{"a": 1e999}', {("/a", "JSON_NUMBER")}),
        ('{"a": ' + "9" * 5_000 + "}", {("/a", "JSON_NUMBER")}),
        ('{"a": "\\u0000"}', {("/a", "JSON_TEXT")}),
        ('{"a": "\\ud800"}', {("/a", "JSON_TEXT")}),
        ('{"\\ud800": 1}', {("", "JSON_TEXT")}),
        (json.dumps({"k" * 300: 1}), {("", "JSON_KEY_TOO_LONG")}),
        (json.dumps({"lines": [1] * (MAX_ITEMS + 1)}), {("/lines", "JSON_TOO_MANY_ITEMS")}),
        ("[1]", {("", "JSON_NOT_OBJECT")}),
        ("null", {("", "JSON_NOT_OBJECT")}),
        ("", {("", "NOT_JSON")}),
        ("{", {("", "NOT_JSON")}),
        ("{'a': 1}", {("", "NOT_JSON")}),
        ('\ufeff{"a": 1}', {("", "NOT_JSON")}),
        (b'{"a": "\xff"}', {("", "NOT_UTF8")}),
        ("[" * 100_000, {("", "JSON_TOO_DEEP")}),
        ('{"a":' * (MAX_DEPTH + 1) + "1" + "}" * (MAX_DEPTH + 1), {("", "JSON_TOO_DEEP")}),
    ],
)  # fmt: skip
def test_json_that_is_not_strict_is_refused_with_every_fault(
    content: str | bytes, faults: set[tuple[str, str]]
) -> None:
    assert refused(content) == faults


def test_the_standard_parser_lets_through_what_ours_refuses() -> None:
    """The naive twin."""
    assert json.loads('{"total": 1, "total": 2}') == {"total": 2}
    assert refused('{"total": 1, "total": 2}')
    assert json.loads('{"total": NaN}')["total"] != 0
    assert refused('{"total": NaN}')


@pytest.mark.parametrize("number", ["1e99999999999999999999", "-1.5E+99999999999999999999"])
@pytest.mark.parametrize("exact", [True, False])
def test_a_number_beyond_every_number_is_refused(number: str, exact: bool) -> None:
    with pytest.raises(BodyRefused) as refusal:
        parse_json(f'{{"a": {number}}}'.encode(), exact=exact)
    assert refusal.value.code == "JSON_NUMBER"


def test_json_at_its_limits_is_taken() -> None:
    deep = '{"a":' * MAX_DEPTH + "1" + "}" * MAX_DEPTH
    assert parse_json(deep.encode())
    brackets = {"text": "[" * 1_000 + '"\\' + "{" * 1_000, "items": [1] * MAX_ITEMS}
    assert parse_json(json.dumps(brackets).encode()) == brackets


def test_a_string_that_never_ends_costs_no_more_than_its_length() -> None:
    for hostile in ('"\\' * 500_000, '"' + '\\"' * 500_000, '"' + '\\"' * 500_000 + "\\"):
        assert refused(hostile) == {("", "NOT_JSON")}


async def test_a_body_over_the_limit_is_refused_by_its_header(
    client: httpx.AsyncClient, house: MemoryHouse
) -> None:
    response = await client.post("/v1/episodes", content=b"x" * 200_001, headers=JSON)
    assert response.status_code == 413
    assert response.json()["code"] == "BODY_TOO_LARGE"
    assert not house.answers


async def test_a_body_that_hides_its_length_is_refused_as_soon_as_it_is_over(
    client: httpx.AsyncClient,
) -> None:
    sent = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        while sent < 100:
            sent += 1
            yield b"x" * 50_000

    response = await client.post("/v1/episodes", content=endless(), headers=JSON)
    assert response.status_code == 413
    assert sent <= 6


@pytest.mark.parametrize("kind", ["text/plain", "application/xml", "", "application/jsonx"])
async def test_another_content_type_is_refused(client: httpx.AsyncClient, kind: str) -> None:
    headers = {**SHENZHEN, "Content-Type": kind}
    response = await client.post("/v1/episodes", content=b"{}", headers=headers)
    assert (response.status_code, response.json()["code"]) == (415, "CONTENT_TYPE")


async def test_a_compressed_body_is_refused(client: httpx.AsyncClient) -> None:
    headers = {**JSON, "Content-Encoding": "gzip"}
    response = await client.post("/v1/episodes", content=b"\x1f\x8b", headers=headers)
    assert (response.status_code, response.json()["code"]) == (415, "CONTENT_ENCODING")


async def test_a_charset_beside_the_content_type_is_fine(client: httpx.AsyncClient) -> None:
    headers = {**SHENZHEN, "Content-Type": "application/json; charset=utf-8"}
    response = await client.post("/v1/episodes", content=b"{}", headers=headers)
    assert response.status_code == 422


async def test_faults_of_json_are_a_problem_with_pointers(client: httpx.AsyncClient) -> None:
    content = b'{"hospital": "a", "hospital": "b", "estimate": NaN}'
    response = await client.post("/v1/episodes", content=content, headers=JSON)
    body = response.json()
    assert (response.status_code, body["code"]) == (400, "BODY_REFUSED")
    assert {(e["pointer"], e["code"]) for e in body["errors"]} == {
        ("/hospital", "JSON_DUPLICATE_KEY"),
        ("/estimate", "JSON_NAN"),
    }
