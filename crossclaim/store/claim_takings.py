"""Who works at which claim, as its decision reads it."""

from __future__ import annotations

from crossclaim.domain.claim_taking import Taking
from crossclaim.store.connection import Connection


class ClaimTakings:
    """Part of a transaction."""

    _connection: Connection

    def taking(self, claim_id: str) -> Taking | None:
        row = self._connection.execute(
            "select kind, person from claim_taking where claim_id = %(claim)s"
            " order by id desc limit 1",
            {"claim": claim_id},
        ).one_or_none()
        return None if row is None else Taking(kind=row.kind, person=row.person)
