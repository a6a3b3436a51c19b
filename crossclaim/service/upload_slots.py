"""Uploads to the object store itself: what was stated is a row, what was sent is verified by it."""

from __future__ import annotations

import asyncio
import hashlib
from datetime import UTC, datetime, timedelta
from typing import Any

from ulid import ULID

from crossclaim.api.problem_sentences import problem_fault
from crossclaim.api.upload_port import SentFile, StatedFile, UploadSlot
from crossclaim.domain.errors import NotFound, Refused
from crossclaim.domain.faults import refusal_text
from crossclaim.gateways.incoming import IncomingFiles
from crossclaim.security.keyring import Keyring
from crossclaim.security.roles import Principal
from crossclaim.store.session import Database

VALID_FOR_S = 900
_OPEN, _DONE, _REFUSED = "open", "done", "refused"
_NAME = "upload_name"
_ADD = """
insert into upload_slot (id, episode_id, organisation_id, name_sealed, content_type, size_bytes,
                         sha256, expires_at)
values (%(id)s, %(episode)s, %(organisation)s, %(name)s, %(type)s, %(size)s, %(sha256)s,
        %(expires)s)
"""
_FIND = """
select * from upload_slot where id = %(id)s and episode_id = %(episode)s
  and organisation_id = %(organisation)s
"""
_CLOSE = """
update upload_slot set state = %(state)s, document_sha256 = %(document)s, why = %(why)s
where id = %(id)s and state = 'open'
"""
# An address may be used again until it ends; what is sent then lies there for nobody.
_OVER = """
select id from upload_slot where organisation_id = %(organisation)s and not swept
  and expires_at < now() order by expires_at limit 20
"""


class SqlUploadSlots:
    """Implements ``crossclaim.api.upload_port.UploadSlots`` under row-level security."""

    def __init__(self, database: Database, keyring: Keyring, incoming: IncomingFiles) -> None:
        self._database = database
        self._keyring = keyring
        self._incoming = incoming

    async def open(self, principal: Principal, episode_id: str, stated: StatedFile) -> UploadSlot:
        return await asyncio.to_thread(self._open, principal, episode_id, stated)

    def _open(self, principal: Principal, episode_id: str, stated: StatedFile) -> UploadSlot:
        self._sweep(principal)
        upload, expires_at = f"up_{ULID()}", datetime.now(UTC) + timedelta(seconds=VALID_FOR_S)
        with self._database.begin(principal.organisation) as connection:
            known = "select 1 from episode where id = %(id)s"
            if connection.execute(known, {"id": episode_id}).scalar_one_or_none() is None:
                raise NotFound("there is no such episode")
            values = {
                "id": upload,
                "episode": episode_id,
                "organisation": principal.organisation,
                "name": self._keyring.encrypt(episode_id, stated.name.encode(), _NAME),
                "type": stated.content_type,
                "size": stated.size,
                "sha256": stated.sha256,
                "expires": expires_at,
            }
            connection.execute(_ADD, values)
        url, headers = self._incoming.address(
            upload,
            content_type=stated.content_type,
            size=stated.size,
            sha256=stated.sha256,
            within_s=VALID_FOR_S,
        )
        return UploadSlot(upload=upload, url=url, headers=headers, expires_at=expires_at)

    async def sent(self, principal: Principal, episode_id: str, upload: str) -> SentFile:
        return await asyncio.to_thread(self._sent, principal, episode_id, upload)

    def _sent(self, principal: Principal, episode_id: str, upload: str) -> SentFile:
        row = self._row(principal, episode_id, upload)
        name = self._keyring.decrypt(episode_id, bytes(row.name_sealed), _NAME).decode()
        stated = StatedFile(
            name=name, content_type=row.content_type, size=row.size_bytes, sha256=row.sha256
        )
        found = SentFile(
            stated=stated, state=row.state, document_sha256=row.document_sha256, why=row.why
        )
        if row.state != _OPEN:
            return found
        return found.model_copy(update={"content": self._content(principal, upload, row)})

    def _row(self, principal: Principal, episode_id: str, upload: str) -> Any:
        values = {"id": upload, "episode": episode_id, "organisation": principal.organisation}
        with self._database.begin(principal.organisation) as connection:
            row = connection.execute(_FIND, values).one_or_none()
        if row is None:
            raise NotFound("there is no such upload")
        return row

    def _content(self, principal: Principal, upload: str, row: Any) -> bytes:
        """Of the stated size and digest, or it is removed and refused."""
        size = self._incoming.size(upload)
        if size is None:
            code = "UPLOAD_OVER" if row.expires_at <= datetime.now(UTC) else "UPLOAD_ABSENT"
            raise _refused(code)
        content = b"" if size != row.size_bytes else self._incoming.read(upload, size)
        why = "UPLOAD_SIZE" if len(content) != row.size_bytes else ""
        if not why and hashlib.sha256(content).hexdigest() != row.sha256:
            why = "UPLOAD_DIGEST"
        if why:
            self._close(principal, upload, "", why)
            raise _refused(why)
        return content

    async def close(
        self, principal: Principal, upload: str, *, document_sha256: str = "", why: str = ""
    ) -> None:
        await asyncio.to_thread(self._close, principal, upload, document_sha256, why)

    def _close(self, principal: Principal, upload: str, document_sha256: str, why: str) -> None:
        self._incoming.remove(upload)
        state = _REFUSED if why else _DONE
        values = {"id": upload, "state": state, "document": document_sha256, "why": why}
        with self._database.begin(principal.organisation) as connection:
            connection.execute(_CLOSE, values)

    def _sweep(self, principal: Principal) -> None:
        """What nobody came back for is removed when its sender next asks for an address."""
        values = {"organisation": principal.organisation}
        with self._database.begin(principal.organisation) as connection:
            over = [row.id for row in connection.execute(_OVER, values)]
        for upload in over:
            self._incoming.remove(upload)
        if over:
            swept = "update upload_slot set swept = true where id = any(%(ids)s)"
            with self._database.begin(principal.organisation) as connection:
                connection.execute(swept, {"ids": over})


def _refused(code: str) -> Refused:
    return Refused(refusal_text(1), [problem_fault(code, "")])
