"""Uploaded documents: encrypted under the episode's key, known by the SHA-256 of their content."""

from __future__ import annotations

import asyncio
import hashlib

from activities.ports import Documents
from crossclaim.documents.ebill_files import ebills_in
from crossclaim.domain.errors import NotFound
from crossclaim.security.keyring import Keyring
from crossclaim.security.roles import Principal
from crossclaim.store.review_tables import READING
from crossclaim.store.session import Database

_READING = """
insert into document_reading (episode_id, sha256, organisation_id, source, sealed)
values (%(id)s, %(sha256)s, %(organisation)s, %(source)s, %(sealed)s) on conflict do nothing
"""


class StoredDocuments:
    """Implements ``crossclaim.api.services.DocumentStore``."""

    def __init__(self, database: Database, objects: Documents, keyring: Keyring) -> None:
        self._database = database
        self._objects = objects
        self._keyring = keyring

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
        readings = ebills_in(content_type, content)
        with self._database.begin(principal.organisation) as connection:
            connection.execute(
                """
                insert into document (episode_id, sha256, organisation_id, object_key,
                                      content_type, size_bytes, blind)
                values (%(id)s, %(sha256)s, %(organisation)s, %(key)s, %(type)s, %(size)s,
                        %(blind)s)
                on conflict do nothing
                """,
                {
                    "id": episode_id,
                    "sha256": sha256,
                    "organisation": principal.organisation,
                    "key": key,
                    "type": content_type,
                    "size": len(content),
                    # Whoever has the same content elsewhere learns nothing by it.
                    "blind": self._keyring.blind_index(sha256, "document"),
                },
            )
            for read in readings:
                told = read.model_dump_json().encode()
                connection.execute(
                    _READING,
                    {
                        "id": episode_id,
                        "sha256": sha256,
                        "organisation": principal.organisation,
                        "source": read.source.value,
                        "sealed": self._keyring.encrypt(episode_id, told, READING),
                    },
                )
        return sha256
