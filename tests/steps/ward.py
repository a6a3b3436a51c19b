"""Stays of insured persons at the clinic's hospital, step by step; the persons are of Shandong."""

from __future__ import annotations

from typing import Any

from ulid import ULID

from activities.bureau_quotes import QuoteSteps
from activities.bureau_stays import BureauStaySteps
from activities.orders import Apply
from activities.submissions import SubmissionSteps
from crossclaim.domain.standing import Standing
from crossclaim.domain.submission import SubmissionKind
from tests.flows.hospital import Body
from tests.steps.clinic import AT, Clinic, Visit, bill_of
from tests.steps.rig import HOSPITAL, Answer

EMPLOYEE, MOTHER, RETIRED = "810000198506150012", "37020219950320002X", "370202195601010010"
LATE = "370500197809110013"
NUMBER = {
    EMPLOYEE: "P3702000000000001",
    MOTHER: "P3702000000000002",
    RETIRED: "P3702000000000003",
    LATE: "P3705000000000001",
}
QINGDAO, SHANDONG = "qingdao-basic", "shandong-resident"
ADMITTED, LEFT = "2025-05-06T09:00:00+08:00", "2025-05-12T11:00:00+08:00"
E_STAY = (("SURGERY", "45000.00"), ("BED", "5000.00"), ("OWN-EXPENSE", "2000.00"))
"""CNY 52,000.00, of which 50,000.00 lie in the catalogue."""


class Ward:
    """``open`` gives an episode that waits for the admission."""

    def __init__(self, clinic: Clinic) -> None:
        self.clinic = clinic

    def open(self, certno: str, *coverages: Body, **changes: Any) -> Stay:
        visit = {"encounter_class": "inpatient", **changes.pop("visit", {})}
        opened = self.clinic.open(certno, *coverages, looked_up=False, visit=visit, **changes)
        return Stay(opened.clinic, opened.episode)

    def admitted(self, certno: str, *coverages: Body, **changes: Any) -> Stay:
        at = changes.pop("at", ADMITTED)
        stay = self.open(certno, *coverages, **changes)
        stay.admit(at)
        return stay


class Stay(Visit):
    """One stay of a person."""

    def admit(self, at: str = ADMITTED) -> Standing:
        assert self.send(SubmissionKind.ADMISSION, {"admitted_at": at}).status == 200
        return self.look_up()

    def leave(self, at: str = LEFT) -> Standing:
        assert self.send(SubmissionKind.DISCHARGE, {"discharged_at": at}).status == 200
        return self.discharge()

    def discharge(self) -> Standing:
        assert self.standing().bureau_discharge_due
        return BureauStaySteps(self.clinic.world).discharge_insured(self._about())

    def take_back(self) -> Standing:
        return BureauStaySteps(self.clinic.world).take_back_stay(self._about())

    def charge(self, *lines: tuple[str, str], number: str, **changes: Any) -> Answer:
        """A bill under a number of its own, so that a later version can replace it."""
        return self.send(SubmissionKind.BILL, lined(*lines, number=number, **changes))

    def receive(self, kind: SubmissionKind, content: Body) -> str:
        """A submission's row, which no step has seen yet; its id."""
        received = self.clinic.rig.intake.receive(
            HOSPITAL,
            kind,
            submission_id=f"sb_{ULID()}",
            episode_id=self.episode,
            business_key=f"ward-{ULID()}",
            content=content,
            idempotency_key=None,
        )
        return str(received.id)

    def quote(self, submission: str) -> Standing:
        return QuoteSteps(self.clinic.world).quote_settlement(self._about(submission))

    def apply(self, submission: str) -> Answer:
        order = Apply(episode_id=self.episode, submission_id=submission, at=AT)
        SubmissionSteps(self.clinic.world).apply_submission(order)
        statement = "select outcome from submission where id = %(id)s"
        outcome = self.select(statement, id=submission)[0]["outcome"]
        return Answer(outcome["status"], outcome["body"])


def lined(*lines: tuple[str, str], number: str, day: str = "2025-05-08", **changes: Any) -> Body:
    return bill_of(number, *lines, day=day, **changes)
