"""The FHIR server whose submissions are applied at once, as a worker does."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import httpx
from ulid import ULID

from activities.orders import Apply
from activities.submissions import SubmissionSteps
from crossclaim.api.application import build_app
from crossclaim.api.services import Answer
from crossclaim.domain.submission import OPENS, SubmissionKind
from crossclaim.gateways import strict_json
from crossclaim.security.keyring import Keyring
from crossclaim.security.roles import Principal
from crossclaim.service.directory import SqlDirectory
from crossclaim.service.fhir_reads import FhirDesk, FhirShelf
from crossclaim.service.intake import answer_of
from crossclaim.store.keys import SqlApiKeys
from crossclaim.wiring import House
from tests.steps.fhir_reader import FhirReader, KnownHouse
from tests.steps.rig import AT, Rig
from tests.web.house import services_over


class AppliedAtOnce:
    """The API's own intake rows; the step that a worker makes follows in the same breath.

    ``slow``: kinds that stay being worked on.
    """

    def __init__(self, rig: Rig) -> None:
        self._rig = rig
        self.slow: set[SubmissionKind] = set()

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
        received = self._rig.intake.receive(
            principal.organisation,
            kind,
            submission_id=f"sb_{ULID()}",
            episode_id=episode_id or f"{OPENS[kind]}_{ULID()}",
            business_key=business_key,
            content=content,
            idempotency_key=idempotency_key,
            key_id=principal.key_id,
        )
        if received.outcome is not None:
            return answer_of(received, received.outcome)
        if kind in self.slow:
            body = {"episode_id": received.episode_id, "status": "accepted"}
            return Answer(status=202, body=body, episode_id=received.episode_id)
        order = Apply(episode_id=received.episode_id, submission_id=received.id, at=AT)
        SubmissionSteps(self._rig.world).apply_submission(order)
        return answer_of(received, self._rig.intake.taken(principal.organisation, received.id))

    async def answered(
        self,
        principal: Principal,
        kind: SubmissionKind,
        *,
        business_key: str,
        content: dict[str, Any],
    ) -> Answer | None:
        found = self._rig.intake.known(principal.organisation, kind, business_key, content)
        known = found is not None and found.outcome is not None
        return answer_of(found, found.outcome) if known and found and found.outcome else None


class KnownPeople(SqlDirectory):
    """Keys of the test, stays of the rows."""

    def __init__(self, api: House, keyring: Keyring) -> None:
        super().__init__(api.database, keyring, SqlApiKeys(api.database))
        self._known = KnownHouse()

    async def principal_of(self, api_key: str) -> Principal | None:
        return await self._known.principal_of(api_key)


class FhirWindow(FhirReader):
    """``send`` posts a message as the hospital's system would."""

    def __init__(self, api: House, rig: Rig) -> None:
        super().__init__(api, rig)
        self.intake = AppliedAtOnce(rig)
        services = replace(
            services_over(KnownHouse()),
            intake=self.intake,
            directory=KnownPeople(api, api.keyring),
            reference=rig.world.reference,
            fhir=FhirDesk(api.database, api.keyring, rig.world.reference),
            fhir_messages=FhirShelf(api.database, api.keyring),
            audit=self.book,
            body_limit_bytes=1_000_000,
        )
        transport = httpx.ASGITransport(build_app(services))
        self.client = httpx.AsyncClient(transport=transport, base_url="http://api.test")

    async def send(
        self, address: str, resource: Any, who: str = "hospital", **headers: str
    ) -> httpx.Response:
        key = {"Authorization": f"Bearer cc_test_{who}", "Content-Type": "application/fhir+json"}
        content = strict_json.dumps(resource)
        return await self.client.post(
            f"/fhir/{address}", content=content, headers={**key, **headers}
        )

    async def sent(self, address: str, resource: Any, status: int = 200) -> dict[str, Any]:
        response = await self.send(address, resource)
        assert response.status_code == status, response.text
        return dict(json.loads(response.content))
