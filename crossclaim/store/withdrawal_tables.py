"""Writes about withdrawn consents, and the sends that went before them."""

from __future__ import annotations

from crossclaim.domain.withdrawal import Send
from crossclaim.store.connection import Connection
from crossclaim.store.episode_tables import set_columns

_COLUMNS = (
    "claim_id",
    "sequence",
    "consent",
    "branch",
    "state",
    "claim_state",
    "withdrawn_at",
    "stated_at",
    "suspended_until",
    "insurer_minor",
    "pending_minor",
    "patient_minor",
    "retained_until",
    "changed_at",
)
_ADD = (
    f"insert into withdrawal (id, episode_id, organisation_id, {', '.join(_COLUMNS)})"
    " values (%(id)s, %(episode)s, %(organisation)s, "
    + ", ".join(f"%({name})s" for name in _COLUMNS)
    + ")"
)


class WithdrawalTables:
    """Part of a transaction: what a withdrawal did, row by row."""

    _connection: Connection

    def add_withdrawal(
        self, withdrawal_id: str, episode_id: str, organisation: str, **fields: object
    ) -> None:
        values = {**dict.fromkeys(_COLUMNS), **fields}
        values |= {"id": withdrawal_id, "episode": episode_id, "organisation": organisation}
        self._connection.execute(_ADD, values)

    def change_withdrawal(self, withdrawal_id: str, **fields: object) -> None:
        set_columns(
            self._connection, "withdrawal", "id = %(_id)s", {**fields, "_id": withdrawal_id}
        )

    def sends_on_consent(self, episode_id: str, party: str) -> list[Send]:
        """Every send of personal data to a party, oldest first."""
        rows = self._connection.execute(
            "select reference, occurred_at from outbound_attempt where episode_id = %(id)s"
            " and party = %(party)s and cardinality(consents) > 0 order by id",
            {"id": episode_id, "party": party},
        ).all()
        return [Send(reference=row.reference, at=row.occurred_at) for row in rows]
