"""Applications at the office's counter, their review and their end, kept in the party's state."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from crossclaim.simulators.family_office.callbacks import Callbacks
from crossclaim.simulators.family_office.requests import Application, Decision, End
from crossclaim.simulators.faults import Fault
from crossclaim.simulators.party import Party

TABLES = """
CREATE TABLE IF NOT EXISTS application (
  reference TEXT PRIMARY KEY, number TEXT NOT NULL, user_number TEXT NOT NULL,
  body_hash TEXT NOT NULL, answer TEXT NOT NULL);
"""

Answer = tuple[int, dict[str, Any]]
"""HTTP status and body."""
_OPPOSITE = {"approved": "refused", "refused": "approved"}


def refusal(status: int, code: str, message: str) -> Answer:
    return status, {"code": code, "message": message}


class Applications:
    """Each call runs in one transaction together with its journal entry."""

    def __init__(self, party: Party, calls: Callbacks) -> None:
        self._party = party
        self._state = party.state
        self._calls = calls
        party.agenda.decide("review", self._review)
        party.agenda.decide("approve_late", self._approve_late)

    def apply(self, asked: Application, faults: list[Fault]) -> Answer:
        body_hash = hashlib.sha256(asked.model_dump_json().encode()).hexdigest()
        known = self._known(asked.reference)
        if known is not None:
            self._party.journal.write("asked_again", reference=asked.reference)
            if known["body_hash"] != body_hash:
                return refusal(409, "REFERENCE_REUSED", "This reference has another application.")
            return 200, json.loads(known["answer"])
        row = self._row(asked.user.document.number)
        if row.get("at_once"):
            self._party.journal.write("turned_away", reference=asked.reference)
            return refusal(422, row["reason"], "Refused at the counter.")
        number = f"JM{self._state.next_number('application'):08d}"
        answer = {
            "reference": asked.reference,
            "application_number": number,
            "status": "under_review",
        }
        self._state.execute(
            "INSERT INTO application VALUES (?, ?, ?, ?, ?)",
            asked.reference,
            number,
            asked.user.document.number,
            body_hash,
            json.dumps(answer),
        )
        self._party.journal.write("taken", reference=asked.reference, channel=asked.channel)
        self._promise(asked.reference, row, faults)
        return 202, answer

    def _promise(self, reference: str, row: dict[str, Any], faults: list[Fault]) -> None:
        named = {fault.fault: fault for fault in faults}
        if "silent" in named:
            return
        delay_s = float(row.get("review_s", self._party.tables["review_s"]))
        self._party.agenda.add(
            delay_s,
            "review",
            reference=reference,
            callback="no_callback" not in named,
            twice="decides_twice" in named,
            contradicts="contradicts" in named,
        )

    def _row(self, user_number: str) -> dict[str, Any]:
        decisions = self._party.tables["decisions"]
        row: dict[str, Any] = decisions.get(user_number, decisions["default"])
        return row

    def _known(self, reference: str) -> Any:
        return self._state.one("SELECT * FROM application WHERE reference = ?", reference)

    def _review(self, task: dict[str, Any]) -> None:
        known = self._known(task["reference"])
        if known is None or json.loads(known["answer"])["status"] != "under_review":
            return
        row = self._row(known["user_number"])
        status = "refused" if row["decision"] == "refuse" else "approved"
        answer = self._decide(known, status, row.get("reason", ""), row.get("decided_on", ""))
        if task["callback"]:
            self._calls.enqueue(task["reference"], answer)
        if task["twice"]:
            self._calls.enqueue(task["reference"], answer)
        if task["contradicts"]:
            # A second officer sends the opposite; the register itself stays as it was.
            opposite = {**answer, "status": _OPPOSITE[status], "reason": "RELATION_NOT_PROVEN"}
            self._calls.enqueue(task["reference"], opposite, 0.3)

    def _decide(self, known: Any, status: str, reason: str, on: str = "") -> dict[str, Any]:
        today = on or self._party.clock.now().date().isoformat()
        day = "ended_on" if status == "ended" else "decided_on"
        answer = {**json.loads(known["answer"]), "status": status, day: today}
        if reason:
            answer["reason"] = reason
        self._state.execute(
            "UPDATE application SET answer = ? WHERE reference = ?",
            json.dumps(answer),
            known["reference"],
        )
        self._party.journal.write("decided", reference=known["reference"], status=status)
        return answer

    def decide(self, decision: Decision) -> Answer:
        """The control call: an officer decides now."""
        known = self._known(decision.reference)
        if known is None:
            return refusal(404, "APPLICATION_NOT_FOUND", "No application has this reference.")
        on = decision.on.isoformat() if decision.on else ""
        answer = self._decide(known, decision.status, decision.reason, on)
        if decision.callback:
            self._calls.enqueue(decision.reference, answer)
        return 200, answer

    def find(self, reference: str) -> Answer:
        known = self._known(reference)
        self._party.journal.write("asked", reference=reference, found=known is not None)
        if known is None:
            return refusal(404, "APPLICATION_NOT_FOUND", "No application has this reference.")
        return 200, json.loads(known["answer"])

    def end(self, asked: End, faults: list[Fault]) -> Answer:
        known = self._known(asked.reference)
        if known is None:
            self._party.journal.write("end_of_nothing", reference=asked.reference)
            return refusal(404, "APPLICATION_NOT_FOUND", "No application has this reference.")
        answer = json.loads(known["answer"])
        if answer["status"] not in ("ended", "refused"):
            on = asked.ended_on.isoformat()
            answer = self._decide(known, "ended", "", on)
            self._party.journal.write("ended", reference=asked.reference)
        for fault in faults:
            if fault.fault == "decides_after_end":
                members = {"reference": asked.reference}
                self._party.agenda.add(fault.delay_s, "approve_late", **members)
        return 200, answer

    def _approve_late(self, task: dict[str, Any]) -> None:
        known = self._known(task["reference"])
        if known is not None:
            self._calls.enqueue(task["reference"], self._decide(known, "approved", ""))
