"""What plans leave out by default, and what one that switches it on pays, to the cent."""

from __future__ import annotations

from datetime import date

import pytest

from crossclaim.domain.allocation import BillFacts
from crossclaim.domain.dual_cover import InsurersLegs, insurers_legs
from crossclaim.plans.loader import load_plans
from tests.rules import insurer_facts as given
from tests.rules.insurer_facts import Case
from tests.rules.test_insurers_tables import agree, cases

SHOWN = load_plans(demonstration=True)
PLAN = "gba-care-plus-example"


def legs_of(case: Case) -> tuple[InsurersLegs, BillFacts]:
    asked, day = case["input"], case["period"]
    begun = {"since": date(2026, 1, 1), "accident": False, "used": {}, "plan": PLAN}
    cover = given.cover(begun | asked | {"rates": {"quote": "1.0000"}}, day)
    facts = given.bill(asked, day)
    return insurers_legs(facts, [cover], SHOWN, given.left(facts)), facts


@pytest.mark.parametrize("case", cases("switched-on.yaml"))
def test_a_switched_on_benefit_has_limits_of_its_own(case: Case) -> None:
    wanted = dict(case["output"])
    found, _ = legs_of(case)
    leg = found.parts[0].leg
    reason = wanted.pop("reason", None)
    if reason is not None:
        assert any(reason in told for told in leg.reasons.values())
        assert any(step.result.startswith(reason) for step in leg.trace)
    agree(
        wanted,
        {
            "codes": [one.code for one in found.faults],
            "benefit_c": (leg.direct_benefit + leg.later_benefit).amount_minor,
            "direct_fen": leg.direct.amount_minor,
        },
    )
