"""Requests to cancel a payment: one case each, answered alike however often it is asked."""

from __future__ import annotations

from typing import Any

from crossclaim.simulators.bank.ledger import EXECUTED, HELD, LOST, Ledger
from crossclaim.simulators.bank.messages import Messages
from crossclaim.simulators.bank.orders import Recall
from crossclaim.simulators.party import Party

TABLE = """
CREATE TABLE IF NOT EXISTS recall (
  case_id TEXT PRIMARY KEY, reference TEXT NOT NULL, status TEXT NOT NULL, reason TEXT NOT NULL);
"""


class Recalls:
    """A payment that has not been made is cancelled, one that has is not."""

    def __init__(self, party: Party, ledger: Ledger, messages: Messages) -> None:
        self._party = party
        self._state = party.state
        self._ledger = ledger
        self._messages = messages
        party.agenda.decide("resolve", self._resolve)

    def receive(self, asked: Recall) -> None:
        """Belongs into the caller's transaction."""
        found = self._party.faults.take_all(
            "operation", operation="recall", reference=asked.reference
        )
        faults = {fault.fault: fault for fault in found}
        self._party.journal.write(
            "recall_asked",
            reference=asked.reference,
            message_id=asked.message_id,
            faults=sorted(faults),
        )
        if not self._party.tables["profile"]["takes_recalls"]:
            return
        if self._state.one("SELECT 1 FROM recall WHERE case_id = ?", asked.case_id) is None:
            status, reason = self._decided(asked, keeps="executes_anyway" in faults)
            self._state.execute(
                "INSERT INTO recall VALUES (?, ?, ?, ?)",
                asked.case_id,
                asked.reference,
                status,
                reason,
            )
        if "silent" in faults:
            return
        delay_s = faults["late"].delay_s if "late" in faults else 0.0
        self._party.agenda.add(delay_s, "resolve", case=asked.case_id, asked=asked.message_id)

    def _decided(self, asked: Recall, *, keeps: bool) -> tuple[str, str]:
        """``keeps``: says that it cancelled, and carries the payment out all the same."""
        rows = self._state.every(
            "SELECT id, status FROM payment WHERE reference = ?", asked.reference
        )
        if any(row["status"] == EXECUTED for row in rows):
            return "RJCR", "AGNT"
        waiting = [row["id"] for row in rows if row["status"] in (HELD, LOST)]
        if not waiting:
            return "RJCR", "NOOR"
        for number in () if keeps else waiting:
            self._ledger.cancel(number)
        return "ACCR", asked.reason

    def _resolve(self, task: dict[str, Any]) -> None:
        row = self._state.one("SELECT * FROM recall WHERE case_id = ?", task["case"])
        if row is not None:
            self._messages.resolution(dict(row), task["asked"])
