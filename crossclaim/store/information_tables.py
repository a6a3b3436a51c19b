"""Writes about information requests; what is said to whoever is asked is sealed."""

from __future__ import annotations

from datetime import datetime

from crossclaim.domain.information_request import Timetable
from crossclaim.domain.information_rows import OPEN, WANTED, InformationItemRow
from crossclaim.domain.information_submission import InformationWanted
from crossclaim.security.keyring import Keyring
from crossclaim.store.connection import Connection
from crossclaim.store.episode_tables import set_columns

NOTE = "information"
"""The field under which a note is sealed."""
_REQUEST = """
insert into information_request (id, episode_id, claim_id, guarantee, organisation_id, number,
    asked_of, state, asked_at, due_at, remind_at)
values (%(id)s, %(episode)s, %(claim)s, %(guarantee)s, %(insurer)s, %(number)s, %(asked_of)s,
    %(state)s, %(at)s, %(due_at)s, %(remind_at)s)
"""
_ITEM = """
insert into information_item (request_id, item, episode_id, claim_id, guarantee, kind, line, paper,
    note_sealed, state)
values (%(request)s, %(item)s, %(episode)s, %(claim)s, %(guarantee)s, %(kind)s, %(line)s, %(paper)s,
    %(note)s, %(state)s)
"""
_ANSWER = """
update information_item set state = %(state)s, sha256 = %(sha256)s, reason = %(reason)s,
    answered_by = %(by)s, answered_at = %(at)s
where request_id = %(request)s and item = %(item)s
"""
_EVENT = """
insert into information_event (request_id, episode_id, kind, due_at, occurred_at)
values (%(request)s, %(episode)s, %(kind)s, %(due_at)s, %(at)s)
"""


class InformationTables:
    """Part of a transaction: information requests."""

    _connection: Connection
    _keyring: Keyring

    def add_information_request(
        self,
        request_id: str,
        episode_id: str,
        claim_id: str | None,
        insurer: str,
        wanted: InformationWanted,
        times: Timetable,
        at: datetime,
        *,
        guarantee: str | None = None,
    ) -> None:
        about = {"episode": episode_id, "claim": claim_id, "guarantee": guarantee}
        request = {"id": request_id, "insurer": insurer, "number": wanted.number, "at": at}
        request |= {"asked_of": wanted.asked_of, "state": OPEN, "due_at": times.due_at}
        self._connection.execute(_REQUEST, {**about, **request, "remind_at": times.remind_at})
        for place, one in enumerate(wanted.documents, 1):
            told = one.note
            sealed = self._keyring.encrypt(episode_id, told.encode(), NOTE) if told else None
            item = {"request": request_id, "item": place, "kind": one.type.value, "note": sealed}
            item |= {"line": one.line, "paper": one.paper or "", "state": WANTED}
            self._connection.execute(_ITEM, {**about, **item})

    def change_information_request(self, request_id: str, **fields: object) -> None:
        set_columns(
            self._connection, "information_request", "id = %(_id)s", {**fields, "_id": request_id}
        )

    def close_information_request(self, request_id: str, state: str, at: datetime) -> None:
        self.change_information_request(request_id, state=state, closed_at=at)
        self._connection.execute(
            "update information_item set state = 'dropped'"
            " where request_id = %(id)s and state = 'wanted'",
            {"id": request_id},
        )

    def answer_item(self, answered: InformationItemRow, answered_by: str) -> None:
        self._connection.execute(
            _ANSWER,
            {
                "request": answered.request_id,
                "item": answered.item,
                "state": answered.state,
                "sha256": answered.sha256,
                "reason": answered.reason,
                "by": answered_by,
                "at": answered.answered_at,
            },
        )

    def note_information(
        self,
        episode_id: str,
        request_id: str,
        kind: str,
        at: datetime,
        due_at: datetime | None = None,
    ) -> None:
        values = {"request": request_id, "episode": episode_id, "kind": kind, "due_at": due_at}
        self._connection.execute(_EVENT, {**values, "at": at})
