"""Requests for health records, what is delivered, who looked, and a person's eHealth consents."""

from __future__ import annotations

import json
from datetime import datetime

from crossclaim.domain.health_record import Notice
from crossclaim.domain.identity import normalised
from crossclaim.domain.submission import ConsentType, IdentityDocument
from crossclaim.security.keyring import Keyring
from crossclaim.store.connection import Connection
from crossclaim.store.episode_tables import set_columns

_REQUEST = """
insert into record_request (id, episode_id, number, system, institution, reference, state,
    codes_sealed, requested_at, requested_by, expires_at, give_up_at, window_from, window_until,
    sections, emergency, emergency_sealed)
values (%(id)s, %(episode)s, %(number)s, %(system)s, %(institution)s, %(reference)s, 'due',
    %(codes)s, %(requested_at)s, %(requested_by)s, %(expires_at)s, %(give_up_at)s,
    %(window_from)s, %(window_until)s, %(sections)s, %(emergency)s, %(reason)s)
"""
_DELIVERY = """
insert into record_delivery (id, episode_id, number, kind, institution, reference, state, sha256,
    made_on, consent_type, signer, changed_at, asked_at, due_within_s)
values (%(id)s, %(episode)s, %(number)s, %(kind)s, %(institution)s, %(reference)s, 'due',
    %(sha256)s, %(made_on)s, %(consent_type)s, %(signer)s, %(changed_at)s, %(asked_at)s,
    %(due_within_s)s)
"""
_DELIVERY_DEFAULTS: dict[str, object] = {
    "sha256": "",
    "made_on": None,
    "consent_type": "",
    "signer": "",
    "changed_at": None,
}
_PERSON_LOCK = """
select pg_advisory_xact_lock(
    hashtextextended('ehealth:' || encode(cast(%(person)s as bytea), 'hex'), 0))
"""
# An older word never overrules a newer one: papers of several episodes may arrive in any order. A
# signature tells its second, a refusal its microsecond: within one second the later commit counts.
_PERSON = """
insert into ehealth_consent (person, type, in_force, changed_at, source, episode_id)
values (%(person)s, %(type)s, %(in_force)s, %(at)s, %(source)s, %(episode)s)
on conflict (person, type) do update set in_force = excluded.in_force,
    changed_at = greatest(ehealth_consent.changed_at, excluded.changed_at),
    source = excluded.source, episode_id = excluded.episode_id, recorded_at = now()
where ehealth_consent.changed_at <= excluded.changed_at
    or excluded.in_force and date_trunc('second', ehealth_consent.changed_at) = excluded.changed_at
"""
_ENDED = """
select in_force from ehealth_consent where person = %(person)s and type = any(%(types)s)
order by type for share
"""
_FETCHED = """
insert into record_access (episode_id, request_id, organisation_id, key_id, staff, what, consents)
select q.episode_id, q.id, e.hospital_id, '', q.requested_by, 'fetched', a.consents
from record_request q join episode e on e.id = q.episode_id
join outbound_attempt a on a.reference = %(reference)s and a.operation = %(operation)s
 and a.attempt = %(attempt)s
where q.id = %(request)s
"""
_NOTICE = """
insert into record_notice (episode_id, reference, event, number, means, sent_at)
values (%(episode)s, %(reference)s, %(event)s, %(number)s, %(means)s, %(sent_at)s)
on conflict do nothing
"""


class RecordTables:
    """Part of a transaction: an episode's health records."""

    _connection: Connection
    _keyring: Keyring

    def add_record_request(
        self,
        request_id: str,
        episode_id: str,
        codes: dict[str, str],
        *,
        emergency_reason: str = "",
        **fields: object,
    ) -> None:
        sealed = None
        if codes:
            sealed = self._keyring.encrypt(episode_id, json.dumps(codes).encode(), "record_codes")
        why = None
        if emergency_reason:
            text = emergency_reason.encode()
            why = self._keyring.encrypt(episode_id, text, "record_emergency")
        values = {**fields, "id": request_id, "episode": episode_id, "codes": sealed}
        values |= {"emergency": why is not None, "reason": why}
        self._connection.execute(_REQUEST, values)

    def record_codes(self, request_id: str, episode_id: str) -> dict[str, str]:
        sealed = self._connection.execute(
            "select codes_sealed from record_request where id = %(id)s", {"id": request_id}
        ).scalar_one()
        if sealed is None:
            return {}
        codes: dict[str, str] = json.loads(
            self._keyring.decrypt(episode_id, bytes(sealed), "record_codes")
        )
        return codes

    def change_record_request(self, request_id: str, **fields: object) -> None:
        """A state in which the codes are of no use any more takes them away."""
        if fields.get("state") not in (None, "due", "sent"):
            fields = {**fields, "codes_sealed": None}
        values = {**fields, "_id": request_id}
        set_columns(self._connection, "record_request", "id = %(_id)s", values)

    def add_record_delivery(self, delivery_id: str, episode_id: str, **fields: object) -> None:
        values = {**_DELIVERY_DEFAULTS, **fields, "id": delivery_id, "episode": episode_id}
        self._connection.execute(_DELIVERY, values)

    def change_record_delivery(self, delivery_id: str, **fields: object) -> None:
        values = {**fields, "_id": delivery_id}
        set_columns(self._connection, "record_delivery", "id = %(_id)s", values)

    def record_signer(self, delivery_id: str) -> str:
        found = self._connection.execute(
            "select signer from record_delivery where id = %(id)s", {"id": delivery_id}
        )
        return str(found.scalar_one())

    def note_record_access(
        self, request_id: str, reference: str, operation: str, attempt: int
    ) -> None:
        values = {"request": request_id, "reference": reference}
        self._connection.execute(_FETCHED, {**values, "operation": operation, "attempt": attempt})

    def note_notice(self, episode_id: str, reference: str, event: str, notice: Notice) -> None:
        values = {**notice.model_dump(), "episode": episode_id}
        self._connection.execute(_NOTICE, {**values, "reference": reference, "event": event})

    def note_ehealth_consent(
        self,
        episode_id: str,
        document: IdentityDocument,
        type_: ConsentType,
        in_force: bool,
        at: datetime,
        source: str = "episode",
    ) -> None:
        person = self._person(document)
        # Whoever reads a record holds this shared, as with the consents of an episode.
        self._connection.execute(_PERSON_LOCK, {"person": person})
        self._connection.execute(
            _PERSON,
            {
                "person": person,
                "type": type_.value,
                "in_force": in_force,
                "at": at,
                "source": source,
                "episode": episode_id,
            },
        )

    def ehealth_allows(self, document: IdentityDocument, types: list[ConsentType]) -> bool:
        """Nothing says that the person ended one of these; locked FOR SHARE until the commit."""
        values = {"person": self._person(document), "types": [t.value for t in types]}
        return all(self._connection.execute(_ENDED, values).scalars())

    def _person(self, document: IdentityDocument) -> bytes:
        """As the index of identities has it, so that the API's role finds it by the episode."""
        return self._keyring.blind_index(normalised(document.number), document.type.value)
