"""The FHIR server over the rows of the folder's database, for whoever asks."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import httpx
from fhir.resources.R4B import get_fhir_model_class

from crossclaim.api.application import build_app
from crossclaim.api.audit_port import AuditRecord
from crossclaim.gateways import strict_json
from crossclaim.security.roles import Principal, Role
from crossclaim.service.fhir_reads import FhirDesk, FhirShelf
from crossclaim.wiring import House
from tests.steps.rig import Rig
from tests.web.house import MemoryHouse, services_over

KEYS = {
    "cc_test_hospital": ("hku-szh", Role.HOSPITAL_BILLING),
    "cc_test_accounts": ("hku-szh", Role.HOSPITAL_FINANCE),
    "cc_test_harbour": ("harbour-life", Role.INSURER_SYSTEM),
    "cc_test_mutual": ("kowloon-mutual", Role.INSURER_EXAMINER),
    "cc_test_victoria": ("victoria-health", Role.INSURER_EXAMINER),
    "cc_test_jiangmen": ("jiangmen-central", Role.HOSPITAL_BILLING),
}


class KnownHouse(MemoryHouse):
    """Knows these keys; everything else stays in memory."""

    async def principal_of(self, api_key: str) -> Principal | None:
        known = KEYS.get(api_key)
        if known is None:
            return None
        return Principal(organisation=known[0], role=known[1], key_id=api_key[8:])


class Book:
    def __init__(self) -> None:
        self.about: list[str] = []

    async def record(self, *records: AuditRecord) -> None:
        self.about += [record.about for record in records]


class FhirReader:
    """``get`` answers with resources that are valid R4."""

    def __init__(self, api: House, rig: Rig) -> None:
        self.book = Book()
        services = replace(
            services_over(KnownHouse()),
            fhir=FhirDesk(api.database, api.keyring, rig.world.reference),
            fhir_messages=FhirShelf(api.database, api.keyring),
            audit=self.book,
        )
        transport = httpx.ASGITransport(build_app(services))
        self.client = httpx.AsyncClient(transport=transport, base_url="http://api.test")

    async def ask(self, address: str, who: str = "hospital", **headers: str) -> httpx.Response:
        key = {"Authorization": f"Bearer cc_test_{who}"}
        return await self.client.get(f"/fhir/{address}", headers={**key, **headers})

    async def get(self, address: str, who: str = "hospital") -> dict[str, Any]:
        response = await self.ask(address, who)
        assert response.status_code == 200, response.text
        assert response.headers["content-type"] == "application/fhir+json"
        found: dict[str, Any] = strict_json.loads(response.content)
        get_fhir_model_class(found["resourceType"]).model_validate(found)
        assert not empty(found), "R4 has no empty elements, and the models let some pass"
        return found

    async def found(self, address: str, who: str = "hospital") -> list[dict[str, Any]]:
        """The matches of a search; each of them is read by itself the same."""
        bundle = await self.get(address, who)
        entries = bundle.get("entry", [])
        for one in entries:
            kind = one["resource"]["resourceType"]
            get_fhir_model_class(kind).model_validate(one["resource"])
            if one["search"]["mode"] == "match":
                alone = await self.get(f"{kind}/{one['resource']['id']}", who)
                assert alone == one["resource"]
        return [one["resource"] for one in entries if one["search"]["mode"] == "match"]


def empty(node: Any) -> bool:
    if isinstance(node, dict | list):
        members = list(node.values()) if isinstance(node, dict) else node
        return not members or any(empty(one) for one in members)
    return node is None or node == ""
