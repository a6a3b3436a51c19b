"""What fails around a visit: appointments through the voucher entry, care outside one's area."""

from __future__ import annotations

from crossclaim.demo.failures.content import (
    JIANGMEN,
    SHENZHEN,
    VoucherVisit,
    tender_of,
)
from crossclaim.demo.failures.stage import Body, Stage, varied
from crossclaim.demo.play import part_of

REGISTER, ELSEWHERE = "appointment-register-first.json", "elsewhere-filed.json"
PAID_AT = "2025-05-06T10:40:00+08:00"


class _Dental(VoucherVisit):
    """A visit to the department in which whoever uses vouchers registers first."""

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage)
        own = {name: self.submission[name] for name in ("patient",)}
        visit = {"number": self.submission["visit"]["number"]}
        episode = part_of(stage.examples, f"{REGISTER}#episode")
        self.submission = varied(episode, visit=visit, **own)
        number = self.bill["number"]
        self.bill = varied(part_of(stage.examples, f"{REGISTER}#bill"), number=number)

    def appointment(self, part: str, **changes: object) -> None:
        told = part_of(self._stage.examples, f"{REGISTER}#{part}")
        number = f"YY-{self._stage.numbers.text}"
        self._stage.say("appointments", {**told, "number": number, **changes})

    def paid(self) -> None:
        number = self.bill["number"]
        tender = part_of(self._stage.examples, f"{REGISTER}#tender")
        legs = [{**leg, "reference": f"WX-{number}"} for leg in tender["legs"]]
        self._stage.say("bills", self.bill)
        self._stage.say("tenders", {**tender, "bill_number": number, "legs": legs})


def not_registered(stage: Stage) -> None:
    visit = _Dental(stage)
    stage.open(JIANGMEN, visit.submission)
    stage.refused("bills", visit.bill, "VOUCHER_REGISTER_FIRST")
    stage.failing()
    visit.appointment("appointment")
    visit.appointment("appointment-kept", version=2)
    visit.paid()


def appointment_missed(stage: Stage) -> None:
    visit = _Dental(stage)
    stage.open(JIANGMEN, visit.submission)
    visit.appointment("appointment")
    missed_at = "2025-10-14T12:00:00+08:00"
    visit.appointment("appointment-missed-early", version=2, stated_at=missed_at)
    stage.failing()
    again = f"YY-{stage.numbers.text}-2"
    moved = {"stated_at": "2025-10-14T12:10:00+08:00", "starts_at": "2025-10-15T09:30:00+08:00"}
    visit.appointment("appointment", number=again, **moved)


def filing_not_known(stage: Stage) -> None:
    numbers = stage.numbers
    certno, born = numbers.citizen("370102")
    row = {"certno": certno, "insutype": "310", "psn_type": "11", "area": "370102"}
    about = {"benefit": "jinan", "diseases": {"I10": "class-1"}}
    person = f"P{numbers.serial:016d}"
    stage.controls.tables("bureau", {"persons": {person: {**row, **about}}})
    episode = part_of(stage.examples, f"{ELSEWHERE}#episode")
    document = {"type": "mainland_id", "number": certno}
    submission = varied(
        episode,
        visit={"number": f"MZ20250506-{numbers.text}"},
        patient={"birth_date": born, "documents": [document]},
    )
    named = f"MZF20250506-{numbers.text}"
    bill: Body = varied(part_of(stage.examples, f"{ELSEWHERE}#bill"), number=named)
    stage.open(SHENZHEN, submission)
    stage.say("bills", bill)
    stage.say("tenders", tender_of(stage, bill, "400.00", PAID_AT))
