"""The insurer's answers: accepted once for ever, decided now or later, told when asked."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any, Protocol

from crossclaim.simulators.faults import Fault
from crossclaim.simulators.insurer.contradictions import CONTRADICTIONS, contradicted
from crossclaim.simulators.insurer.decisions import (
    Decision,
    Row,
    decide_change,
    decide_claim,
    decide_guarantee,
    policy_row,
)
from crossclaim.simulators.insurer.outcome import FhirFault
from crossclaim.simulators.insurer.requests import ClaimRequest, Resource
from crossclaim.simulators.insurer.responses import Pen
from crossclaim.simulators.party import Party

TABLES = """
CREATE TABLE IF NOT EXISTS answer (
  reference TEXT NOT NULL, use TEXT NOT NULL, body_hash TEXT NOT NULL, policy TEXT NOT NULL,
  number TEXT NOT NULL, state TEXT NOT NULL, current TEXT NOT NULL, final TEXT NOT NULL,
  released INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (reference, use));
CREATE INDEX IF NOT EXISTS answer_number ON answer (number);
CREATE TABLE IF NOT EXISTS release (
  reference TEXT PRIMARY KEY, body_hash TEXT NOT NULL, answer TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS raised (reference TEXT PRIMARY KEY, prior TEXT NOT NULL);
"""

_DECIDING = ("refuse_guarantee", "deny_line", "wrong_total")


class Deliveries(Protocol):
    """The way by which later answers go out."""

    def enqueue(self, reference: str, body: str, deliveries: int) -> None: ...


class Answers:
    """Each call belongs into one transaction with its journal entry."""

    def __init__(
        self, party: Party, insurer: str, pen: Pen, callbacks: Deliveries, delay_s: float
    ) -> None:
        self._party = party
        self._state = party.state
        self._insurer = insurer
        self._pen = pen
        self._callbacks = callbacks
        self._delay_s = delay_s
        party.agenda.decide("answer", self._complete)

    def row(self, policy_number: str) -> Row | None:
        policies: Mapping[str, Row] = self._party.tables.get("policies") or {}
        return policy_row(policies, policy_number)

    def submit(self, request: ClaimRequest, faults: Iterable[Fault]) -> Resource:
        """The answer as it stands. Raises ``FhirFault`` for a reference with another body."""
        known = self._state.one(
            "SELECT * FROM answer WHERE reference = ? AND use = ?", request.reference, request.use
        )
        if known is not None:
            if known["body_hash"] != request.body_hash:
                raise FhirFault(409, "conflict", "this reference has another body")
            self._party.journal.write("asked_again", reference=request.reference, use=request.use)
            return _load(known["current"])
        self._party.journal.write(
            "accepted",
            reference=request.reference,
            use=request.use,
            policy_number=request.policy_number,
            payee=request.payee,
            lines=len(request.lines),
            documents=request.documents,
            other_c=request.other_c,
        )
        return self._accept(request, {fault.fault: fault for fault in faults})

    def _accept(self, request: ClaimRequest, faults: Mapping[str, Fault]) -> Resource:
        row = self.row(request.policy_number)
        spoiling = next((faults[name] for name in _DECIDING if name in faults), None)
        decision = self._decide(row, request, spoiling)
        now = self._party.clock.now()
        number = self._number(request)
        other = faults.get("decides_in_currency")
        pen = self._pen
        if other is not None:
            pen = pen.speaking(str(other.detail("currency", "HKD")))
        final = pen.decided(request, decision, number, now)
        pend = faults.get("pend") or faults.get("pend_silent")
        queued = pend is not None or (self._mode(row, request) == "queued" and not decision.error)
        current = self._pen.queued(request, now) if queued else final
        self._state.execute(
            "INSERT INTO answer VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0)",
            request.reference,
            request.use,
            request.body_hash,
            request.policy_number,
            number,
            "queued" if queued else "complete",
            _dump(current),
            _dump(final),
        )
        if queued:
            self._party.agenda.add(
                self._answer_delay_s(row, request) if pend is None else pend.delay_s,
                "answer",
                reference=request.reference,
                use=request.use,
                deliveries=0 if "pend_silent" in faults else 2 if "callback_twice" in faults else 1,
            )
        else:
            self._journal_decision(request.reference, request.use, final)
        return current

    def _decide(self, row: Row | None, request: ClaimRequest, fault: Fault | None) -> Decision:
        if request.use == "preauthorization" and request.prior:
            return self._decide_change(row, request, fault)
        if request.use == "preauthorization":
            return decide_guarantee(row, fault)
        if request.pre_auth_ref and not self._guarantee_holds(request):
            return Decision("No such guarantee of this policy.", error="PREAUTH_UNKNOWN")
        return decide_claim(row, request, fault)

    def _decide_change(
        self, row: Row | None, request: ClaimRequest, fault: Fault | None
    ) -> Decision:
        """A letter that is here and not given back is raised as its policy's table says."""
        if not self._guarantee_holds(request) or not self._letter(request.prior):
            return Decision("No such guarantee of this policy.", error="PREAUTH_UNKNOWN")
        if fault is not None and fault.fault == "refuse_guarantee":
            return Decision("Refused by the examiner.", error="REFUSED_BY_EXAMINER")
        found = self._state.one("SELECT COUNT(*) AS n FROM raised WHERE prior = ?", request.prior)
        assert found is not None
        decision = decide_change(row, int(found["n"]))
        if not decision.error:
            self._state.execute(
                "INSERT INTO raised VALUES (?, ?)", request.reference, request.prior
            )
        return decision

    def _letter(self, reference: str) -> str:
        """Number of a letter that stands; empty: there is none."""
        row = self._state.one(
            "SELECT number FROM answer WHERE reference = ? AND use = 'preauthorization'"
            " AND state = 'complete' AND released = 0",
            reference,
        )
        return "" if row is None else str(row["number"])

    def withdraw(self, reference: str) -> None:
        """The insurer takes its letter back and says so by callback."""
        row = self._state.one(
            "SELECT * FROM answer WHERE reference = ? AND use = 'preauthorization'"
            " AND state = 'complete'",
            reference,
        )
        if row is None:
            raise FhirFault(404, "not-found", "no letter has this reference")
        gone = self._pen.withdrawn(_load(row["final"]))
        self._state.execute(
            "UPDATE answer SET current = ?, released = 1 WHERE reference = ?"
            " AND use = 'preauthorization'",
            _dump(gone),
            reference,
        )
        self._party.journal.write("withdrew", reference=reference)
        self._callbacks.enqueue(reference, _dump(gone), 1)

    def _guarantee_holds(self, request: ClaimRequest) -> bool:
        return (
            self._state.one(
                "SELECT 1 FROM answer WHERE number = ? AND use = 'preauthorization'"
                " AND state = 'complete' AND policy = ?",
                request.pre_auth_ref,
                request.policy_number,
            )
            is not None
        )

    def _answer_delay_s(self, row: Row | None, request: ClaimRequest) -> float:
        """A table may say that an examiner takes longer than usual."""
        table: Row = {}
        if row is not None and request.use == "claim":
            table = (row.get("claims") or {}).get(request.payee) or {}
        return float(table.get("delay_s", self._delay_s))

    def decide_soon(self, reference: str) -> None:
        """A claim that goes on after a stop is decided as one that has just come."""
        self._party.agenda.add(
            self._delay_s, "answer", reference=reference, use="claim", deliveries=1
        )

    def _mode(self, row: Row | None, request: ClaimRequest) -> str:
        if row is None or not row["in_force"]:
            return "at_once"
        if request.use == "preauthorization":
            return str((row.get("guarantee") or {}).get("answer", "queued"))
        return str(((row.get("claims") or {}).get(request.payee) or {}).get("answer", "queued"))

    def _number(self, request: ClaimRequest) -> str:
        if request.prior and request.use == "preauthorization" and self._letter(request.prior):
            return self._letter(request.prior)
        kind = "LOG" if request.use == "preauthorization" else "C"
        prefix = self._party.tables["number_prefix"]
        return f"{prefix}-{kind}-{self._state.next_number(kind):08d}"

    def _complete(self, task: dict[str, Any]) -> None:
        row = self._state.one(
            "SELECT * FROM answer WHERE reference = ? AND use = ? AND state = 'queued'",
            task["reference"],
            task["use"],
        )
        if row is None:
            return
        final = _load(row["final"])
        final["created"] = self._party.clock.now().isoformat(timespec="seconds")
        self._state.execute(
            "UPDATE answer SET state = 'complete', current = ? WHERE reference = ? AND use = ?",
            _dump(final),
            task["reference"],
            task["use"],
        )
        self._journal_decision(task["reference"], task["use"], final)
        if task["deliveries"] > 0:
            told = self._told(row["policy"], task["reference"], final)
            self._callbacks.enqueue(task["reference"], _dump(told), task["deliveries"])

    def _told(self, policy: str, reference: str, final: Resource) -> Resource:
        about = {"operation": "callback", "policy_number": policy, "reference": reference}
        fault = self._party.faults.take_named(CONTRADICTIONS, **about)
        return final if fault is None else contradicted(final, fault.fault)

    def policy_of(self, reference: str) -> str:
        row = self._state.one("SELECT policy FROM answer WHERE reference = ?", reference)
        return "" if row is None else str(row["policy"])

    def _journal_decision(self, reference: str, use: str, final: Resource) -> None:
        benefit = [t["amount"]["value"] for t in final.get("total", [])][-1:]
        self._party.journal.write(
            "decided",
            reference=reference,
            use=use,
            outcome=final["outcome"],
            **{f"benefit_{self._pen.currency.lower()}": f"{benefit[0]:.2f}" if benefit else None},
        )

    def inquire(self, reference: str, use: str) -> Resource:
        row = self._state.one(
            "SELECT current FROM answer WHERE reference = ? AND use = ?", reference, use
        )
        self._party.journal.write("asked", reference=reference, use=use, found=row is not None)
        if row is None:
            raise FhirFault(404, "not-found", "no request has this reference")
        return _load(row["current"])

    def release(self, reference: str, number: str, task: Resource, digest: str) -> tuple[int, Any]:
        """201 with the completed ``Task``, 200 when it was released under this reference before."""
        known = self._state.one("SELECT * FROM release WHERE reference = ?", reference)
        if known is not None:
            if known["body_hash"] != digest:
                raise FhirFault(409, "conflict", "this reference has another body")
            return 200, _load(known["answer"])
        changed = self._state.execute(
            "UPDATE answer SET released = 1 WHERE number = ? AND use = 'preauthorization'", number
        )
        if changed.rowcount == 0:
            raise FhirFault(404, "not-found", "no guarantee has this number", "Task.focus")
        answer = {**task, "status": "completed"}
        self._state.execute(
            "INSERT INTO release VALUES (?, ?, ?)", reference, digest, _dump(answer)
        )
        self._party.journal.write("released", reference=reference, guarantee_number=number)
        return 201, answer


def _dump(resource: Resource) -> str:
    return json.dumps(resource, default=float)


def _load(text: str) -> Resource:
    resource: Resource = json.loads(text)
    return resource
