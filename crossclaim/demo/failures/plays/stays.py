"""What fails with a stay under basic insurance, from the admission to the settlement."""

from __future__ import annotations

from typing import Any

from crossclaim.demo.failures.content import SHENZHEN, tender_of
from crossclaim.demo.failures.stage import EPISODES, Body, Stage, varied
from crossclaim.demo.play import part_of

BUREAU, FILE = "bureau", "stay-employee.json"
PAID_AT = "2025-05-12T11:50:00+08:00"
WITHDRAWN_AT = "2025-05-12T10:00:00+08:00"


class _Stay:
    """An employee of Qingdao in Shenzhen: CNY 52,000.00, of which the fund pays 43,212.00."""

    def __init__(self, stage: Stage) -> None:
        self._stage, numbers = stage, stage.numbers
        certno, born = numbers.citizen("370202")
        self.person = f"P{numbers.serial:016d}"
        row = {"certno": certno, "insutype": "310", "psn_type": "11"}
        row |= {"area": "370202", "benefit": "qingdao"}
        filed = {"filings": ["YD370202-2025-0061"]}
        stage.controls.tables(BUREAU, {"persons": {self.person: {**row, **filed}}})
        document = {"type": "mainland_id", "number": certno}
        submission = self._part("episode")
        self.submission = varied(
            submission,
            visit={"number": f"ZY20250506-{numbers.text}"},
            patient={"birth_date": born, "documents": [document]},
            coverages=submission["coverages"][:1],
        )
        self.bill = varied(self._part("bill"), number=f"F20250512-{numbers.text}", version=1)

    def _part(self, name: str) -> Any:
        return part_of(self._stage.examples, f"{FILE}#{name}")

    def admitted(self) -> None:
        self._stage.open(SHENZHEN, self.submission)
        self._stage.say("admission", self._part("admission"))

    def paid(self) -> None:
        self._stage.say("bills", self.bill)
        self._stage.say("tenders", tender_of(self._stage, self.bill, "8788.00", PAID_AT))

    def leaves(self) -> None:
        self._stage.say("discharge", self._part("discharge"))

    def beside(self) -> str:
        """Another stay of the same person, admitted; its address."""
        visit = {"number": f"ZY20250506-{self._stage.numbers.text}-0"}
        other = self._stage.ask(SHENZHEN, EPISODES, varied(self.submission, visit=visit))
        path = f"{EPISODES}/{other['episode_id']}"
        self._stage.ask(SHENZHEN, f"{path}/admission", self._part("admission"))
        self._stage.wait_at(SHENZHEN, path, "the registration", _registered("admitted"))
        return path


def answer_lost(stage: Stage) -> None:
    stay = _Stay(stage)
    settled = {"infno": "2304", "person": stay.person}
    stage.spoil(BUREAU, "accepted_answer_lost", settled)
    stay.admitted()
    stay.leaves()
    stay.paid()


def open_elsewhere(stage: Stage) -> None:
    stay = _Stay(stage)
    other = stay.beside()
    stay.admitted()
    stay.leaves()
    stage.refused("bills", stay.bill, "BUREAU_REFUSED")
    stage.failing()
    stage.ask(SHENZHEN, f"{other}/discharge", stay._part("discharge"))
    stage.wait_at(SHENZHEN, other, "the discharge", _registered("discharged"))
    stay.paid()


def discharge_without_consent(stage: Stage) -> None:
    stay, number = _Stay(stage), stage.numbers.text
    stay.admitted()
    stay.paid()
    withdrawn = {"withdrawn": "PI_PROVIDE", "stated_at": WITHDRAWN_AT}
    stage.say("consents", {"number": f"C-{number}-1", **withdrawn})
    stay.leaves()
    stage.failing()
    given = next(c for c in stay.submission["consents"] if c["type"] == "PI_PROVIDE")
    again = {"given": {**given, "signed_at": PAID_AT}, "stated_at": PAID_AT}
    stage.say("consents", {"number": f"C-{number}-2", **again})


def _registered(state: str) -> Any:
    def holds(rows: Body) -> bool:
        stay = rows.get("bureau_stay")
        return bool(stay and stay["state"] == state)

    return holds
