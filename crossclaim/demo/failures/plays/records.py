"""What fails at eHealth (record sharing): consents, codes, answers about records."""

from __future__ import annotations

from typing import Any

from crossclaim.demo.failures.content import JIANGMEN, VoucherVisit, now
from crossclaim.demo.failures.stage import Body, Stage

DOCTOR = "DR-1024"


class _RecordVisit(VoucherVisit):
    """A voucher visit whose patient has a record at eHealth."""

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage, consents=[_signed("EHEALTH_JOIN"), _signed("EHEALTH_SHARE")])
        self.person = f"eh-{stage.numbers.text}"
        entry = {"section": "allergies", "id": "alg-1", "day": "2024-08-30", "code": "1"}
        row = {
            "document": "HKID",
            "number": self.card,
            "birth_date": "1949-05-01",
            "joined": True,
            "sharing": True,
            "notice": "email",
            "records": [{**entry, "text": "Penicillin"}],
        }
        stage.controls.tables("ehealth", {"persons": {self.person: row}})

    def request(self, number: int = 1) -> str:
        """Asks for the record with the patient's two codes; the request's number."""
        stage = self._stage
        shown = stage.controls.order("POST", "ehealth", "app/codes", {"person": self.person})
        codes = {name: shown[name] for name in ("application_code", "password_code")}
        name = f"RR-{stage.numbers.text}-{number}"
        asked = {"number": name, "requested_at": now(), "requested_by": DOCTOR, **codes}
        stage.say("record-requests", asked)
        return name


def _signed(type_: str) -> Body:
    return {"type": type_, "text_version": "2025-01", "signed_at": now(-60), "channel": "paper"}


def _is(number: str, *states: str) -> Any:
    def holds(rows: Body) -> bool:
        found = rows["record_requests"]
        return any(r["number"] == number and r["state"] in states for r in found)

    return holds


def _paid(visit: _RecordVisit) -> None:
    visit._stage.say("bills", visit.bill)
    visit.pay("0.82")


def other_patient(stage: Stage) -> None:
    visit = _RecordVisit(stage)
    stage.spoil("ehealth", "other_patient", {"operation": "request", "number": visit.card})
    stage.open(JIANGMEN, visit.submission)
    visit.request()
    stage.failing()
    again = visit.request(2)
    stage.wait("the record", _is(again, "answered"))
    _paid(visit)


def sharing_not_registered(stage: Stage) -> None:
    visit = _RecordVisit(stage)
    switched = {"person": visit.person, "type": "sharing"}
    stage.open(JIANGMEN, visit.submission)
    stage.controls.order("PUT", "ehealth", "app/consents", {**switched, "given": False})
    visit.request()
    stage.failing()
    refused_by = now()
    # A signature says its second; one of the refusal's own second would not be newer than it.
    stage.wait("a later second", lambda _: now() > refused_by)
    given = {**_signed("EHEALTH_SHARE"), "signed_at": now()}
    number = f"C-{stage.numbers.text}"
    stage.say("consents", {"number": number, "given": given, "stated_at": now()})
    again = visit.request(2)
    stage.wait("the record", _is(again, "answered"))
    _paid(visit)


def answer_lost(stage: Stage) -> None:
    visit = _RecordVisit(stage)
    stage.spoil("ehealth", "accepted_answer_lost", {"operation": "request", "number": visit.card})
    stage.open(JIANGMEN, visit.submission)
    number = visit.request()
    _paid(visit)
    stage.wait("the record", _is(number, "answered"))


def no_notice(stage: Stage) -> None:
    visit = _RecordVisit(stage)
    stage.spoil("ehealth", "no_notice", {"operation": "request", "number": visit.card})
    stage.open(JIANGMEN, visit.submission)
    visit.request()
    stage.failing()
    _paid(visit)
