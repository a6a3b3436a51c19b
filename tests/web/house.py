"""The API over in-memory services: what each Protocol promises, small enough to be read at once."""

from __future__ import annotations

import hashlib
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import httpx
import yaml
from fastapi import FastAPI
from starlette.types import Receive, Scope, Send

from crossclaim.api.application import build_app
from crossclaim.api.services import Answer, ApiServices, EpisodeFilters
from crossclaim.domain.errors import Conflict, KeyReused, NotAuthenticated, NotFound
from crossclaim.domain.fault_family import FAMILY_PLAN
from crossclaim.domain.plan import PlanSet
from crossclaim.domain.reference import Reference
from crossclaim.domain.stay import Stay
from crossclaim.domain.submission import OPENS, SubmissionKind
from crossclaim.plans.loader import load_plans
from crossclaim.security.roles import Principal, Role
from crossclaim.service.health_records import AccessClosed
from tests.web.family_house import MemoryFamily
from tests.web.memory_uploads import MemoryUploads

PLANS = load_plans(demonstration=True)
EXAMPLES = Path(__file__).parents[2] / "examples"
NOW = datetime(2026, 11, 21, tzinfo=UTC)

KEYS = {
    "cc_test_shenzhen": Principal(
        organisation="hku-szh", role=Role.HOSPITAL_BILLING, key_id="shenzhen"
    ),
    "cc_test_jiangmen": Principal(
        organisation="jiangmen-central", role=Role.HOSPITAL_BILLING, key_id="jiangmen"
    ),
    "cc_test_auditor": Principal(organisation="crossclaim", role=Role.AUDITOR, key_id="auditor"),
}
SHENZHEN = {"Authorization": "Bearer cc_test_shenzhen"}
JIANGMEN = {"Authorization": "Bearer cc_test_jiangmen"}
AUDITOR = {"Authorization": "Bearer cc_test_auditor"}


def example(name: str) -> Any:
    return json.loads((EXAMPLES / f"{name}.json").read_text())


