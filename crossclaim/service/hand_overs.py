"""Records of hand-overs, opened for the hospital whose episode they are of."""

from __future__ import annotations

import asyncio
from typing import Any

from crossclaim.domain.errors import NotFound
from crossclaim.gateways.documents import S3Documents
from crossclaim.security.roles import Principal
from crossclaim.store.session import Database

_LISTED = """
select h.number, h.from_institution, h.from_staff, h.to_institution, h.to_staff, h.departed_at,
       h.handed_over_at, h.crew, h.vehicle, h.emergency_reason, h.state, r.recipient, r.basis,
       r.rule, r.decided_by, r.missing, r.consents, r.released_at
from hand_over h left join hand_over_release r on r.hand_over_id = h.id
where h.episode_id = %(id)s order by h.recorded_at, h.id
"""
_PAPER = """
select p.object_key, p.content_type from hand_over_paper p
join hand_over h on h.id = p.hand_over_id
where h.episode_id = %(id)s and h.number = %(number)s and p.language = %(language)s
"""
_OWN = "select 1 from episode where id = %(id)s and hospital_id = %(organisation)s"


class StoredHandOvers:
    """Implements ``crossclaim.api.services.HandOvers`` under row-level security."""

    def __init__(self, database: Database, objects: S3Documents) -> None:
        self._database = database
        self._objects = objects

    async def listed(self, principal: Principal, episode_id: str) -> dict[str, Any]:
        return await asyncio.to_thread(self._listed, principal, episode_id)

    def _listed(self, principal: Principal, episode_id: str) -> dict[str, Any]:
        """What the patient's condition was stands in the record alone."""
        with self._database.begin(principal.organisation) as connection:
            values = {"id": episode_id, "organisation": principal.organisation}
            if connection.execute(_OWN, values).scalar_one_or_none() is None:
                raise NotFound("there is no such episode")
            found = connection.execute(_LISTED, {"id": episode_id}).mappings()
            return {"episode_id": episode_id, "hand_overs": [dict(row) for row in found]}

    async def record(
        self, principal: Principal, episode_id: str, number: str, language: str
    ) -> tuple[str, bytes]:
        return await asyncio.to_thread(self._record, principal, episode_id, number, language)

    def _record(
        self, principal: Principal, episode_id: str, number: str, language: str
    ) -> tuple[str, bytes]:
        with self._database.begin(principal.organisation) as connection:
            values = {"id": episode_id, "number": number, "language": language}
            found = connection.execute(_PAPER, values).one_or_none()
        if found is None:
            raise NotFound("there is no such record")
        return found.content_type, self._objects.get(found.object_key)
