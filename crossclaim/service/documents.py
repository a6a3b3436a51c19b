"""Uploaded documents: encrypted under the episode's key, known by the SHA-256 of their content."""

from __future__ import annotations

import asyncio
import hashlib

from crossclaim.domain.errors import NotFound
from crossclaim.gateways.documents import S3Documents
from crossclaim.security.roles import Principal
from crossclaim.store.session import Database


class StoredDocuments:
    """Implements ``crossclaim.api.services.DocumentStore``."""

    def __init__(self, database: Database, objects: S3Documents) -> None:
        self._database = database
        self._objects = objects

    async def put(
        self, principal: Principal, episode_id: str, content_type: str, content: bytes
    ) -> str:
        """The SHA-256 of the content, in hex. The object first, then its row. Idempotent."""
        return await asyncio.to_thread(self._put, principal, episode_id, content_type, content)

    def _put(self, principal: Principal, episode_id: str, content_type: str, content: bytes) -> str:
        sha256 = hashlib.sha256(content).hexdigest()
        key = f"{episode_id}/documents/{sha256}"
        with self._database.begin(principal.organisation) as connection:
            visible = connection.execute(
                "select 1 from episode where id = %(id)s", {"id": episode_id}
            ).scalar_one_or_none()
        if visible is None:
            raise NotFound("there is no such episode")
        self._objects.put(key, content, content_type)
        with self._database.begin(principal.organisation) as connection:
            connection.execute(
                """
                insert into document (episode_id, sha256, organisation_id, object_key,
                                      content_type, size_bytes)
                values (%(id)s, %(sha256)s, %(organisation)s, %(key)s, %(type)s, %(size)s)
                on conflict do nothing
                """,
                {
                    "id": episode_id,
                    "sha256": sha256,
                    "organisation": principal.organisation,
                    "key": key,
                    "type": content_type,
                    "size": len(content),
                },
            )
        return sha256
