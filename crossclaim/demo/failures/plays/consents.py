"""What fails when a patient takes his consent back, or signed a text that is out of use (E12)."""

from __future__ import annotations

from crossclaim.demo.failures.content import SHENZHEN, guaranteed
from crossclaim.demo.failures.stage import EPISODES, Body, Stage, varied
from crossclaim.demo.play import part_of

INSURER = "harbour-life"
FILE = "e12-consent-withdrawn.json"
DECIDES_AFTER_S = 8
"""Long enough for a busy machine to withdraw before it."""


class _Visit:
    """A visit of CNY 3,275.00 under a guarantee, whose insurer pays CNY 2,287.50 of it."""

    def __init__(self, stage: Stage) -> None:
        self._stage, number = stage, stage.numbers.text
        submission = self._part("episode")
        self.policy = f"HL-2025-E12A1-{number}"
        coverage = {**submission["coverages"][0], "policy_number": self.policy}
        visit = {"number": f"MZ20260504-{number}"}
        self.submission = varied(submission, visit=visit, coverages=[coverage])
        self.bill = varied(self._part("bill"), number=f"F20260504-{number}")

    def _part(self, name: str) -> Body:
        content: Body = part_of(self._stage.examples, f"{FILE}#{name}")
        return content

    def guaranteed(self) -> None:
        self._stage.open(SHENZHEN, self.submission)
        self._stage.wait("an answer to the guarantee", guaranteed)

    def pay(self, part: str) -> None:
        number = self.bill["number"]
        legs = [{**leg, "reference": f"POS-{number}"} for leg in self._part(part)["legs"]]
        self._stage.say("tenders", {**self._part(part), "bill_number": number, "legs": legs})

    def consent(self, part: str) -> None:
        """Given, or taken back."""
        number = f"C-{self._stage.numbers.text}-{part}"
        self._stage.say("consents", {**self._part(part), "number": number})


def withdrawn_before_bill(stage: Stage) -> None:
    visit = _Visit(stage)
    visit.guaranteed()
    visit.consent("withdrawal")
    stage.failing()
    stage.say("bills", visit.bill)
    visit.pay("tender")


def withdrawn_while_deciding(stage: Stage) -> None:
    visit = _Visit(stage)
    claimed = {"operation": "claim", "policy_number": visit.policy}
    stage.spoil(INSURER, "pend_silent", claimed, delay_s=DECIDES_AFTER_S)
    visit.guaranteed()
    stage.say("bills", visit.bill)
    stage.wait("the claim", _claimed)
    visit.consent("withdrawal")
    stage.failing()
    visit.pay("tender-part")
    visit.consent("consent")


def text_out_of_use(stage: Stage) -> None:
    visit = _Visit(stage)
    old = [
        {**consent, "text_version": "2024-01"} if consent["type"] == "CLAIM_AUTH" else consent
        for consent in visit.submission["consents"]
    ]
    signed_before = {**visit.submission, "consents": old}
    stage.not_taken(SHENZHEN, EPISODES, signed_before, "CONSENT_TEXT_VERSION")
    visit.guaranteed()


def _claimed(rows: Body) -> bool:
    return any(claim["state"] == "queued" for claim in rows["claims"])
