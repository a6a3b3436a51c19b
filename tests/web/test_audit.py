"""What somebody known reads or is denied is recorded before the answer goes out."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import httpx

from crossclaim.api.application import build_app
from crossclaim.api.audit_port import AuditRecord
from crossclaim.domain.errors import Unavailable
from tests.web.house import AUDITOR, SHENZHEN, MemoryHouse, services_over


@dataclass
class Book:
    broken: bool = False
    records: list[AuditRecord] = field(default_factory=list)

    async def record(self, *records: AuditRecord) -> None:
        if self.broken:
            raise Unavailable("the audit cannot be written; try again in a moment")
        self.records += records


def client_over(house: MemoryHouse, book: Book) -> httpx.AsyncClient:
    app = build_app(replace(services_over(house), audit=book))
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    return httpx.AsyncClient(transport=transport, base_url="http://api")


async def test_a_read_and_a_denial_leave_a_record_each() -> None:
    house, book = MemoryHouse(), Book()
    house.owners["ep_1"] = "hku-szh"
    async with client_over(house, book) as client:
        await client.get("/v1/episodes/ep_1", headers=SHENZHEN)
        await client.get("/v1/episodes/ep_2", headers=SHENZHEN)
        await client.post("/v1/episodes", headers=AUDITOR, json={})
    told = [(r.operation, r.about, r.outcome) for r in book.records]
    assert told == [
        ("read_episode", "ep_1", "200"),
        ("read_episode", "ep_2", "404"),
        ("submit_episode", "", "403"),
    ]


async def test_a_read_of_a_binding_or_a_code_says_of_which() -> None:
    house, book = MemoryHouse(), Book()
    async with client_over(house, book) as client:
        await client.get("/v1/family-bindings/fb_1/story", headers=SHENZHEN)
        await client.get("/v1/family-code-links/fc_1", headers=SHENZHEN)
    told = [(r.operation, r.about, r.outcome) for r in book.records]
    assert told == [
        ("read_family_binding", "fb_1", "404"),
        ("read_family_code", "fc_1", "404"),
    ]


async def test_nothing_is_read_when_the_record_cannot_be_written() -> None:
    house, book = MemoryHouse(), Book(broken=True)
    house.owners["ep_1"] = "hku-szh"
    async with client_over(house, book) as client:
        answer = await client.get("/v1/episodes/ep_1", headers=SHENZHEN)
    assert answer.status_code == 503
    assert answer.json()["code"] == "UNAVAILABLE"
