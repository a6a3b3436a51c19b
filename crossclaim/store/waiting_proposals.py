"""Which proposal of one person still waits for another one's word."""

from __future__ import annotations

from crossclaim.store.connection import Connection

_WAITING = {
    "write_off": (
        "select number from claw_back_write_off where claw_back = %(about)s and approved is null"
        " order by proposed_at, number limit 1"
    ),
    "claw_back_finding": (
        "select number from claw_back_finding where claw_back = %(about)s and approved is null"
        " order by found_at, number limit 1"
    ),
    "payee_account": (
        "select number from payee_account where payout_reference = %(about)s and approved is null"
        " order by proposed_at, number limit 1"
    ),
    "payout_finding": (
        "select number from payout_finding where payout_reference = %(about)s and approved is null"
        " order by found_at, number limit 1"
    ),
}


class WaitingProposals:
    """Part of a transaction."""

    _connection: Connection

    def waiting_proposal(self, kind: str, about: str) -> str:
        """The number of the oldest; empty: none waits."""
        found = self._connection.execute(_WAITING[kind], {"about": about}).scalars()
        return next(iter(found), "")
