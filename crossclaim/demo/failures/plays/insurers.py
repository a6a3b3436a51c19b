"""What fails at insurers that are billed directly, one or two of an episode."""

from __future__ import annotations

from typing import Any

from crossclaim.demo.failures.content import (
    AT_DISCHARGE,
    SHENZHEN,
    Stay,
    guaranteed,
    tender_of,
)
from crossclaim.demo.failures.stage import Body, Stage, varied
from crossclaim.demo.play import part_of

HARBOUR, MUTUAL = "harbour-life", "kowloon-mutual"
THERE = "HL-2025-B"
DAY_S = 86_400
APRIL_10 = "2026-04-10T10:50:00+08:00"


def answer_lost(stage: Stage) -> None:
    stay = Stay(stage, HARBOUR, THERE)
    for use in ("preauthorization", "claim"):
        claimed = {"operation": use, "policy_number": stay.policy}
        stage.spoil(HARBOUR, "timeout_after_accept", claimed)
    stay.whole()


def guarantee_refused(stage: Stage) -> None:
    stay = Stay(stage, HARBOUR, THERE)
    asked = {"operation": "preauthorization", "policy_number": stay.policy}
    stage.spoil(HARBOUR, "refuse_guarantee", asked)
    stay.until_discharge()
    stage.say("bills", stay.bill)
    stage.failing()
    stay.pay("51850.50")


def line_denied(stage: Stage) -> None:
    stay = Stay(stage, HARBOUR, THERE)
    claimed = {"operation": "claim", "policy_number": stay.policy}
    stage.spoil(HARBOUR, "deny_line", claimed, line=5)
    stay.whole()
    stage.failing()
    stage.say("tenders", tender_of(stage, stay.bill, "5670.00", AT_DISCHARGE))


def pended(stage: Stage) -> None:
    stay = Stay(stage, HARBOUR, THERE)
    claimed = {"operation": "claim", "policy_number": stay.policy}
    stage.spoil(HARBOUR, "pend", claimed, delay_s=DAY_S)
    stay.whole()
    stage.failing()
    stage.controls.later(HARBOUR, DAY_S)


def untrue_total(stage: Stage) -> None:
    stay = Stay(stage, HARBOUR, THERE)
    told = [{"operation": way, "policy_number": stay.policy} for way in ("callback", "inquire")]
    for match in told:
        stage.spoil(HARBOUR, "total_untrue", match, times=-1)
    stay.whole()
    stage.failing()
    for match in told:
        stage.controls.mend(HARBOUR, match)


class _Dual:
    """A stay of CNY 52,000.00 under two policies; the second is in its fourth year."""

    def __init__(self, stage: Stage, first: str) -> None:
        numbers, self._stage = stage.numbers, stage
        submission = part_of(stage.examples, "episode-3-dual-cover.json")
        one, two = submission["coverages"]
        del two["pre_existing"]
        self.policies = (f"{first}-{numbers.text}", f"KM-2025-E11B4-{numbers.text}")
        covers = [
            {**cover, "policy_number": policy}
            for cover, policy in zip((one, two), self.policies, strict=True)
        ]
        visit = {"number": f"ZY20260407-{numbers.text}"}
        self.submission = varied(submission, visit=visit, coverages=covers)
        bill = part_of(stage.examples, "episode-3-bill-final.json")
        self.bill = varied(bill, number=f"F20260410-{numbers.text}")

    def whole(self, **changes: Any) -> None:
        self.until_discharge()
        self._stage.say("bills", {**self.bill, **changes})

    def until_discharge(self) -> None:
        stage = self._stage
        stage.open(SHENZHEN, self.submission)
        stage.wait("answers to the guarantees", guaranteed)
        stage.say("admission", part_of(stage.examples, "episode-3-admission.json"))
        stage.say("discharge", part_of(stage.examples, "episode-3-discharge.json"))


def first_pays_less(stage: Stage) -> None:
    stay = _Dual(stage, "HL-2025-E11L")
    stay.whole()


def first_lapsed(stage: Stage) -> None:
    stay = _Dual(stage, "HL-2025-LAPSED")
    stay.until_discharge()
    stage.refused("bills", stay.bill, "INSURER_SAYS_NOT_IN_FORCE")
    stage.failing()
    second: Body = {**stay.bill, "coverages": [1]}
    stage.say("bills", second)
    stage.say("tenders", tender_of(stage, stay.bill, "8080.00", APRIL_10))


def first_undecided(stage: Stage) -> None:
    stay = _Dual(stage, "HL-2025-E11A")
    claimed = {"operation": "claim", "policy_number": stay.policies[0]}
    stage.spoil(HARBOUR, "pend", claimed, delay_s=DAY_S)
    stay.whole()
    stage.failing()
    stage.controls.later(HARBOUR, DAY_S)
