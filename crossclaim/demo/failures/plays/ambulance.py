"""What fails with transfers by ambulance, and with benefits that a plan has to switch on."""

from __future__ import annotations

from typing import Any

from crossclaim.demo.failures.content import SHENZHEN, line_of, tender_of, total_of
from crossclaim.demo.failures.stage import Body, Stage, varied
from crossclaim.demo.play import part_of

TRANSFER, BENEFITS = "ambulance-transfer.json", "benefits-switched-on.json"
BEYOND, PAID_AT = "example-hospital-hk", "2026-04-14T12:00:00+08:00"
DAY = "2026-04-14"
PLUS = ("gba-care-plus-example", "KM-2026-PLUS")
PLAIN = ("gba-network-hk", "KM-2026-000501")


class _Transfer:
    """Across the border by ambulance, for CNY 2,800.00 that the patient pays himself."""

    def __init__(self, stage: Stage, without: str = "") -> None:
        self._stage, number = stage, stage.numbers.text
        submission = self._part("episode")
        consents = submission["consents"]
        self.withheld = [c for c in consents if c["type"] == without]
        kept = [c for c in consents if c.get("recipient", BEYOND) == BEYOND]
        self.submission = varied(
            submission,
            visit={"number": f"ZS20260414-{number}"},
            coverages=[],
            consents=[c for c in kept if c not in self.withheld],
            estimate=None,
        )
        self.bill = varied(self._part("bill"), number=f"ZSF20260414-{number}")
        self.record = {**self._part("hand-over"), "number": f"HO-{number}"}

    def _part(self, name: str) -> Body:
        content: Body = part_of(self._stage.examples, f"{TRANSFER}#{name}")
        return content

    def paid(self) -> None:
        self._stage.say("bills", self.bill)
        self._stage.say("tenders", tender_of(self._stage, self.bill, "2800.00", PAID_AT))


def billed_before_hand_over(stage: Stage) -> None:
    transfer = _Transfer(stage)
    stage.open(SHENZHEN, transfer.submission)
    stage.refused("bills", transfer.bill, "TRANSFER_NOT_HANDED_OVER")
    stage.failing()
    stage.say("hand-overs", transfer.record)
    transfer.paid()


def consent_missing(stage: Stage) -> None:
    transfer = _Transfer(stage, without="AMBULANCE_TRANSFER")
    stage.open(SHENZHEN, transfer.submission)
    stage.refused("hand-overs", transfer.record, "TRANSFER_CONSENT_MISSING")
    stage.failing()
    (given,) = transfer.withheld
    number = f"C-{stage.numbers.text}"
    stage.say("consents", {"number": number, "given": given, "stated_at": given["signed_at"]})
    stage.say("hand-overs", transfer.record)


def approval_expired(stage: Stage) -> None:
    transfer = _Transfer(stage)
    stage.open(SHENZHEN, transfer.submission)
    vehicle = transfer.record["vehicle"]
    first, *others = vehicle["approvals"]
    over = [{**first, "valid_until": "2026-03-31"}, *others]
    stage.say("hand-overs", {**transfer.record, "vehicle": {**vehicle, "approvals": over}})
    stage.failing()
    transfer.paid()


def _benefit(stage: Stage, plan: tuple[str, str], *lines: tuple[str, str, str]) -> Any:
    """A visit to rehabilitation with these lines; what it has to be paid for."""
    number, (name, policy) = stage.numbers.text, plan
    episode = part_of(stage.examples, f"{BENEFITS}#episode")
    cover = {**episode["coverages"][0], "plan": name, "policy_number": f"{policy}-{number}"}
    visit = {"number": f"MZ20260414-{number}"}
    made = [line_of(at, *line, DAY) for at, line in enumerate(lines, 1)]
    whole = part_of(stage.examples, f"{BENEFITS}#bill")
    bill = varied(whole, number=f"MZF20260414-{number}", lines=made, total=total_of(made))
    stage.open(SHENZHEN, varied(episode, visit=visit, coverages=[cover], estimate=None))
    stage.say("bills", bill)
    return bill


PHYSIO = ("long_term_physiotherapy", "intl-physio", "420.00")


def physiotherapy_not_covered(stage: Stage) -> None:
    bill = _benefit(stage, PLAIN, PHYSIO)
    stage.failing()
    stage.say("tenders", tender_of(stage, bill, "420.00", PAID_AT))


def drug_not_covered(stage: Stage) -> None:
    bill = _benefit(stage, PLAIN, ("special_drug", "hkm-drug-01", "5000.00"))
    stage.failing()
    stage.say("tenders", tender_of(stage, bill, "5000.00", PAID_AT))


def two_sessions_a_day(stage: Stage) -> None:
    bill = _benefit(stage, PLUS, PHYSIO, PHYSIO)
    stage.failing()
    stage.say("tenders", tender_of(stage, bill, "474.00", PAID_AT))
