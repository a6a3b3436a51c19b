"""What one bill used of a member's cover, the next bill of that member no longer has."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

from tests.flows.hospital import Body, Hospital, next_number, totals
from tests.flows.inpatient_stay import ADMITTED, HERE, HERE_POLICY, InpatientStay

FIRST = {"insurer": "31040.33", "patient": "20810.17"}
"""Scenario E5: the year's deductible of HK$8,000 is taken."""


def member() -> str:
    """A policy that no other test uses; its stays go on from it."""
    return f"{HERE_POLICY}-M{next_number()}"


class OfMember(InpatientStay):
    """A stay on a given policy, billed before discharge, so that nothing is claimed yet."""

    def __init__(self, hospital: Hospital, policy: str) -> None:
        super().__init__(hospital, HERE)
        self.submission["coverages"][0]["policy_number"] = policy
        self.episode = self.open()
        self.episode.say("admission", ADMITTED)

    def split(self) -> Body:
        return self.episode.say("bills", self.bill)

    def void(self) -> None:
        void = {
            "bill_number": self.bill["number"],
            "bill_version": self.bill["version"],
            "voided_at": "2026-03-14T11:20:00+08:00",
            "reason": "billed to the wrong stay",
        }
        assert self.episode.say("voids", void)["status"] == "voided"


def deductible(split: Body) -> Any:
    """What the step of the deductible leaves of what is payable, and what it was told."""
    return next(s["inputs"] for s in split["trace"] if s["rule"].endswith(":deductible.per_year"))


def test_the_second_bill_of_a_year_pays_no_deductible_again(shenzhen: Hospital) -> None:
    policy = member()
    first, second = OfMember(shenzhen, policy).split(), OfMember(shenzhen, policy).split()
    assert totals(first) == FIRST
    assert deductible(first)["deductible_used"] == "HKD 0.00"
    assert deductible(second)["deductible_used"] == "HKD 8,000.00"
    assert float(totals(second)["insurer"]) > float(FIRST["insurer"])
    assert "cover_use" not in second, "a member's counters are nobody's but the rules'"


def test_a_voided_bill_gives_back_what_it_used(shenzhen: Hospital) -> None:
    policy = member()
    wrong = OfMember(shenzhen, policy)
    assert totals(wrong.split()) == FIRST
    wrong.void()
    assert totals(OfMember(shenzhen, policy).split()) == FIRST


def test_a_forecast_uses_nothing(shenzhen: Hospital) -> None:
    policy = member()
    stay = OfMember(shenzhen, policy)
    stay.episode.say("bills", stay.interim)
    assert totals(OfMember(shenzhen, policy).split()) == FIRST


def test_of_bills_that_arrive_together_one_pays_the_deductible(shenzhen: Hospital) -> None:
    policy = member()
    stays = [OfMember(shenzhen, policy) for _ in range(3)]
    with ThreadPoolExecutor(len(stays)) as pool:
        splits = list(pool.map(lambda stay: stay.split(), stays))
    used = sorted(deductible(split)["deductible_used"] for split in splits)
    assert used == ["HKD 0.00", "HKD 8,000.00", "HKD 8,000.00"]
