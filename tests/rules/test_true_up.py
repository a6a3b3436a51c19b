"""A new allocation gives differences only, and these take the old one exactly to the new one."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given as hypothesis_given
from hypothesis import settings
from hypothesis import strategies as st

from crossclaim.domain.allocate import allocate, reconcile_with_decision
from crossclaim.domain.allocation import AllocationResult, BillFacts
from crossclaim.domain.money import half_up, hk_cents
from crossclaim.domain.submission import FunderKind
from crossclaim.domain.true_up import (
    Movement,
    MovementKind,
    TrueUp,
    applied,
    balances,
    counts,
    nothing,
    parts,
    true_up,
    true_up_facts,
)
from tests.rules import facts as given
from tests.rules.test_insurers_tables import cases
from tests.rules.test_properties import inpatient_bills, voucher_bills
from tests.rules.test_scenarios import answer

Case = dict[str, Any]


def changed(facts: BillFacts, change: Case) -> BillFacts:
    wire = facts.bill.model_dump(mode="json")["lines"]
    day = facts.bill.lines[0].service_date
    if "add" in change:
        one = dict(change["add"])
        wire.append(given.line(len(wire) + 1, one["category"], one["fen"], day))
    if "drop" in change:
        wire = [line for line in wire if line["number"] != change["drop"]]
    if "lines" in change:
        lines = change["lines"].items()
        wire = [given.line(n, name, amount, day) for n, (name, amount) in enumerate(lines, 1)]
    if "guarantee_c" in change:
        limit = hk_cents(change["guarantee_c"])
        facts = facts.model_copy(update={"guarantee_limit": limit})
    return given.with_lines(facts, wire)


def split(facts: BillFacts, change: Any) -> AllocationResult:
    plan = given.PLANS.find(given.INSURER_PLAN)
    assert plan is not None
    if change == "void":
        return nothing(allocate(facts, given.PLANS))
    for key, ratio in change.get("rule", {}).items():
        plan = given.with_value(plan, key, Decimal(ratio))
    result = allocate(changed(facts, change), given.PLANS.replacing([plan]))
    if "decided_c" in change:
        return reconcile_with_decision(result, answer(change["decided_c"])).result
    return result


def told(movements: list[Movement]) -> list[Case]:
    return [
        {
            "kind": one.kind.value,
            "funder": one.funder.value,
            "payee": one.payee.value,
            "currency": one.amount.currency.value,
            "minor": one.amount.amount_minor,
        }
        for one in movements
    ]


@pytest.mark.parametrize("case", cases("true-up.yaml"))
def test_only_the_difference_changes_hands(case: Case) -> None:
    asked, wanted = case["input"], case["output"]
    facts = given.voucher_facts() if asked["bill"] == "voucher" else given.inpatient_facts()
    old, new = split(facts, asked.get("was", {})), split(facts, asked["now"])
    found = true_up(old, new)
    assert told(found.movements) == wanted["movements"]
    assert told(found.counted) == wanted.get("counted", told(found.counted))
    assert found.total_change.amount_minor == wanted["total_change_fen"]
    assert [one.code for one in found.faults] == wanted.get("codes", [])
    if not found.faults:
        assert exact(found, old, new)


def exact(found: TrueUp, old: AllocationResult, new: AllocationResult) -> bool:
    """The differences give the new from the old, and taken back the old from the new."""
    back = found.undone()
    was = {key: amount for key, amount in parts(old).items() if amount}
    for one in found.lines:
        key = (one.line, one.funder, one.organisation)
        was[key] = was.get(key, 0) + one.change.amount_minor
    return (
        applied(balances(old), found.movements) == balances(new)
        and applied(counts(old), found.counted) == counts(new)
        and applied(balances(new), back.movements) == balances(old)
        and applied(counts(new), back.counted) == counts(old)
        and {key: amount for key, amount in was.items() if amount} == parts(new)
        and sum(one.change.amount_minor for one in found.lines) == found.total_change.amount_minor
        and all(one.amount.amount_minor > 0 for one in found.movements)
        and all(one.change.amount_minor for one in found.lines)
        and [-one.change for one in back.lines] == [one.change for one in found.lines]
        and back.total_change == -found.total_change == old.total - new.total
        and back.undone() == found
    )


@settings(max_examples=100, deadline=None)
@hypothesis_given(inpatient_bills(), inpatient_bills())
def test_any_change_of_a_stays_bill_is_exact_and_can_be_undone(
    before: BillFacts, after: BillFacts
) -> None:
    old, new = allocate(before, given.PLANS), allocate(after, given.PLANS)
    assert exact(true_up(old, new), old, new)
    assert true_up_facts(old, after, given.PLANS) == true_up(old, new)
    assert exact(true_up(old, nothing(old)), old, nothing(old))


@settings(max_examples=60, deadline=None)
@hypothesis_given(voucher_bills(), voucher_bills())
def test_any_change_of_a_voucher_bill_is_exact_and_can_be_undone(
    before: BillFacts, after: BillFacts
) -> None:
    old, new = allocate(before, given.PLANS), allocate(after, given.PLANS)
    assert exact(true_up(old, new), old, new)


@settings(max_examples=60, deadline=None)
@hypothesis_given(inpatient_bills(), st.integers(0, 60_000_000))
def test_any_decision_is_a_difference_that_leaves_the_bill_as_it_was(
    facts: BillFacts, benefit: int
) -> None:
    old = allocate(facts, given.PLANS)
    new = reconcile_with_decision(old, answer(benefit)).result
    found = true_up(old, new)
    assert exact(found, old, new)
    assert found.total_change.amount_minor == 0
    assert all(one.funder is not FunderKind.VOUCHER for one in found.movements)


def test_giving_back_more_than_was_paid_is_refused() -> None:
    old = allocate(given.voucher_facts(), given.PLANS)
    back = true_up(old, nothing(old)).movements
    with pytest.raises(ValueError, match="more would be given back"):
        applied(applied(balances(old), back), back)


def test_a_funder_never_gets_back_what_another_pays() -> None:
    facts = given.inpatient_facts()
    old = split(facts, {})
    found = true_up(old, split(facts, {"rule": {"coinsurance.ratio": "0.20"}}))
    kinds = {one.funder: one.kind for one in found.movements}
    assert kinds == {
        FunderKind.INSURER: MovementKind.CLAW_BACK,
        FunderKind.PATIENT: MovementKind.EXTRA_PAYMENT,
    }


def test_converting_the_difference_of_benefits_for_itself_loses_a_fen() -> None:
    facts, lost = given.inpatient_facts(), 0
    old = allocate(facts, given.PLANS)
    for cents in range(3392000, 3392040):
        new = reconcile_with_decision(old, answer(cents)).result
        twin = half_up((3392386 - cents) * Decimal("0.9150"))
        exactly = next(m for m in true_up(old, new).movements if m.funder is FunderKind.INSURER)
        assert exact(true_up(old, new), old, new)
        lost += twin != exactly.amount.amount_minor
    assert lost


def test_new_facts_of_a_confirmed_split_are_allocated_by_the_plans_of_today() -> None:
    facts = given.inpatient_facts()
    old = allocate(facts, given.PLANS)
    late = changed(facts, {"add": {"category": "miscellaneous", "fen": 100000}})
    found = true_up_facts(old, late, given.PLANS)
    assert found == true_up(old, allocate(late, given.PLANS))
    assert found.total_change.amount_minor == 100000


def test_a_split_that_was_refused_before_makes_the_whole_bill_the_change() -> None:
    facts = given.inpatient_facts()
    refused = allocate(facts.model_copy(update={"insurer_rate": None}), given.PLANS)
    new = allocate(facts, given.PLANS)
    assert refused.refused and balances(refused) == {}
    assert true_up(refused, new).total_change == new.total


def test_more_than_was_paid_cannot_be_given_back() -> None:
    facts = given.inpatient_facts()
    old = allocate(facts, given.PLANS)
    back = true_up(old, nothing(old)).movements
    assert applied(balances(old), back) == {}
    insurer = next(leg for leg in balances(old) if leg.funder is FunderKind.INSURER)
    short = balances(old) | {insurer: balances(old)[insurer] - 1}
    with pytest.raises(ValueError, match="given back"):
        applied(short, back)
