"""Hand-overs of transfers by ambulance: their rows, their papers, and how a record went out."""

from __future__ import annotations

import json
from datetime import datetime

from crossclaim.domain.submission import ConsentType
from crossclaim.domain.transfer import Release
from crossclaim.domain.transfer_submission import HandOverSubmission
from crossclaim.security.keyring import Keyring
from crossclaim.store.connection import Connection

_SEALED_MEMBERS = {"condition", "emergency"}
_HAND_OVER = """
insert into hand_over (id, episode_id, number, from_institution, from_staff, to_institution,
    to_staff, recipient, departed_at, handed_over_at, crew, vehicle, sealed, emergency_reason,
    decided_by, state)
values (%(id)s, %(episode)s, %(number)s, %(from_institution)s, %(from_staff)s,
    %(to_institution)s, %(to_staff)s, %(recipient)s, %(departed_at)s, %(handed_over_at)s,
    cast(%(crew)s as jsonb), cast(%(vehicle)s as jsonb), %(sealed)s, %(reason)s, %(decided_by)s,
    'due')
"""
_RELEASE = """
insert into hand_over_release (hand_over_id, episode_id, recipient, basis, rule, reason,
    decided_by, consents, missing, released_at)
select h.id, h.episode_id, h.recipient, %(basis)s, %(rule)s,
    case when %(basis)s = 'emergency' then h.emergency_reason else '' end,
    case when %(basis)s = 'emergency' then h.decided_by else '' end,
    %(consents)s, %(missing)s, %(at)s
from hand_over h where h.id = %(id)s
on conflict do nothing
"""
_PAPER = """
insert into hand_over_paper (hand_over_id, language, episode_id, sha256, object_key, content_type,
    size_bytes)
values (%(id)s, %(language)s, %(episode)s, %(sha256)s, %(key)s, %(type)s, %(size)s)
on conflict do nothing
"""


class TransferTables:
    """Part of a transaction: transfers by ambulance."""

    _connection: Connection
    _keyring: Keyring

    def add_hand_over(
        self, hand_over_id: str, episode_id: str, record: HandOverSubmission, recipient: str
    ) -> None:
        """What is said of the patient is sealed; the rest stands open."""
        told = record.model_dump_json(include=_SEALED_MEMBERS)
        emergency = record.emergency
        self._connection.execute(
            _HAND_OVER,
            {
                "id": hand_over_id,
                "episode": episode_id,
                "number": record.number,
                "from_institution": record.handed_over_by.institution,
                "from_staff": record.handed_over_by.staff,
                "to_institution": record.taken_over_by.institution,
                "to_staff": record.taken_over_by.staff,
                "recipient": recipient,
                "departed_at": record.departed_at,
                "handed_over_at": record.handed_over_at,
                "crew": json.dumps([member.model_dump(mode="json") for member in record.crew]),
                "vehicle": json.dumps(record.vehicle.model_dump(mode="json")),
                "sealed": self._keyring.encrypt(episode_id, told.encode(), "hand_over"),
                "reason": emergency.reason if emergency else "",
                "decided_by": emergency.decided_by if emergency else "",
            },
        )

    def hand_over_content(self, hand_over_id: str) -> HandOverSubmission:
        """The record as it was sent, put together again."""
        row = self._connection.execute(
            "select * from hand_over where id = %(id)s", {"id": hand_over_id}
        ).one()
        plain = self._keyring.decrypt(row.episode_id, bytes(row.sealed), "hand_over")
        return HandOverSubmission.model_validate(
            {
                **json.loads(plain),
                "number": row.number,
                "handed_over_by": {"institution": row.from_institution, "staff": row.from_staff},
                "taken_over_by": {"institution": row.to_institution, "staff": row.to_staff},
                "departed_at": row.departed_at,
                "handed_over_at": row.handed_over_at,
                "crew": row.crew,
                "vehicle": row.vehicle,
            }
        )

    def set_hand_over_state(self, hand_over_id: str, state: str) -> None:
        self._connection.execute(
            "update hand_over set state = %(state)s where id = %(id)s",
            {"id": hand_over_id, "state": state},
        )

    def note_release(
        self, hand_over_id: str, release: Release, consents: list[int], at: datetime
    ) -> None:
        """Once for ever: that the record went out, and on what basis."""
        self._connection.execute(
            _RELEASE,
            {
                "id": hand_over_id,
                "basis": release.basis,
                "rule": release.rule,
                "consents": consents,
                "missing": [ConsentType(one).value for one in release.missing],
                "at": at,
            },
        )

    def add_hand_over_paper(
        self, episode_id: str, hand_over_id: str, language: str, sha256: str, key: str, size: int
    ) -> None:
        self._connection.execute(
            _PAPER,
            {
                "id": hand_over_id,
                "language": language,
                "episode": episode_id,
                "sha256": sha256,
                "key": key,
                "type": "text/html",
                "size": size,
            },
        )
