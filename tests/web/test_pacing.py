"""A client that is too fast is told to wait, by a problem; no other tenant notices."""

from __future__ import annotations

from dataclasses import replace

import httpx

from crossclaim.api.application import build_app
from crossclaim.api.pacing import Pacing
from crossclaim.security.pace import Pace
from tests.web.house import JIANGMEN, SHENZHEN, MemoryHouse, services_over


def paced(per_s: float) -> httpx.AsyncClient:
    free, slow = Pace(per_s=0, burst=1), Pace(per_s=per_s, burst=3)
    pacing = Pacing(reading=slow, writing=free, entering=slow)
    app = build_app(replace(services_over(MemoryHouse()), pacing=pacing))
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://api.test")


async def test_too_many_reads_are_answered_429_with_the_time_to_wait() -> None:
    async with paced(0.1) as client:
        answers = [await client.get("/v1/episodes", headers=SHENZHEN) for _ in range(5)]
        assert [a.status_code for a in answers] == [200, 200, 200, 429, 429]
        refused = answers[-1]
        assert refused.headers["content-type"] == "application/problem+json"
        assert refused.json()["code"] == "TOO_MANY_REQUESTS"
        assert 1 <= int(refused.headers["retry-after"]) <= 20
        other = await client.get("/v1/episodes", headers=JIANGMEN)
        assert other.status_code == 200, "another tenant goes on"
        write = await client.post("/v1/episodes", json={}, headers=SHENZHEN)
        assert write.status_code == 422, "and so does another class of route"


async def test_wrong_credentials_are_counted_by_where_they_come_from() -> None:
    wrong = {"Authorization": "Bearer cc_test_nobody"}
    async with paced(0.1) as client:
        answers = [await client.get("/v1/episodes", headers=wrong) for _ in range(5)]
        assert [a.status_code for a in answers] == [401, 401, 401, 429, 429]
        right = await client.get("/v1/episodes", headers=SHENZHEN)
        assert right.status_code == 200, "who is right is not kept out by who is wrong"


async def test_who_reads_what_is_open_keeps_nobody_from_coming_in() -> None:
    """Behind a proxy everybody has one address."""
    wrong = {"Authorization": "Bearer cc_test_nobody"}
    async with paced(0.1) as client:
        answers = [await client.get("/v1/consent-texts") for _ in range(5)]
        assert [a.status_code for a in answers][-1] == 429
        assert (await client.get("/v1/episodes", headers=wrong)).status_code == 401
        assert (await client.get("/v1/episodes", headers=SHENZHEN)).status_code == 200


async def test_without_a_pace_nobody_is_told_to_wait() -> None:
    async with paced(0) as client:
        answers = [await client.get("/v1/episodes", headers=SHENZHEN) for _ in range(20)]
    assert {a.status_code for a in answers} == {200}
