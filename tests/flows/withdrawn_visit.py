"""Scenario E12 at the window: an outpatient of CNY 3,275.00, of which the insurer pays 2,287.50."""

from __future__ import annotations

from tests.flows.hospital import Body, Episode, Hospital, example, next_number, varied

AT_ONCE, A_DAY_LATER = "HL-2025-E12A", "HL-2025-E12B"
"""Series of policies: by how long the insurer takes to decide."""
WHOLE, REST, INSURED = "3275.00", "987.50", "2287.50"


class WithdrawnVisit:
    """One visit with a policy and numbers that nobody else has."""

    def __init__(self, hospital: Hospital, series: str = AT_ONCE, **changes: object) -> None:
        number, parts = next_number(), example("e12-consent-withdrawn")
        coverage = {**parts["episode"]["coverages"][0], "policy_number": f"{series}-{number}"}
        self._hospital, self._parts, self._number = hospital, parts, number
        self.submission = varied(
            parts["episode"],
            visit={"number": f"MZ20260504-{number:05d}"},
            **{"coverages": [coverage], **changes},
        )
        self.bill = varied(parts["bill"], number=f"F20260504-{number:05d}")

    def open(self) -> Episode:
        self.episode = self._hospital.open(self.submission)
        self.episode.wait("guarantees", state="granted")
        return self.episode

    def billed(self) -> Body:
        return self.episode.say("bills", self.bill)

    def tender(self, amount: str) -> Body:
        return self.episode.tender(self.bill, amount, "2026-05-06T10:00:00+08:00")

    def withdraw(self, **changes: object) -> Body:
        number = f"W-{self._number}-{next_number()}"
        return self.episode.say(
            "consents", varied(self._parts["withdrawal"], number=number, **changes)
        )

    def give_again(self, **changes: object) -> Body:
        number = f"G-{self._number}-{next_number()}"
        content = varied(self._parts["consent"], number=number, given=changes)
        return self.episode.say("consents", content)
