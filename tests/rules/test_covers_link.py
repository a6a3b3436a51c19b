"""Scenario E11 through the whole chain, and each insurer alone as an alternative."""

from __future__ import annotations

from typing import Any

import pytest

from crossclaim.domain.allocate import LINKS, allocate
from crossclaim.domain.allocation import AllocationResult, BillFacts
from crossclaim.domain.chain import Link
from crossclaim.domain.covers_link import covers_link
from crossclaim.domain.money import Currency, fen, hk_cents, total
from crossclaim.domain.plan import PlanSet
from crossclaim.domain.submission import FunderKind
from tests.rules import facts as usual
from tests.rules import insurer_facts as given
from tests.rules.insurer_facts import Case
from tests.rules.test_insurers_tables import FIRST, SECOND, STAY, cases

CHAIN = tuple(link for link in LINKS if link.funder is not FunderKind.INSURER)


def scene(case: Case) -> tuple[BillFacts, PlanSet, Link]:
    asked, day = case["input"], case["period"]
    both = {"rates": {"quote": "0.9150"}, "guarantee_c": 9000000}
    a = {"since": given.date(2020, 1, 1), "used": {"year.7.paid": 97000000}}
    b = {"since": given.date(2023, 3, 11), "pre_existing": True, "used": {}}
    covers = [
        given.cover(both | FIRST | a | asked.get("a", {}), day),
        given.cover(both | SECOND | b | asked.get("b", {}), day),
    ]
    coverages = [
        {"funder": "insurer", "plan": one.plan, "organisation": one.organisation} for one in covers
    ]
    facts = usual.with_episode(given.bill({"nights": 3, "lines": STAY}, day), coverages=coverages)
    plans = given.plans({"gba-network-hk": {"network.hospitals": ["hku-szh"]}})
    return facts, plans, covers_link(covers)


def paid(result: AllocationResult) -> dict[str, int]:
    return {one.organisation or one.funder.value: one.amount.amount_minor for one in result.totals}


@pytest.mark.parametrize("case", cases("e11-dual-cover.yaml"))
def test_the_chain_gives_the_figures_of_two_insurers(case: Case) -> None:
    wanted: Any = case["output"]
    facts, plans, link = scene(case)
    result = allocate(facts, plans, (*CHAIN, link))
    assert [one.code for one in result.faults] == wanted.get("codes", [])
    if result.refused:
        return
    assert result.rate is not None
    amounts = paid(result)
    owed = [result.later_reimbursement] if result.later_reimbursement else []
    later = {one.organisation: one.amount for one in [*owed, *result.further_reimbursements]}
    for name, organisation in (("a", "first-life"), ("b", "second-life")):
        whole = amounts[organisation] + later.get(organisation, fen(0)).amount_minor
        if f"{name}_fen" in wanted:
            assert whole == wanted[f"{name}_fen"]
        if f"{name}_direct_fen" in wanted:
            assert amounts[organisation] == wanted[f"{name}_direct_fen"]
    if "patient_fen" in wanted:
        back = total(later.values(), Currency.CNY).amount_minor
        assert amounts["patient"] - back == wanted["patient_fen"]
    for line in facts.bill.lines:
        carried = (one.amount for one in result.shares if one.line == line.number)
        assert total(carried, Currency.CNY) == line.amount


def test_two_insurers_without_an_order_list_each_alone() -> None:
    case = next(c.values[0] for c in cases("e11-dual-cover.yaml") if "year 4" in str(c.id))
    unranked = {"a": {"rank": None}, "b": case["input"].get("b", {}) | {"rank": None}}
    facts, plans, link = scene(case | {"input": unranked})
    result = allocate(facts, plans, (*CHAIN, link))
    assert [one.code for one in result.faults] == ["DUAL_COVER_NEEDS_PERSON"]
    assert [one.coverages for one in result.alternatives] == [[1], [0]]
    costs = [one.cost for one in result.alternatives]
    assert costs == sorted(costs) and costs[1] == fen(2455000)


