"""Record requests, deposits and consent changes: decided by the tables, each once by reference."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from pydantic import BaseModel

from crossclaim.simulators.ehealth.fhir import bundle_of
from crossclaim.simulators.ehealth.persons import Persons
from crossclaim.simulators.ehealth.requests import ConsentChange, Deposit, RecordRequest
from crossclaim.simulators.party import Party

Answer = tuple[int, dict[str, Any]]
"""HTTP status and body."""


def refusal(status: int, code: str, message: str) -> Answer:
    return status, {"code": code, "message": message}


class Records:
    """Each call runs in one transaction together with its journal entries."""

    def __init__(self, party: Party, persons: Persons) -> None:
        self._party = party
        self._state = party.state
        self._persons = persons

    def request(self, asked: RecordRequest, spoil: str = "") -> Answer:
        known = self._known("request", asked)
        if known is not None:
            return known
        status, body = self._answer(asked, spoil)
        if status == 201:
            self._remember("request", asked, body)
        self._party.journal.write(
            "record_given" if status == 201 else "record_refused",
            reference=asked.reference,
            institution=asked.institution,
            requested_by=asked.requested_by,
            **({"code": body["code"]} if "code" in body else {}),
        )
        return status, body

    def _answer(self, asked: RecordRequest, spoil: str) -> Answer:
        person = self._persons.find(asked.person)
        if asked.institution not in self._party.tables["institutions"]:
            return refusal(403, "INSTITUTION_NOT_DESIGNATED", "Not a designated institution.")
        if person is None:
            return refusal(404, "PERSON_NOT_FOUND", "Nobody has these particulars.")
        if self._party.tables["wants_codes"]:
            if not person["sharing"]:
                return refusal(403, "SHARING_NOT_GIVEN", "There is no sharing consent in force.")
            code = self._codes(asked, person["id"])
            if code:
                return refusal(409, code, "The codes cannot be used.")
        if self._too_early(asked):
            return refusal(422, "WINDOW_TOO_LONG", "Records of so long ago are not given.")
        record = self._record(asked, person, spoil)
        notice = self._persons.notify(person, "access", institution=asked.institution)
        body = {"reference": asked.reference, "institution": asked.institution, "record": record}
        return 201, body if spoil == "no_notice" else {**body, "notice": notice}

    def _codes(self, asked: RecordRequest, person: str) -> str:
        if not asked.application_code or not asked.password_code:
            return "CODE_MISSING"
        return self._persons.use_codes(
            person, asked.application_code, asked.password_code, asked.reference
        )

    def _too_early(self, asked: RecordRequest) -> bool:
        years: int = self._party.tables["window_years"]
        today = self._party.clock.now().date()
        earliest = today.replace(year=today.year - years, day=min(today.day, 28))
        return asked.begin < earliest - timedelta(days=4)

    def _record(self, asked: RecordRequest, person: Mapping[str, Any], spoil: str) -> Any:
        if spoil == "not_fhir":
            return {"resourceType": "Letter", "text": "Dear colleague"}
        whose = person
        if spoil == "other_patient":
            whose = self._persons.get(self._party.tables["wrong_person"]) or person
        rows = json.loads(whose["row"])
        keep = [r for r in rows.get("records", []) if self._given(r, asked, spoil)]
        return bundle_of(whose["id"], rows, keep, spoil)

    @staticmethod
    def _given(row: Mapping[str, Any], asked: RecordRequest, spoil: str) -> bool:
        if row["section"] not in asked.sections:
            return False
        if row["section"] == "allergies" or spoil == "outside_window":
            return True
        return asked.begin <= date.fromisoformat(row["day"]) <= asked.until

    def deposit(self, given: Deposit) -> Answer:
        known = self._known("deposit", given)
        if known is not None:
            return known
        status, body = self._take(given)
        if status == 201:
            self._remember("deposit", given, body)
        self._party.journal.write(
            "deposited" if status == 201 else "deposit_refused",
            reference=given.reference,
            institution=given.institution,
            content=given.kind,
            sha256=given.sha256,
            **({"code": body["code"]} if "code" in body else {}),
        )
        return status, body

    def _take(self, given: Deposit) -> Answer:
        person = self._persons.find(given.person)
        if given.institution not in self._party.tables["institutions"]:
            return refusal(403, "INSTITUTION_NOT_DESIGNATED", "Not a designated institution.")
        if person is None:
            return refusal(404, "PERSON_NOT_FOUND", "Nobody has these particulars.")
        if not person["joined"]:
            return refusal(403, "NOT_JOINED", "There is no joining consent in force.")
        try:
            content = base64.b64decode(given.content, validate=True)
        except binascii.Error:
            return refusal(422, "REQUEST_INVALID", "content: no base64")
        if hashlib.sha256(content).hexdigest() != given.sha256:
            return refusal(422, "CONTENT_DIFFERS", "The content is not what its hash says.")
        receipt = f"D{self._state.next_number('deposit'):09d}"
        return 201, {"reference": given.reference, "receipt": receipt, "sha256": given.sha256}

    def consent(self, change: ConsentChange) -> Answer:
        known = self._known("consent", change)
        if known is not None:
            return known
        person = self._persons.find(change.person)
        if person is None:
            return refusal(404, "PERSON_NOT_FOUND", "Nobody has these particulars.")
        self._persons.consent(person["id"], change.type, change.given)
        about = {"consent": change.type, "given": change.given}
        notice = self._persons.notify(person, "consent", **about)
        receipt = f"C{self._state.next_number('consent'):09d}"
        body = {"reference": change.reference, "receipt": receipt, "notice": notice}
        self._remember("consent", change, body)
        self._party.journal.write(
            "consent_changed",
            reference=change.reference,
            person=person["id"],
            signer=change.signer,
            **about,
        )
        return 201, body

    def find(self, operation: str, reference: str) -> Answer:
        known = self._state.one(
            "SELECT answer FROM done WHERE operation = ? AND reference = ?", operation, reference
        )
        self._party.journal.write(
            "asked", operation=operation, reference=reference, found=known is not None
        )
        if known is None:
            code = f"{operation.upper()}_NOT_FOUND"
            return refusal(404, code, "Nothing has this reference.")
        return 200, json.loads(known["answer"])

    def _known(self, operation: str, asked: BaseModel) -> Answer | None:
        reference = asked.reference  # type: ignore[attr-defined]
        known = self._state.one(
            "SELECT * FROM done WHERE operation = ? AND reference = ?", operation, reference
        )
        if known is None:
            return None
        if known["body_hash"] != _hash(asked):
            return refusal(409, "REFERENCE_REUSED", "This reference stands for something else.")
        return 200, json.loads(known["answer"])

    def _remember(self, operation: str, asked: BaseModel, body: dict[str, Any]) -> None:
        reference = asked.reference  # type: ignore[attr-defined]
        values = (operation, reference, _hash(asked), json.dumps(body))
        self._state.execute("INSERT INTO done VALUES (?, ?, ?, ?)", *values)


def _hash(asked: BaseModel) -> str:
    return hashlib.sha256(asked.model_dump_json().encode()).hexdigest()
