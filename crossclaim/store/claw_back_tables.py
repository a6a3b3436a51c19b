"""Writes of money that payees have to give back to funders."""

from __future__ import annotations

from datetime import datetime

from crossclaim.domain.bill_rows import ClawBackRow
from crossclaim.store.connection import Connection

_ADD = """
insert into claw_back (reference, episode_id, claim_id, bill_id, organisation_id, payee,
    amount_minor, cause, ordered_at)
values (%(reference)s, %(episode)s, %(claim_id)s, %(bill_id)s, %(organisation_id)s, %(payee)s,
    %(amount_minor)s, %(cause)s, %(ordered_at)s)
"""


class ClawBackTables:
    """Part of a transaction: what goes back of payouts."""

    _connection: Connection

    def add_claw_back(self, episode_id: str, row: ClawBackRow) -> None:
        values = row.model_dump(exclude={"state", "received_at", "ended_at"})
        self._connection.execute(_ADD, {**values, "episode": episode_id})

    def claw_back_needless(self, reference: str, at: datetime) -> None:
        self._connection.execute(
            "update claw_back set state = 'needless', ended_at = %(at)s"
            " where reference = %(reference)s and state = 'due'",
            {"reference": reference, "at": at},
        )

    def claw_back_received(self, reference: str, receipt: str, at: datetime) -> None:
        self._connection.execute(
            "update claw_back set state = 'received', receipt = %(receipt)s, received_at = %(at)s"
            " where reference = %(reference)s and state = 'due'",
            {"reference": reference, "receipt": receipt, "at": at},
        )
