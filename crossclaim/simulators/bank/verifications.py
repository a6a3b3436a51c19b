"""Questions whether an account is its holder's: answered by the tables, alike however often."""

from __future__ import annotations

from typing import Any

from crossclaim.simulators.bank.messages import Messages
from crossclaim.simulators.bank.orders import Verification
from crossclaim.simulators.party import Party

MATCH, CLOSE, NO_MATCH, UNKNOWN, SILENT = "match", "close", "no_match", "unknown", "silent"
REASONS = {MATCH: "", CLOSE: "CMTC", NO_MATCH: "AC01", UNKNOWN: "NOAP"}


class Verifications:
    """The row of an account says how its check ends (``holder_check``), else the profile does; a
    fault of the operation ``account_check`` goes before both."""

    def __init__(self, party: Party, messages: Messages) -> None:
        self._party = party
        self._messages = messages
        party.agenda.decide("verify", self._answer)

    def receive(self, asked: Verification) -> None:
        """Belongs into the caller's transaction."""
        found = self._party.faults.take_all(
            operation="account_check", account=asked.account, reference=asked.reference
        )
        faults = {fault.fault: fault for fault in found}
        self._party.journal.write(
            "account_check_asked",
            reference=asked.reference,
            message_id=asked.message_id,
            faults=sorted(faults),
        )
        answer = self._decided(asked)
        if answer == SILENT or "silent" in faults:
            return
        reason = REASONS[answer]
        if "reject" in faults:
            answer, reason = NO_MATCH, str(faults["reject"].detail("reason", "AC01"))
        told = {
            "reference": asked.reference,
            "message": asked.message_id,
            "matches": answer == MATCH,
            "reason": reason,
        }
        delay_s = faults["late"].delay_s if "late" in faults else 0.0
        for _ in range(2 if "confirm_twice" in faults else 1):
            self._party.agenda.add(delay_s, "verify", told=told)

    def _decided(self, asked: Verification) -> str:
        tables = self._party.tables
        row = (tables.get("accounts") or {}).get(asked.account, {})
        return str(row.get("holder_check", tables["profile"]["holder_check"]))

    def _answer(self, task: dict[str, Any]) -> None:
        self._messages.verification(task["told"])
