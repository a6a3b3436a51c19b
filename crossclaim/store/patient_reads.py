"""What a patient's pages read of his own rows, under row-level security and narrowed to him."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from crossclaim.domain.patient_bearer import Bearer, Persona
from crossclaim.domain.submission import EpisodeSubmission, SubstituteSigner
from crossclaim.domain.voucher_submission import SpouseSubmission
from crossclaim.domain.withdrawal import Send
from crossclaim.security.keyring import Keyring
from crossclaim.store.connection import Connection

_OF_PERSON = """
select distinct b.episode_id from identity_index a
join identity_index b on b.field = a.field and b.value = a.value
where a.episode_id = %(episode)s order by b.episode_id desc limit 200
"""
_VISIBLE = "select 1 from episode where id = %(episode)s"
_SIGNERS = """
select signer_sealed from consent
where episode_id = %(episode)s and signer_sealed is not null and given_by = 'patient'
"""
_SPOUSE = "select sealed from voucher_spouse where episode_id = %(episode)s"
_EPISODE = "select sealed from episode where id = %(episode)s"
_VISIT = "select visit_number from episode where id = %(episode)s"
_CONSENTS = """
select id, channel, text_sha256, evidence_sha256, signer_capacity, withdrawal_stated_at
from consent where episode_id = %(episode)s
"""
_EXPECTED = """
select reference, expected_at from payout_rail where episode_id = %(episode)s
"""
_SENDS = """
select party, reference, occurred_at from outbound_attempt
where episode_id = %(episode)s and cardinality(consents) > 0 order by id
"""
# Newest first; what a page before showed is left out by its place.
_LOOKS = """
select x.at, x.place, x.organisation, x.key, x.operation, x.outcome, x.what from (
    select a.recorded_at as at, 'a' || lpad(a.id::text, 20, '0') as place,
           a.organisation_id as organisation, a.key_id as key, a.operation, a.outcome,
           'request' as what
    from audit a where a.object = %(episode)s
       or a.object in (select c.id from claim c where c.episode_id = %(episode)s)
    union all
    select r.recorded_at, 'r' || lpad(r.id::text, 20, '0'), r.organisation_id, r.key_id,
           'record_access', r.what, 'record' from record_access r where r.episode_id = %(episode)s
    union all
    select s.received_at, 's' || s.id, s.organisation_id, s.key_id, s.kind, 'received',
           'submission' from submission s where s.episode_id = %(episode)s
) x
where cast(%(at)s as timestamptz) is null or (x.at, x.place) < (%(at)s, %(place)s)
order by x.at desc, x.place desc limit %(limit)s
"""


def episodes_of(connection: Connection, episode_id: str, bearer: Bearer) -> list[str]:
    """What a session shows, newest first: of the patient all that the organisation may read of him;
    of whoever stands in for him, or gave vouchers, the one episode in which he did."""
    values = {"episode": episode_id}
    if connection.execute(_VISIBLE, values).scalar_one_or_none() is None:
        return []
    if bearer is Bearer.PATIENT:
        return list(connection.execute(_OF_PERSON, values).scalars())
    stands = _SIGNERS if bearer is Bearer.SUBSTITUTE else _SPOUSE
    return [episode_id] if connection.execute(stands, values).scalars() else []


def persona_of(
    connection: Connection, keyring: Keyring, episode_id: str, bearer: Bearer
) -> Persona | None:
    """Whom a link of the episode is for; None: nobody stands there. Raises ``KeyDestroyed``."""
    values = {"episode": episode_id}
    if bearer is Bearer.PATIENT:
        patient = content_of(connection, keyring, episode_id).patient
        documents = tuple(one.number for one in patient.documents)
        return Persona(birth_date=patient.birth_date, documents=documents)
    if bearer is Bearer.SPOUSE:
        sealed = connection.execute(_SPOUSE, values).scalar_one_or_none()
        if sealed is None:
            return None
        plain = keyring.decrypt(episode_id, bytes(sealed), "spouse")
        spouse = SpouseSubmission.model_validate_json(plain)
        return Persona(birth_date=spouse.birth_date, documents=(spouse.document.number,))
    sealed_signers = connection.execute(_SIGNERS, values).scalars()
    signers = [
        SubstituteSigner.model_validate_json(keyring.decrypt(episode_id, bytes(one), "signer"))
        for one in sealed_signers
    ]
    if not signers:
        return None
    return Persona(documents=tuple(one.document.number for one in signers))


def content_of(connection: Connection, keyring: Keyring, episode_id: str) -> EpisodeSubmission:
    sealed = connection.execute(_EPISODE, {"episode": episode_id}).scalar_one()
    plain = keyring.decrypt(episode_id, bytes(sealed), "episode")
    return EpisodeSubmission.model_validate_json(plain)


def visit_number(connection: Connection, episode_id: str) -> str:
    return str(connection.execute(_VISIT, {"episode": episode_id}).scalar_one())


def consent_papers(connection: Connection, episode_id: str) -> dict[int, dict[str, Any]]:
    """Consent → what shows that it was given: channel, digests of text and evidence, who signed."""
    rows = connection.execute(_CONSENTS, {"episode": episode_id}).mappings()
    return {row["id"]: dict(row) for row in rows}


def expected_days(connection: Connection, episode_id: str) -> dict[str, date]:
    """Payout → the day on which its rail brings it."""
    rows = connection.execute(_EXPECTED, {"episode": episode_id}).all()
    return {row.reference: row.expected_at.date() for row in rows if row.expected_at is not None}


def sends_of(connection: Connection, episode_id: str) -> dict[str, list[Send]]:
    """Party → every send of personal data to it, oldest first."""
    found: dict[str, list[Send]] = {}
    for row in connection.execute(_SENDS, {"episode": episode_id}).all():
        sent = Send(reference=row.reference, at=row.occurred_at)
        found.setdefault(row.party, []).append(sent)
    return found


def looks_at(
    connection: Connection,
    episode_id: str,
    limit: int,
    after: tuple[datetime, str] | None = None,
) -> Sequence[dict[str, Any]]:
    at, place = after or (None, "")
    values = {"episode": episode_id, "at": at, "place": place, "limit": limit}
    return connection.execute(_LOOKS, values).mappings()
