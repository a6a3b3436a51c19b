"""Reads about health records as the API's role, and the audit row of each reading."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from crossclaim.domain.submission import ConsentType
from crossclaim.security.roles import Principal
from crossclaim.store.connection import Connection
from crossclaim.store.episode_tables import CONSENTS_SHARED

_FIND = """
select id, number, system, state, requested_at, requested_by, window_from, window_until, sections,
       answered_at, reason, object_key, emergency
from record_request where episode_id = %(episode)s and number = %(number)s
"""
_CONSENTS = """
select id, type from consent
where episode_id = %(episode)s and type = any(%(types)s) and recipient in ('', %(recipient)s)
  and withdrawn_at is null order by id
"""
_PERSON_LOCK = """
select pg_advisory_xact_lock_shared(hashtextextended('ehealth:' || encode(i.value, 'hex'), 0))
from identity_index i where i.episode_id = %(episode)s order by i.value
"""
# The person's own word towards eHealth, spoken in whatever episode or in its app.
_ENDED = """
select 1 from ehealth_consent c join identity_index i on i.value = c.person
where i.episode_id = %(episode)s and c.type = any(%(types)s) and not c.in_force limit 1
"""
_ACCESS = """
insert into record_access (episode_id, request_id, organisation_id, key_id, staff, what, consents)
values (%(episode)s, %(request)s, %(organisation)s, %(key_id)s, %(staff)s, %(what)s, %(consents)s)
"""
_ACCESSES = """
select a.recorded_at as at, a.what, q.number as request, q.system,
       a.organisation_id as organisation, a.key_id as key, a.staff,
       (select coalesce(jsonb_agg(jsonb_build_object('type', c.type, 'text_version',
          c.text_version, 'signed_at', c.signed_at) order by c.id), '[]')
        from consent c where c.id = any(a.consents)) as consents
from record_access a join record_request q on q.id = a.request_id
where a.episode_id = %(episode)s order by a.id
"""
_NOTICES = """
select sent_at as at, event, means, number, reference from record_notice
where episode_id = %(episode)s order by sent_at, number
"""


def is_visible(connection: Connection, episode_id: str) -> bool:
    found = connection.execute("select 1 from episode where id = %(id)s", {"id": episode_id})
    return found.scalar_one_or_none() is not None


def find_request(connection: Connection, episode_id: str, number: str) -> dict[str, Any] | None:
    found = connection.execute(_FIND, {"episode": episode_id, "number": number}).mappings()
    return found[0] if found else None


def consents_in_force(
    connection: Connection, episode_id: str, types: Sequence[ConsentType], recipient: str
) -> list[int]:
    """Their ids, which cannot be withdrawn before the commit; [] when one is missing."""
    connection.execute(CONSENTS_SHARED, {"id": episode_id})
    wanted = [one.value for one in types]
    values = {"episode": episode_id, "types": wanted, "recipient": recipient}
    connection.execute(_PERSON_LOCK, values)
    ended = connection.execute(_ENDED, values).scalar_one_or_none()
    found = connection.execute(_CONSENTS, values).all()
    missing = set(wanted) - {row.type for row in found}
    return [] if missing or ended else [row.id for row in found]


def note_access(
    connection: Connection,
    episode_id: str,
    request_id: str,
    principal: Principal,
    staff: str,
    what: str,
    consents: list[int],
) -> None:
    connection.execute(
        _ACCESS,
        {
            "episode": episode_id,
            "request": request_id,
            "organisation": principal.organisation,
            "key_id": principal.key_id,
            "staff": staff,
            "what": what,
            "consents": consents,
        },
    )


def accesses_of(connection: Connection, episode_id: str) -> list[dict[str, Any]]:
    """Who, when, what, by which consents; oldest first."""
    return connection.execute(_ACCESSES, {"episode": episode_id}).mappings()


def notices_of(connection: Connection, episode_id: str) -> list[dict[str, Any]]:
    return connection.execute(_NOTICES, {"episode": episode_id}).mappings()
