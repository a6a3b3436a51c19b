"""Writes about letters of guarantee: requests, with the documents that go with them sealed."""

from __future__ import annotations

import json
from datetime import datetime

from crossclaim.domain.guarantee_rows import GuaranteeRequestRow
from crossclaim.domain.submission import DocumentNamed
from crossclaim.security.keyring import Keyring
from crossclaim.store.connection import Connection
from crossclaim.store.episode_tables import set_columns

_ADD = """
insert into guarantee_request (id, episode_id, guarantee_id, reference, kind, state, planned_minor,
       wanted_until, reasons, sealed, asked_at, requested_at, due_at, answered_at, disposition,
       before_minor, limit_minor)
values (%(id)s, %(episode)s, %(guarantee_id)s, %(reference)s, %(kind)s, %(state)s,
        %(planned_minor)s, %(wanted_until)s, %(reasons)s, %(sealed)s, %(asked_at)s,
        %(requested_at)s, %(due_at)s, %(answered_at)s, %(disposition)s,
        %(before_minor)s, %(limit_minor)s)
"""
_PURPOSE = "guarantee-documents"


class GuaranteeTables:
    """Part of a transaction: what was asked about letters of guarantee."""

    _connection: Connection
    _keyring: Keyring

    def add_guarantee_request(
        self, episode_id: str, row: GuaranteeRequestRow, documents: list[DocumentNamed]
    ) -> None:
        plain = json.dumps([d.model_dump(mode="json") for d in documents]).encode()
        sealed = self._keyring.encrypt(episode_id, plain, _PURPOSE)
        self._connection.execute(
            _ADD, {**row.model_dump(), "episode": episode_id, "sealed": sealed}
        )

    def change_guarantee_request(self, request_id: str, **fields: object) -> None:
        set_columns(
            self._connection, "guarantee_request", "id = %(_id)s", {**fields, "_id": request_id}
        )

    def guarantee_proposed_by(self, request_id: str) -> str | None:
        by: str | None = self._connection.execute(
            "select proposed_by from guarantee_request where id = %(id)s", {"id": request_id}
        ).scalar_one()
        return by

    def guarantee_documents(self, episode_id: str, request_id: str) -> list[DocumentNamed]:
        sealed = self._connection.execute(
            "select sealed from guarantee_request where id = %(id)s", {"id": request_id}
        ).scalar_one()
        plain = self._keyring.decrypt(episode_id, bytes(sealed), _PURPOSE)
        return [DocumentNamed.model_validate(one) for one in json.loads(plain)]

    def lapse_guarantee_requests(self, guarantee_id: str, at: datetime) -> None:
        """Nobody answers them any more."""
        self._connection.execute(
            """
            update guarantee_request set state = 'lapsed', answered_at = %(at)s
            where guarantee_id = %(id)s and state in ('due', 'requested', 'queued', 'at_desk')
            """,
            {"id": guarantee_id, "at": at},
        )
