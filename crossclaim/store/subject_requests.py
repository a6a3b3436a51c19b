"""Requests of persons about their own data, as the worker's role reads and moves them."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from crossclaim.domain.subject_request import SubjectState
from crossclaim.store.connection import Connection

_SELECT = """
select r.id, r.organisation_id, r.kind, r.state, r.person, r.asked_by, r.asked_at, r.findings,
       c.key_id as confirmed_by
from subject_request r left join subject_confirmation c on c.request_id = r.id
"""
_OPEN = ("asked", "confirmed", "waiting", "storage_only")


def request_of(connection: Connection, request_id: str) -> Any:
    """Raises ``LookupError`` for an unknown one."""
    return connection.execute(
        f"{_SELECT} where r.id = %(id)s for update of r", {"id": request_id}
    ).one()


def open_erasures(connection: Connection) -> list[Any]:
    """Confirmed by a second key and not done."""
    return connection.execute(
        f"{_SELECT} where r.kind = 'erasure' and r.state = any(%(open)s)"
        " and c.request_id is not null order by r.asked_at for update of r",
        {"open": list(_OPEN)},
    ).all()


def set_request(
    connection: Connection,
    request_id: str,
    state: SubjectState,
    findings: dict[str, Any],
    *,
    ready_at: datetime | None = None,
    expires_at: datetime | None = None,
) -> None:
    connection.execute(
        "update subject_request set state = %(state)s, findings = cast(%(findings)s as jsonb),"
        " ready_at = coalesce(%(ready)s, ready_at), expires_at = coalesce(%(expires)s, expires_at)"
        " where id = %(id)s",
        {
            "state": state.value,
            "findings": json.dumps(findings),
            "ready": ready_at,
            "expires": expires_at,
            "id": request_id,
        },
    )


def note_audit(
    connection: Connection,
    organisation: str,
    key_id: str,
    operation: str,
    about: str,
    outcome: str,
    purpose: str,
) -> None:
    """What a step of ours did about a person, beside what a key asked for."""
    connection.execute(
        "insert into audit (organisation_id, key_id, operation, object, outcome, purpose) values"
        " (%(organisation)s, %(key)s, %(operation)s, %(about)s, %(outcome)s, %(purpose)s)",
        {
            "organisation": organisation,
            "key": key_id,
            "operation": operation,
            "about": about,
            "outcome": outcome,
            "purpose": purpose,
        },
    )
