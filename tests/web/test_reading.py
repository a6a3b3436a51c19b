"""Lists, episodes, stories, documents, callbacks, health and the API's own description."""

from __future__ import annotations

import hashlib
import re

import httpx
import pytest

from tests.plain_files import pdf_of
from tests.web.house import AUDITOR, SHENZHEN, MemoryHouse, started


async def test_a_list_hands_its_filters_and_cursor_on(client: httpx.AsyncClient) -> None:
    params = {"state": "open", "visit": "ZY1", "limit": "10", "cursor": "abc=", "order": "oldest"}
    body = (await client.get("/v1/episodes", params=params, headers=SHENZHEN)).json()
    narrowed = {"state": "open", "hospital": None, "visit": "ZY1", "limit": 10, "order": "oldest"}
    assert body["filters"] == narrowed
    assert body["cursor"] == "abc="


async def test_a_story_is_told_in_the_language_asked_for_or_accepted(
    client: httpx.AsyncClient,
) -> None:
    address = f"/v1/episodes/{await started(client)}/story"
    accepted = {**AUDITOR, "Accept-Language": "zh-TW"}
    assert (await client.get(address, headers=accepted)).json()["story"] == ["told in zh-Hant"]
    asked = await client.get(address, params={"language": "zh-Hans"}, headers=accepted)
    assert asked.json()["language"] == "zh-Hans"
    unknown = await client.get(address, params={"language": "tlh"}, headers=accepted)
    assert unknown.status_code == 422


async def test_a_document_is_kept_under_its_hash(
    client: httpx.AsyncClient, house: MemoryHouse
) -> None:
    content = pdf_of("discharge summary")
    headers = {**SHENZHEN, "Content-Type": "application/pdf"}
    params = {"name": "出院小结.pdf"}
    response = await client.post(
        "/v1/episodes/ep_1/documents", params=params, content=content, headers=headers
    )
    assert response.status_code == 201
    assert response.json() == {
        "sha256": hashlib.sha256(content).hexdigest(),
        "name": "出院小结.pdf",
        "content_type": "application/pdf",
        "size": len(content),
    }
    assert list(house.documents.values()) == [content]


@pytest.mark.parametrize(
    ("kind", "content", "name", "status", "code"),
    [
        ("application/pdf", b"", "a.pdf", 400, "DOCUMENT_EMPTY"),
        ("application/pdf", b"MZ\x90", "a.pdf", 415, "DOCUMENT_CONTENT"),
        ("text/html", b"<html>", "a.html", 415, "CONTENT_TYPE"),
        ("image/png", b"\x89PNG\r\n\x1a\n" + b"x" * 20_000, "a.png", 413, "BODY_TOO_LARGE"),
        ("application/pdf", b"%PDF-1", "../a.pdf", 422, "PARAMETERS_REFUSED"),
        ("application/pdf", b"%PDF-1", "a\x00", 422, "PARAMETERS_REFUSED"),
        ("application/pdf", b"%PDF-1", "", 422, "PARAMETERS_REFUSED"),
    ],
)
async def test_a_document_that_is_not_what_it_says_is_refused(
    client: httpx.AsyncClient,
    house: MemoryHouse,
    kind: str,
    content: bytes,
    name: str,
    status: int,
    code: str,
) -> None:
    response = await client.post(
        "/v1/episodes/ep_1/documents",
        params={"name": name},
        content=content,
        headers={**SHENZHEN, "Content-Type": kind},
    )
    assert (response.status_code, response.json()["code"]) == (status, code)
    assert not house.documents


async def test_a_callback_is_handed_on_byte_for_byte(
    client: httpx.AsyncClient, house: MemoryHouse
) -> None:
    headers = {"webhook-signature": "v1,good"}
    address, content = "/callbacks/insurers/harbour-life", b' {"a": 1}\n'
    response = await client.post(address, content=content, headers=headers)
    assert (response.status_code, response.content) == (204, b"")
    assert house.received == [("harbour-life", content)]


async def test_a_callback_with_a_wrong_signature_or_to_nobody_is_refused(
    client: httpx.AsyncClient, house: MemoryHouse
) -> None:
    assert (await client.post("/callbacks/insurers/harbour-life")).status_code == 401
    assert (await client.post("/callbacks/insurers/%00")).status_code == 404
    assert not house.received


async def test_health_names_the_engine_that_does_not_answer(
    client: httpx.AsyncClient, house: MemoryHouse
) -> None:
    house.engines = {"database": True, "temporal": True}
    assert (await client.get("/health")).status_code == 200
    house.engines["temporal"] = False
    response = await client.get("/health")
    assert (response.status_code, response.json()["engines"]["temporal"]) == (503, False)


async def test_the_description_shows_the_bodies_that_endpoints_read_as_bytes(
    client: httpx.AsyncClient,
) -> None:
    document = (await client.get("/openapi.json")).json()
    schemas = document["components"]["schemas"]
    bills = document["paths"]["/v1/episodes/{episode_id}/bills"]["post"]
    content = bills["requestBody"]["content"]["application/json"]
    assert content["schema"] == {"$ref": "#/components/schemas/BillSubmission"}
    assert content["example"]["lines"]
    assert set(schemas["Money"]["properties"]) == {"amount", "currency"}
    assert "application/problem+json" in bills["responses"]["422"]["content"]


async def test_every_reference_in_the_description_leads_somewhere(
    client: httpx.AsyncClient,
) -> None:
    response = await client.get("/openapi.json")
    known = set(response.json()["components"]["schemas"])
    assert set(re.findall(r'"#/components/schemas/([^"]+)"', response.text)) <= known


async def test_the_page_needs_nothing_from_outside(client: httpx.AsyncClient) -> None:
    page = await client.get("/docs")
    assert page.status_code == 200
    assert "//" not in page.text
    for asset in re.findall(r'(?:src|href)="([^"]+)"', page.text):
        response = await client.get(f"/{asset}")
        assert response.status_code == 200 and response.content
    assert "script-src 'self';" in page.headers["content-security-policy"]
    for other in ("redoc.standalone.js", "..%2fcore.py", "%00"):
        assert (await client.get(f"/docs/{other}")).status_code == 404
