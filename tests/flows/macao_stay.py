"""A Macao resident's stay in Zhuhai, with visit, bill and policy of its own in every test."""

from __future__ import annotations

from typing import Any

from tests.flows.hospital import Body, Episode, Hospital, example, next_number, tender_of, varied

LOTUS = "lotus-macao"
AT_DISCHARGE = "2026-03-27T11:40:00+08:00"


class MacaoStay:
    """The example's parts; ``changes`` are of the submission that opens the episode."""

    def __init__(self, hospital: Hospital, **changes: Any) -> None:
        number = next_number()
        parts = example("macao-resident")
        coverage = {
            **parts["episode"]["coverages"][0],
            "policy_number": f"LM-2026-000001-{number}",
        }
        self._hospital = hospital
        self._parts = parts
        self.number = f"F20260327-{number:05d}"
        self.bill = varied(parts["bill"], number=self.number)
        visit = {"number": f"ZY20260324-{number:05d}"}
        self.submission = varied(
            parts["episode"], **{"visit": visit, "coverages": [coverage], **changes}
        )

    def open(self) -> Episode:
        return self._hospital.open(self.submission)

    def until_discharge(self) -> Episode:
        episode = self.open()
        episode.wait("guarantees", state="granted")
        episode.say("admission", self._parts["admission"])
        episode.say("discharge", self._parts["discharge"])
        return episode

    def tender(self, paid: str) -> Body:
        return tender_of(self.bill, paid, AT_DISCHARGE)

    def reimbursement(self) -> Body:
        return varied(self._parts["reimbursement"], bill_number=self.number)
