"""Keeps what an attempt said and heard, sealed, in the transaction that closes the attempt."""

from __future__ import annotations

import json

from crossclaim import exchanges
from crossclaim.domain.mentions import record_of
from crossclaim.security.errors import KeyDestroyed, KeyMissing
from crossclaim.security.keyring import Keyring
from crossclaim.store.connection import Connection
from crossclaim.store.keys import mention_key

FIELD = "outbound_message"
_KEEP = """
insert into outbound_message (attempt_id, ordinal, episode_id, party, method, status, took_ms,
                              request_bytes, answer_bytes, sealed)
select a.id, %(ordinal)s, a.episode_id, a.party, %(method)s, %(status)s, %(took_ms)s,
       %(request_bytes)s, %(answer_bytes)s, %(sealed)s
from outbound_attempt a
where a.reference = %(reference)s and a.operation = %(operation)s and a.attempt = %(attempt)s
on conflict do nothing
"""


def keep_exchanges(connection: Connection, keyring: Keyring, attempt: tuple[str, str, int]) -> None:
    """Nothing where the calls of this thread belong to another attempt."""
    reference, operation, number = attempt
    for ordinal, (scope, call) in enumerate(exchanges.taken(*attempt), start=1):
        told = {
            "path": call.path,
            "request": exchanges.kept(call.request),
            "answer": exchanges.kept(call.answer),
        }
        connection.execute(
            _KEEP,
            {
                "ordinal": ordinal,
                "method": call.method,
                "status": call.status,
                "took_ms": call.took_ms,
                "request_bytes": len(call.request),
                "answer_bytes": len(call.answer),
                "sealed": _sealed(connection, keyring, scope, told),
                "reference": reference,
                "operation": operation,
                "attempt": number,
            },
        )


def _sealed(
    connection: Connection, keyring: Keyring, scope: str, told: dict[str, str]
) -> bytes | None:
    """Nothing for a person who was erased meanwhile: that there was a message stays."""
    named = record_of(scope) != scope
    try:
        key = mention_key(connection, keyring, scope) if named else None
        return keyring.encrypt(scope, json.dumps(told).encode(), FIELD, key=key)
    except (KeyDestroyed, KeyMissing):
        return None
