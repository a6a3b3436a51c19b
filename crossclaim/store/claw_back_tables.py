"""Writes of money that payees have to give back to funders."""

from __future__ import annotations

from datetime import datetime

from crossclaim.domain.bill_rows import ClawBackRow
from crossclaim.domain.claw_back_finding import ClawBackFindingRow
from crossclaim.domain.claw_back_write_off import WriteOffRow
from crossclaim.store.connection import Connection

_ADD = """
insert into claw_back (reference, episode_id, claim_id, bill_id, organisation_id, payee,
    amount_minor, cause, ordered_at, payout_reference)
values (%(reference)s, %(episode)s, %(claim_id)s, %(bill_id)s, %(organisation_id)s, %(payee)s,
    %(amount_minor)s, %(cause)s, %(ordered_at)s, %(payout_reference)s)
"""
_PROPOSE = """
insert into claw_back_write_off (claw_back, number, episode_id, reason, proposed_by, proposed_at)
values (%(claw_back)s, %(number)s, %(id)s, %(reason)s, %(proposed_by)s, %(at)s)
"""
_DECIDE = """
update claw_back_write_off set decided_by = %(by)s, decided_at = %(at)s, approved = %(approved)s
where claw_back = %(claw_back)s and number = %(number)s
"""
_FIND = """
insert into claw_back_finding
  (claw_back, number, episode_id, outcome, amount_minor, proof, found_by, found_at)
values (%(claw_back)s, %(number)s, %(id)s, %(outcome)s, %(amount_minor)s, %(proof)s, %(found_by)s,
  %(at)s)
"""
_DECIDE_FINDING = """
update claw_back_finding set decided_by = %(by)s, decided_at = %(at)s, approved = %(approved)s
where claw_back = %(claw_back)s and number = %(number)s
"""


class ClawBackTables:
    """Part of a transaction: what goes back of payouts."""

    _connection: Connection

    def add_claw_back(self, episode_id: str, row: ClawBackRow) -> None:
        values = row.model_dump(exclude={"state", "received_at", "ended_at", "undone_minor"})
        self._connection.execute(_ADD, {**values, "episode": episode_id})

    def claw_back_needless(self, reference: str, at: datetime) -> None:
        self._connection.execute(
            "update claw_back set state = 'needless', ended_at = %(at)s"
            " where reference = %(reference)s and state in ('due', 'written_off')",
            {"reference": reference, "at": at},
        )

    def claw_back_received(self, reference: str, receipt: str, at: datetime) -> None:
        self._connection.execute(
            "update claw_back set state = 'received', receipt = %(receipt)s, received_at = %(at)s"
            " where reference = %(reference)s and state in ('due', 'needless', 'written_off')",
            {"reference": reference, "receipt": receipt, "at": at},
        )

    def claw_back_written_off(self, reference: str, at: datetime) -> None:
        self._connection.execute(
            "update claw_back set state = 'written_off', ended_at = %(at)s"
            " where reference = %(reference)s and state = 'due'",
            {"reference": reference, "at": at},
        )

    def add_write_off(
        self, episode_id: str, claw_back: str, row: WriteOffRow, at: datetime
    ) -> None:
        values = row.model_dump(exclude={"approved"})
        values |= {"id": episode_id, "claw_back": claw_back, "at": at}
        self._connection.execute(_PROPOSE, values)

    def write_off(self, claw_back: str, number: str) -> WriteOffRow | None:
        found = list(
            self._connection.execute(
                "select number, reason, proposed_by, approved from claw_back_write_off"
                " where claw_back = %(claw_back)s and number = %(number)s for update",
                {"claw_back": claw_back, "number": number},
            ).mappings()
        )
        return WriteOffRow.model_validate(dict(found[0])) if found else None

    def decide_write_off(
        self, claw_back: str, number: str, decided_by: str, approved: bool, at: datetime
    ) -> None:
        values = {"claw_back": claw_back, "number": number, "by": decided_by, "at": at}
        self._connection.execute(_DECIDE, {**values, "approved": approved})

    def add_claw_back_finding(
        self, episode_id: str, claw_back: str, row: ClawBackFindingRow, at: datetime
    ) -> None:
        values = row.model_dump(exclude={"approved"})
        self._connection.execute(
            _FIND, {**values, "id": episode_id, "claw_back": claw_back, "at": at}
        )

    def claw_back_finding(self, claw_back: str, number: str) -> ClawBackFindingRow | None:
        found = list(
            self._connection.execute(
                "select number, outcome, amount_minor, proof, found_by, approved"
                " from claw_back_finding where claw_back = %(claw_back)s"
                " and number = %(number)s for update",
                {"claw_back": claw_back, "number": number},
            ).mappings()
        )
        return ClawBackFindingRow.model_validate(dict(found[0])) if found else None

    def decide_claw_back_finding(
        self, claw_back: str, number: str, decided_by: str, approved: bool, at: datetime
    ) -> None:
        values = {"claw_back": claw_back, "number": number, "by": decided_by, "at": at}
        self._connection.execute(_DECIDE_FINDING, {**values, "approved": approved})

    def claw_back_undone(self, reference: str, amount_minor: int) -> None:
        self._connection.execute(
            "update claw_back set undone_minor = undone_minor + %(amount)s"
            " where reference = %(reference)s",
            {"reference": reference, "amount": amount_minor},
        )