@dataclass
class MemoryHouse:
    """Every service in one, with what they have been given in plain dictionaries."""

    answers: dict[tuple[str, str], tuple[dict[str, Any], Answer]] = field(default_factory=dict)
    keys: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)
    owners: dict[str, str] = field(default_factory=dict)
    stays: dict[str, Stay] = field(default_factory=dict)
    documents: dict[str, bytes] = field(default_factory=dict)
    received: list[tuple[str, bytes]] = field(default_factory=list)
    engines: dict[str, bool] = field(default_factory=dict)
    uploads: MemoryUploads = field(default_factory=MemoryUploads)
    infected: bytes = b"INFECTED"
    sharing_ended: bool = False
    broken: Exception | None = None
    """Raised by the next submission."""

    async def submit(
        self,
        principal: Principal,
        kind: SubmissionKind,
        *,
        episode_id: str | None,
        business_key: str,
        content: dict[str, Any],
        idempotency_key: str | None,
    ) -> Answer:
        if self.broken:
            raise self.broken
        if idempotency_key:
            used = self.keys.setdefault((principal.organisation, idempotency_key), content)
            if used != content:
                raise KeyReused("the Idempotency-Key was used for another body")
        known = self.answers.get((principal.organisation, business_key))
        if known:
            if known[0] != content:
                raise Conflict("submitted before with other content", ["/total"])
            return known[1].model_copy(update={"replayed": True})
        prefix = OPENS.get(kind, "ep")
        episode = episode_id or f"{prefix}_{len(self.owners) + 1:026d}"
        self.owners.setdefault(episode, principal.organisation)
        body = {"episode_id": episode, "kind": kind.value, "content": content}
        answer = Answer(status=201, body=body, episode_id=episode)
        self.answers[principal.organisation, business_key] = (content, answer)
        return answer

    async def answered(
        self,
        principal: Principal,
        kind: SubmissionKind,
        *,
        business_key: str,
        content: dict[str, Any],
    ) -> Answer | None:
        known = self.answers.get((principal.organisation, business_key))
        return (
            known[1].model_copy(update={"replayed": True})
            if known and known[0] == content
            else None
        )

    async def status(self, principal: Principal, submission_id: str) -> dict[str, Any]:
        raise NotFound("there is no such submission")

    async def principal_of(self, api_key: str) -> Principal | None:
        return KEYS.get(api_key)

    def _mine(self, principal: Principal, episode_id: str) -> None:
        sees_all = principal.role is Role.AUDITOR
        if episode_id not in self.owners or not (
            sees_all or self.owners[episode_id] == principal.organisation
        ):
            raise NotFound("there is no such episode")

    async def stay_of(self, principal: Principal, episode_id: str) -> Stay | None:
        self._mine(principal, episode_id)
        return self.stays.get(episode_id)

    async def episode(self, principal: Principal, episode_id: str) -> dict[str, Any]:
        self._mine(principal, episode_id)
        return {"id": episode_id}

    async def episodes(
        self, principal: Principal, filters: EpisodeFilters, cursor: str | None
    ) -> dict[str, Any]:
        return {"filters": filters.model_dump(), "cursor": cursor, "items": [], "next": None}

    async def story(self, principal: Principal, episode_id: str, language: str) -> dict[str, Any]:
        self._mine(principal, episode_id)
        return {"episode_id": episode_id, "language": language, "story": [f"told in {language}"]}

    async def read(
        self, principal: Principal, episode_id: str, number: str, staff: str
    ) -> dict[str, Any]:
        self._mine(principal, episode_id)
        if (principal.organisation, f"{episode_id}/record-request/{number}") not in self.answers:
            raise NotFound("there is no such request")
        if self.sharing_ended:
            raise AccessClosed("the consent to this record has been withdrawn")
        return {"number": number, "read_by": staff}

    async def accesses(self, principal: Principal, episode_id: str) -> dict[str, Any]:
        self._mine(principal, episode_id)
        return {"episode_id": episode_id, "accesses": [], "notices": []}

    async def put(
        self, principal: Principal, episode_id: str, content_type: str, content: bytes
    ) -> str:
        sha256 = hashlib.sha256(content).hexdigest()
        self.documents[sha256] = content
        return sha256

    async def clean(self, content: bytes) -> bool:
        return self.infected not in content

    async def receive(self, insurer: str, headers: Mapping[str, str], raw_body: bytes) -> None:
        if headers.get("webhook-signature") != "v1,good":
            raise NotAuthenticated("the signature is wrong")
        self.received.append((insurer, raw_body))

    async def report(self) -> dict[str, bool]:
        return self.engines


@cache
def shipped_plans() -> PlanSet:
    return load_plans(demonstration=True)


@cache
def shipped_reference() -> Reference:
    return Reference.model_validate(
        yaml.load((EXAMPLES / "reference.yaml").read_text("utf-8"), Loader=yaml.CSafeLoader)
    )


@cache
def application() -> FastAPI:
    """One for all houses, since its routes cost more than most tests; it works for the last."""
    return build_app(services_over(MemoryHouse()))


def services_over(house: MemoryHouse) -> ApiServices:
    return ApiServices(
        family=MemoryFamily(house.owners),
        family_plan=lambda: PLANS.find(FAMILY_PLAN),
        intake=house,
        directory=house,
        reads=house,
        documents=house,
        uploads=house.uploads,
        scanner=house,
        callbacks=house,
        engines=house,
        records=house,
        plans=shipped_plans,
        reference=shipped_reference(),
        body_limit_bytes=200_000,
        document_limit_bytes=20_000,
        now=lambda: NOW,
    )


@asynccontextmanager
async def client_of(house: MemoryHouse) -> AsyncIterator[httpx.AsyncClient]:
    """A client in the same process; an error that leaves the application reaches the test."""
    app, services = application(), services_over(house)

    async def of_this_house(scope: Scope, receive: Receive, send: Send) -> None:
        app.state.services = services
        await app(scope, receive, send)

    transport = httpx.ASGITransport(of_this_house)
    async with httpx.AsyncClient(transport=transport, base_url="http://api.test") as client:
        yield client


async def started(client: httpx.AsyncClient, name: str = "episode-1-inpatient") -> str:
    """The id of an example episode that has been submitted."""
    headers = SHENZHEN if name == "episode-1-inpatient" else JIANGMEN
    response = await client.post("/v1/episodes", json=example(name), headers=headers)
    assert response.status_code == 201, response.text
    return str(response.json()["episode_id"])
