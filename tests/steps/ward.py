"""Stays of insured persons at the clinic's hospital, step by step; the persons are of Shandong."""

from __future__ import annotations

from typing import Any

from activities.bureau_stays import BureauStaySteps
from crossclaim.domain.standing import Standing
from crossclaim.domain.submission import SubmissionKind
from tests.flows.hospital import Body
from tests.steps.clinic import Clinic, Visit, bill_of
from tests.steps.rig import Answer

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

    def charge(self, *lines: tuple[str, str], number: str, **changes: Any) -> Answer:
        """A bill under a number of its own, so that a later version can replace it."""
        content = bill_of(number, *lines, day="2025-05-08", **changes)
        return self.send(SubmissionKind.BILL, content)

