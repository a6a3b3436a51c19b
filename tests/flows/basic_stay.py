"""Stays under basic insurance on the whole stack, each with an insured person of its own."""

from __future__ import annotations

from typing import Any

from tests.flows.basic_visit import BasicVisit, Insured, bill_of
from tests.flows.hospital import Body, Hospital, varied
from tests.flows.simulator import Simulator

QINGDAO: Body = {"funder": "basic_insurance", "plan": "qingdao-basic"}
ADMITTED = {"admitted_at": "2025-05-06T09:00:00+08:00"}
DISCHARGED = {"discharged_at": "2025-05-12T11:00:00+08:00"}
AT_DISCHARGE = "2025-05-12T11:30:00+08:00"
SURGERY = ("SURGERY", "20000.00")
FUND = 1651200
"""(20,000.00 - 800.00) x 86 %."""
DUE = "3488.00"


def employee(bureau: Simulator, **row: Any) -> Insured:
    """In service, of Qingdao."""
    return Insured(bureau, **{"area": "370202", "benefit": "qingdao", **row})


class BasicStay(BasicVisit):
    """One stay at an ordinary ward of the third level."""

    def __init__(self, hospital: Hospital, person: Insured, *coverages: Body) -> None:
        visit = {
            "encounter_class": "inpatient",
            "department": "general-surgery",
            "channel": "ordinary",
        }
        claimed = coverages or (QINGDAO,)
        super().__init__(hospital, person, *claimed, visit=visit)
        self.submission = varied(self.submission, hospital="hku-szh")


def charged(*lines: tuple[str, str], day: str = "2025-05-08", **changes: Any) -> Body:
    """A bill of the stay, final unless it is told otherwise."""
    bill = varied(bill_of(*lines, day=day), issued_at="2025-05-12T11:10:00+08:00", **changes)
    del bill["service_completed_at"]
    return bill
