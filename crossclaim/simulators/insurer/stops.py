"""Requests that the sender stops: suspended, taken up again, or cancelled for good."""

from __future__ import annotations

import json
from collections.abc import Iterable

from crossclaim.simulators.faults import Fault
from crossclaim.simulators.insurer.answers import Answers
from crossclaim.simulators.insurer.outcome import FhirFault
from crossclaim.simulators.insurer.requests import Resource
from crossclaim.simulators.party import Party

STOPS = {"suspend": "suspended", "resume": "resumed", "cancel": "cancelled"}
"""Code of a Task → what the journal calls it."""


class Stops:
    """Each call belongs into one transaction with its journal entry."""

    def __init__(self, party: Party, answers: Answers) -> None:
        self._party = party
        self._state = party.state
        self._answers = answers

    def stop(
        self,
        code: str,
        reference: str,
        about: str,
        task: Resource,
        digest: str,
        faults: Iterable[Fault],
    ) -> tuple[int, Resource]:
        """201 with the completed ``Task``; 200 when it was done under this reference before."""
        known = self._state.one("SELECT * FROM release WHERE reference = ?", reference)
        if known is not None:
            if known["body_hash"] != digest:
                raise FhirFault(409, "conflict", "this reference has another body")
            answer: Resource = json.loads(known["answer"])
            return 200, answer
        names = {fault.fault for fault in faults}
        if "refuse_task" in names:
            raise FhirFault(422, "business-rule", "this insurer does not stop", "Task.code")
        if self._state.one("SELECT 1 FROM answer WHERE reference = ?", about) is None:
            raise FhirFault(404, "not-found", "no request has this reference", "Task.focus")
        if "works_on" not in names:
            self._change(code, about)
        done = {**task, "status": "completed"}
        self._state.execute(
            "INSERT INTO release VALUES (?, ?, ?)", reference, digest, json.dumps(done)
        )
        self._party.journal.write(
            STOPS[code], reference=reference, about=about, members=sorted(task)
        )
        return 201, done

    def _change(self, code: str, about: str) -> None:
        """Only what is not decided can be suspended; what is decided stays as it was said."""
        if code == "suspend":
            self._set(about, "queued", "suspended")
        elif code == "cancel":
            self._state.execute(
                "UPDATE answer SET released = 1, state = 'cancelled'"
                " WHERE reference = ? AND use = 'preauthorization'",
                about,
            )
            for state in ("queued", "suspended"):
                self._set(about, state, "cancelled")
        elif self._set(about, "suspended", "queued"):
            self._answers.decide_soon(about)

    def _set(self, about: str, old: str, new: str) -> bool:
        changed = self._state.execute(
            "UPDATE answer SET state = ? WHERE reference = ? AND state = ?", new, about, old
        )
        return changed.rowcount > 0