def test_a_cover_of_which_nothing_is_known_is_asked_about() -> None:
    case = next(c.values[0] for c in cases("e11-dual-cover.yaml"))
    facts, plans, _ = scene(case)
    one = facts.model_copy(update={"chosen": (1,)})
    result = allocate(one, plans, (*CHAIN, covers_link([])))
    assert result.refused and not result.totals


def coverage(facts: BillFacts, *names: str) -> BillFacts:
    """The same bill with other coverages: ``organisation:plan``, or a funder's name alone."""
    told: list[dict[str, str]] = []
    for name in names:
        organisation, _, plan = name.partition(":")
        more = {"organisation": organisation} if organisation else {}
        told.append({"funder": "insurer", **more, **({"plan": plan} if plan else {})})
    return usual.with_episode(facts, coverages=told)


def test_an_insurer_without_a_plan_is_refused_in_its_place_and_the_others_are_read() -> None:
    case = next(c.values[0] for c in cases("e11-dual-cover.yaml"))
    facts, plans, link = scene(case)
    asked = coverage(facts, "first-life", "first-life:gba-network-hk", "second-life")
    result = allocate(asked, plans, (*CHAIN, link))
    assert [(one.code, one.pointer) for one in result.faults] == [
        ("PLAN_UNKNOWN", "/episode/coverages/0/plan"),
        ("PLAN_UNKNOWN", "/episode/coverages/2/plan"),
    ]


def test_another_funder_before_the_insurer_hides_no_insurer() -> None:
    case = next(c.values[0] for c in cases("e11-dual-cover.yaml") if "year 4" in str(c.id))
    facts, plans, link = scene(case)
    told = facts.episode.model_dump(mode="json")["coverages"]
    mixed = usual.with_episode(facts, coverages=[{"funder": "basic_insurance"}, *told])
    # Of an international bill the fund carries nothing; both insurers still do.
    mixed = usual.with_episode(mixed, visit={"channel": "international"})
    result = allocate(mixed, plans, (*CHAIN, link))
    assert {"first-life", "second-life"} <= paid(result).keys()


def test_nothing_is_owed_later_when_the_guarantee_covers_all_and_a_fen_is_when_it_does_not() -> (
    None
):
    case = next(c.values[0] for c in cases("e11-dual-cover.yaml") if "year 4" in str(c.id))
    facts, plans, link = scene(case)
    result = allocate(facts, plans, (*CHAIN, link))
    assert result.later_reimbursement is None and not result.further_reimbursements
    assert result.direct_limit == hk_cents(9000000)
    short = {
        "a": {"guarantee_c": 2999999},
        "b": case["input"].get("b", {}) | {"guarantee_c": 8000000},
    }
    facts, plans, link = scene(case | {"input": short})
    result = allocate(facts, plans, (*CHAIN, link))
    assert result.direct_limit == hk_cents(2999999)
    assert result.later_reimbursement is not None
    assert result.later_reimbursement.amount == fen(1)
    assert result.later_reimbursement.organisation == "first-life"


def test_a_cover_that_nobody_described_is_asked_about_under_its_own_name() -> None:
    case = next(c.values[0] for c in cases("e11-dual-cover.yaml"))
    facts, plans, _ = scene(case)
    one = facts.model_copy(update={"chosen": (1,)})
    result = allocate(one, plans, (*CHAIN, covers_link([])))
    assert "PLAN_UNKNOWN" not in [fault.code for fault in result.faults]


@pytest.mark.parametrize("turned", [False, True])
def test_a_fault_points_to_the_coverage_of_its_insurer(turned: bool) -> None:
    rows = (c.values[0] for c in cases("e11-dual-cover.yaml"))
    case = next(one for one in rows if one["output"].get("codes") == ["PRE_EXISTING_NOT_STATED"])
    facts, plans, link = scene(case)
    told = facts.episode.model_dump(mode="json")["coverages"]
    facts = usual.with_episode(facts, coverages=told[::-1] if turned else told)
    (fault,) = allocate(facts, plans, (*CHAIN, link)).faults
    assert fault.pointer.startswith(f"/episode/coverages/{0 if turned else 1}")
