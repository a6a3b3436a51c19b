"""The YAML tables of insurers' plans: visits with papers, two insurers, network and limits."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from crossclaim.domain.dual_cover import InsurersLegs, insurers_legs
from crossclaim.domain.money import Currency, fen, total
from crossclaim.domain.reimbursement import Reimbursement, pay_out, reimburse
from tests.rules import insurer_facts as given
from tests.rules.insurer_facts import Case

HERE = Path(__file__).parent


def cases(file: str) -> list[Any]:
    return [
        pytest.param(c, id=c["name"])
        for c in yaml.load((HERE / file).read_text(), Loader=yaml.CSafeLoader)
    ]


def agree(wanted: Case, found: Case) -> None:
    """Every figure that the case states, and no code that it does not."""
    assert {key: found[key] for key in wanted} == wanted
    assert found["codes"] == wanted.get("codes", [])


def reasons_told(wanted: dict[str, str], found: Reimbursement) -> bool:
    told = {one.bill: one.reasons for one in found.bills}
    steps = {step.result.split()[0] for step in found.trace}
    return all(code in told[bill] and code in steps for bill, code in wanted.items())


@pytest.mark.parametrize("case", cases("e6-reimbursement.yaml"))
def test_visits_with_papers_are_paid_in_rmb_as_the_table_says(case: Case) -> None:
    asked, wanted, day = case["input"], dict(case["output"]), case["period"]
    rates = asked.get("rates", {"payout": "1.0000", "days": {day: "1.0000"}})
    plan = given.plans(None).find(asked.get("plan", "outpatient-visits-hk"))
    assert plan is not None
    known = {name: value for name, value in asked.items() if name != "bills"}
    begun = {"since": given.date(2025, 1, 1), "used": {}, "plan": plan.id}
    cover = given.cover(begun | known | {"rates": rates}, day)
    found = reimburse([given.bill(one, day) for one in asked["bills"]], plan, cover)
    assert reasons_told(wanted.pop("reasons", {}), found)
    codes = [one.code for one in found.faults]
    if codes:
        assert (
            found.after == cover.counters() and not found.bills and not found.benefit.amount_minor
        )
    untold = wanted.pop("without_reason", None)
    assert not any(untold in one.reasons for one in found.bills)
    figures: Case = {
        "benefit_c": [one.benefit.amount_minor for one in found.bills],
        "total_c": found.benefit.amount_minor,
        "eligible_fen": found.eligible.amount_minor,
        "codes": codes,
    }
    if not codes:
        paid = pay_out(found, plan.on(day), cover.rates)
        used = found.after.used
        figures |= {
            "paid_fen": paid.amount.amount_minor,
            "by_bill_fen": {bill: part.amount_minor for bill, part in paid.by_bill.items()},
            "patient_fen": paid.kept_by_patient.amount_minor,
            "drift_fen": paid.drift.amount_minor,
            "used": {name: used.get(name, 0) for name in wanted.get("used", {})},
        }
    agree(wanted, figures)


FIRST = {"rank": 1, "plan": "gba-network-hk", "organisation": "first-life"}
SECOND = {"rank": 2, "plan": "hospital-scale-hk", "organisation": "second-life"}
STAY = {"room": 360000, "surgeon": 2500000, "theatre": 1500000, "miscellaneous": 840000}


def dual(case: Case) -> tuple[InsurersLegs, given.BillFacts]:
    asked, day = case["input"], case["period"]
    both = {"rates": {"quote": "0.9150"}, "guarantee_c": 9000000}
    a = {"since": given.date(2020, 1, 1), "used": {"year.7.paid": 97000000}}
    b = {"since": given.date(2023, 3, 11), "pre_existing": True, "used": {}}
    covers = [
        given.cover(both | FIRST | a | asked.get("a", {}), day),
        given.cover(both | SECOND | b | asked.get("b", {}), day),
    ]
    facts = given.bill({"nights": 3, "lines": STAY}, day)
    values = {"network.hospitals": ["hku-szh"]}
    plans = given.plans({"gba-network-hk": values})
    return insurers_legs(facts, covers, plans, given.left(facts)), facts


@pytest.mark.parametrize("case", cases("e11-dual-cover.yaml"))
def test_the_second_insurer_pays_on_what_the_first_left(case: Case) -> None:
    wanted = dict(case["output"])
    found, facts = dual(case)
    legs = {part.organisation: part.leg for part in found.parts}
    rest = total(found.left.values(), Currency.CNY)
    figures: Case = {"codes": [one.code for one in found.faults]}
    if not found.faults:
        for name, organisation in (("a", "first-life"), ("b", "second-life")):
            leg = legs[organisation]
            figures[f"{name}_fen"] = leg.whole.amount_minor
            figures[f"{name}_direct_fen"] = leg.direct.amount_minor
            figures[f"{name}_c"] = (leg.direct_benefit + leg.later_benefit).amount_minor
            figures[f"{name}_direct_c"] = leg.direct_benefit.amount_minor
            numbers = sorted(leg.shares)
            figures[f"{name}_lines_fen"] = [leg.carried(n).amount_minor for n in numbers]
            figures[f"{name}_direct_lines_fen"] = [leg.shares[n].amount_minor for n in numbers]
        figures["patient_fen"] = rest.amount_minor
        assert legs["first-life"].whole + legs["second-life"].whole + rest == fen(5200000)
        assert facts.bill.total == fen(5200000)
    reason, silent = wanted.pop("reason", None), wanted.pop("no_reason", None)
    if silent is not None:
        assert not any(silent in told for told in legs["second-life"].reasons.values())
    if reason is not None:
        second = legs["second-life"]
        assert any(reason in told for told in second.reasons.values())
        assert any(step.result.startswith(reason) for step in second.trace)
    agree(wanted, figures)


@pytest.mark.parametrize("case", cases("e5-network.yaml"))
def test_network_guarantee_and_limits_hold_to_the_cent(case: Case) -> None:
    asked, wanted, day = case["input"], dict(case["output"]), case["period"]
    begun = {"since": given.date(2025, 1, 1), "accident": False, "used": {}}
    known = {
        "plan": asked.get("plan", "gba-network-hk"),
        "rates": {"quote": asked.get("rate", "1.0000")},
    }
    cover = given.cover(begun | asked | known, day)
    facts = given.bill(asked, day)
    found = insurers_legs(facts, [cover], given.plans(asked.get("plans")), given.left(facts))
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
            "later_fen": leg.later.amount_minor,
        },
    )
