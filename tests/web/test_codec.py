"""Payloads are opened for Temporal's own tools: for one page, and for who may see that run."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from typing import Any

import httpx
import pytest

from crossclaim.api.application import build_app
from crossclaim.api.audit_port import AuditRecord
from crossclaim.domain.errors import NotFound
from crossclaim.security.roles import Principal, Role
from tests.web.house import KEYS, SHENZHEN, MemoryHouse, services_over

UI = "http://127.0.0.1:8233"
SUPPORT = {"Authorization": "Bearer cc_test_support"}
REASON = {"X-Codec-Reason": "INC-2041"}
BODY = b'{"payloads": []}'


@dataclass
class Decoder:
    """Opens what belongs to one run."""

    origin: str = UI
    asked: list[tuple[str, str]] = field(default_factory=list)

    async def decode(
        self, principal: Principal, body: bytes, reason: str
    ) -> tuple[bytes, list[str]]:
        if b"ep_other" in body:
            raise NotFound("there is no such run")
        self.asked.append((principal.key_id, reason))
        return b'{"payloads": []}', ["ep_1"]


@dataclass
class Book:
    records: list[AuditRecord] = field(default_factory=list)

    async def record(self, *records: AuditRecord) -> None:
        self.records += records


@pytest.fixture(autouse=True)
def support(monkeypatch: pytest.MonkeyPatch) -> None:
    known = Principal(organisation="crossclaim", role=Role.SUPPORT, key_id="support")
    monkeypatch.setitem(KEYS, "cc_test_support", known)


def client_over(**services: Any) -> httpx.AsyncClient:
    app = build_app(replace(services_over(MemoryHouse()), **services))
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://api")


async def test_it_is_off_until_somebody_sets_it() -> None:
    async with client_over() as client:
        answer = await client.post("/codec/decode", content=BODY, headers=SUPPORT | REASON)
        assert answer.status_code == 404
        assert (await client.options("/codec/decode")).status_code == 404


async def test_it_decodes_with_a_reason_and_the_audit_names_the_runs() -> None:
    decoder, book = Decoder(), Book()
    async with client_over(decoder=decoder, audit=book) as client:
        answer = await client.post("/codec/decode", content=BODY, headers=SUPPORT | REASON)
        assert (answer.status_code, answer.json()) == (200, {"payloads": []})
        answer = await client.post("/codec/INC-7/decode", content=BODY, headers=SUPPORT)
        assert answer.status_code == 200
    assert decoder.asked == [("support", "INC-2041"), ("support", "INC-7")]
    told = [(r.operation, r.outcome, r.purpose, r.fields) for r in book.records]
    assert told == [
        ("decode_payloads", "200", "INC-2041", ["ep_1"]),
        ("decode_payloads", "200", "INC-7", ["ep_1"]),
    ]


async def test_nobody_decodes_without_key_role_or_reason_and_denials_are_audited() -> None:
    book = Book()
    async with client_over(decoder=Decoder(), audit=book) as client:
        for headers, status in (
            (REASON, 401),
            (SHENZHEN | REASON, 403),
            (SUPPORT, 422),
            (SUPPORT | {"X-Codec-Reason": "<script>"}, 422),
        ):
            answer = await client.post("/codec/decode", content=BODY, headers=headers)
            assert answer.status_code == status
        other = json.dumps({"payloads": [{"metadata": {"about": "ep_other"}}]})
        answer = await client.post("/codec/decode", content=other, headers=SUPPORT | REASON)
        assert answer.status_code == 404
    assert [r.outcome for r in book.records] == ["403", "422", "422", "404"]


async def test_nothing_is_ever_encoded() -> None:
    async with client_over(decoder=Decoder()) as client:
        for path in ("/codec/encode", "/codec/INC-7/encode"):
            answer = await client.post(path, content=BODY, headers=SUPPORT | REASON)
            assert answer.status_code == 404


async def test_only_the_pages_exact_origin_is_let_in() -> None:
    async with client_over(decoder=Decoder()) as client:
        for origin in (UI, "http://127.0.0.1:8234", f"{UI}.evil.example", "null", ""):
            headers = {"Origin": origin, "Access-Control-Request-Method": "POST"}
            before = await client.options("/codec/decode", headers=headers)
            asked = {**SUPPORT, **REASON, "Origin": origin}
            answer = await client.post("/codec/decode", content=BODY, headers=asked)
            expected = UI if origin == UI else None
            for one in (before, answer):
                assert one.headers.get("access-control-allow-origin") == expected
                assert "access-control-allow-credentials" not in one.headers
