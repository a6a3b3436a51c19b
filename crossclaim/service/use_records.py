"""Records on use of vouchers, opened for the hospital that they are about."""

from __future__ import annotations

import asyncio

from crossclaim.domain.errors import NotFound
from crossclaim.gateways.documents import S3Documents
from crossclaim.security.roles import Principal
from crossclaim.store.session import Database


class StoredUseRecords:
    """Implements ``crossclaim.api.services.UseRecords`` under row-level security."""

    def __init__(self, database: Database, objects: S3Documents) -> None:
        self._database = database
        self._objects = objects

    async def read(
        self, principal: Principal, episode_id: str, claim_id: str, language: str
    ) -> tuple[str, bytes]:
        return await asyncio.to_thread(self._read, principal, episode_id, claim_id, language)

    def _read(
        self, principal: Principal, episode_id: str, claim_id: str, language: str
    ) -> tuple[str, bytes]:
        """Only the episode's own hospital: an insurer that is a party to it sees no vouchers."""
        with self._database.begin(principal.organisation) as connection:
            found = connection.execute(
                """
                select r.object_key, r.content_type from voucher_use_record r
                join episode e on e.id = r.episode_id and e.hospital_id = %(organisation)s
                where r.episode_id = %(id)s and r.claim_id = %(claim)s
                  and r.language = %(language)s
                order by r.void desc limit 1
                """,
                {
                    "organisation": principal.organisation,
                    "id": episode_id,
                    "claim": claim_id,
                    "language": language,
                },
            ).one_or_none()
        if found is None:
            raise NotFound("there is no such record")
        return found.content_type, self._objects.get(found.object_key)
