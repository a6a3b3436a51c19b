"""Promises of the pooled fund, the accounts and pay-after-care, for any bill.

Each promise is a function; the naive twins of ``test_basic_twins.py`` break it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import given as hypothesis_given
from hypothesis import strategies as st

from crossclaim.domain.basic_facts import BasicFacts, BasicLeg, Period
from crossclaim.domain.basic_insurance import basic_leg
from crossclaim.domain.credit import equal_instalments
from crossclaim.domain.family_account import AccountLeg, family_leg
from crossclaim.domain.money import Currency, Money, fen, total
from crossclaim.domain.pay_later import Payer, PayLaterLeg, Tender, pay_later_leg
from crossclaim.domain.plan import PlanAt
from tests.rules import facts as given
from tests.rules.basic_scene import (
    ACCOUNT_PLAN,
    PAY_LATER_PLAN,
    account_facts,
    basic_facts,
    pay_later_facts,
    plan_at,
)

DAY = date(2025, 5, 6)
AMOUNTS = st.integers(0, 3000) | st.integers(0, 6_000_000)
RESIDENT = {
    "insurance": "RESIDENT",
    "tier": "high",
    "enrolment": {"paid_on": date(2024, 10, 1), "late": False, "missed_years": 0},
}
EMPLOYEE = {"insurance": "EMPLOYEE", "retired": False}
CARES = [
    ("jiangmen-seed-caps", "outpatient", RESIDENT),
    ("jiangmen-seed-caps", "outpatient", EMPLOYEE),
    ("jiangmen-pool-2022", "outpatient", EMPLOYEE | {"retired": True}),
    ("jiangmen-pool-2022", "special_disease", EMPLOYEE),
    ("weifang-basic", "outpatient", RESIDENT),
    ("weifang-basic", "outpatient", EMPLOYEE),
    ("qingdao-basic", "inpatient", EMPLOYEE),
    ("qingdao-basic", "outpatient", RESIDENT | {"tier": "first"}),
    ("qingdao-basic", "inpatient", RESIDENT | {"tier": "second"}),
]


@st.composite
def lines(draw: st.DrawFn) -> list[dict[str, Any]]:
    found = []
    for _ in range(draw(st.integers(1, 10))):
        amount = draw(AMOUNTS)
        eligible = draw(st.sampled_from([amount, 0, amount // 2, amount // 3]))
        found.append({"fen": amount, "eligible": eligible, "fee": draw(st.booleans())})
    return found


@st.composite
def bills(draw: st.DrawFn) -> tuple[str, BasicFacts]:
    plan, care, person = draw(st.sampled_from(CARES))
    told = {
        "insured": person,
        "care": care,
        "level": 2,
        "class": draw(st.sampled_from(["class-3", "class-4"])),
        "contracted": True,
        "lines": draw(lines()),
        "used": {period.value: draw(st.integers(0, 25_000_000)) for period in Period},
        "deductible_used": draw(st.sampled_from([0, 1, 4999, 5000, 19_999, 20_000, 90_000])),
    }
    return plan, basic_facts(told, DAY)


def lines_add_up(leg: BasicLeg, facts: BasicFacts) -> bool:
    return total(leg.shares.values(), Currency.CNY) == leg.fund


def never_above_what_is_eligible(leg: BasicLeg, facts: BasicFacts) -> bool:
    eligible = {line.number: line.eligible or fen(0) for line in facts.lines}
    return all(fen(0) <= share <= eligible[number] for number, share in leg.shares.items())


def never_above_a_limit(leg: BasicLeg, facts: BasicFacts, limits: Mapping[Period, Money]) -> bool:
    """Used before and now together stay within every limit that was not exceeded before."""
    return all(
        facts.used[period] + leg.fund <= max(limit, facts.used[period])
        for period, limit in limits.items()
    )


def limits_of(plan: PlanAt, facts: BasicFacts) -> dict[Period, Money]:
    """The limits that are named in the plan, found without the engine's own look-up."""
    found = {}
    for key, rule in plan.rules.items():
        parts = key.split(".")
        if parts[0] != facts.care.value or parts[1] not in [p.value for p in Period]:
            continue
        names = [*facts.insured.groups, facts.disease_class or ""]
        if parts[2] in names and parts[-1] in ("any", "level-2", facts.disease_class):
            assert isinstance(rule.value, int)
            found[Period(parts[1])] = fen(rule.value)
    return found


@hypothesis_given(bills())
def test_the_fund_adds_up_and_stays_within_what_is_eligible_and_every_limit(
    bill: tuple[str, BasicFacts],
) -> None:
    name, facts = bill
    plan = plan_at(name, DAY)
    leg = basic_leg(facts, plan)
    assert not leg.faults
    assert lines_add_up(leg, facts)
    assert never_above_what_is_eligible(leg, facts)
    assert never_above_a_limit(leg, facts, limits_of(plan, facts))
    assert fen(0) <= leg.fund <= leg.computed


@hypothesis_given(bills(), st.randoms(use_true_random=False))
def test_the_order_of_lines_changes_nothing(bill: tuple[str, BasicFacts], shuffle: Any) -> None:
    name, facts = bill
    plan, mixed = plan_at(name, DAY), list(facts.lines)
    shuffle.shuffle(mixed)
    other = basic_leg(facts.model_copy(update={"lines": mixed}), plan)
    leg = basic_leg(facts, plan)
    assert (other.fund, dict(other.shares)) == (leg.fund, dict(leg.shares))
    assert [s.model_dump() for s in other.trace] == [s.model_dump() for s in leg.trace]


@hypothesis_given(bills())
def test_the_same_facts_give_the_same_bytes(bill: tuple[str, BasicFacts]) -> None:
    name, facts = bill
    again = BasicFacts.model_validate_json(facts.model_dump_json())
    first = basic_leg(facts, plan_at(name, DAY)).model_dump_json()
    assert basic_leg(again, plan_at(name, DAY)).model_dump_json() == first


@hypothesis_given(bills(), st.integers(0, 5_000_000), st.data())
def test_raising_a_limit_never_lowers_what_the_fund_pays(
    bill: tuple[str, BasicFacts], more: int, data: st.DataObject
) -> None:
    name, facts = bill
    plan = given.PLANS.find(name)
    assert plan is not None
    keys = [k for k in plan.parameters if ".per_" in k and isinstance(plan_value(plan, k), int)]
    key = data.draw(st.sampled_from(keys))
    raised = given.with_value(plan, key, plan_value(plan, key) + more)
    assert basic_leg(facts, raised.on(DAY)).fund >= basic_leg(facts, plan.on(DAY)).fund


def plan_value(plan: Any, key: str) -> Any:
    return plan.on(DAY).rules[key].value


@hypothesis_given(bills(), st.integers(1, 5_000_000))
def test_more_used_before_never_raises_what_the_fund_pays(
    bill: tuple[str, BasicFacts], more: int
) -> None:
    name, facts = bill
    used = {period: amount + fen(more) for period, amount in facts.used.items()}
    fuller = facts.model_copy(update={"used": used})
    plan = plan_at(name, DAY)
    assert basic_leg(fuller, plan).fund <= basic_leg(facts, plan).fund


@hypothesis_given(bills(), st.integers(1, 6))
def test_bills_that_follow_each_other_never_spend_more_than_the_limit(
    bill: tuple[str, BasicFacts], times: int
) -> None:
    name, facts = bill
    plan, before = plan_at(name, DAY), facts
    for _ in range(times):
        leg = basic_leg(facts, plan)
        update = {"used": leg.used, "deductible_used": leg.deductible_used}
        facts = facts.model_copy(update=update)
    spent = {period: facts.used[period] - before.used[period] for period in facts.used}
    for period, limit in limits_of(plan, before).items():
        assert spent[period] <= max(fen(0), limit - before.used[period])


@hypothesis_given(bills())
def test_undoing_a_bill_restores_every_accumulator(bill: tuple[str, BasicFacts]) -> None:
    name, facts = bill
    leg = basic_leg(facts, plan_at(name, DAY))
    assert {period: used - leg.fund for period, used in leg.used.items()} == facts.used


@hypothesis_given(bills())
def test_what_earlier_funders_took_is_never_paid_again(bill: tuple[str, BasicFacts]) -> None:
    name, facts = bill
    left = {number: fen(amount.amount_minor // 2) for number, amount in facts.left.items()}
    leg = basic_leg(facts.net_of(left), plan_at(name, DAY))
    assert all(share <= left[number] for number, share in leg.shares.items())


LEFT = st.dictionaries(st.integers(1, 30), AMOUNTS.map(fen), min_size=1, max_size=10)


def account_pays_what_it_can(leg: AccountLeg, balance: int, left: Mapping[int, Money]) -> bool:
    due = total(left.values(), Currency.CNY).amount_minor
    conserved = leg.amount + total(leg.left.values(), Currency.CNY) == fen(due)
    by_line = all(left[number] == leg.shares[number] + leg.left[number] for number in left)
    never_owed = leg.balance_after is not None and leg.balance_after >= fen(0)
    restored = leg.balance_after is not None and leg.balance_after + leg.amount == fen(balance)
    return (
        conserved
        and by_line
        and never_owed
        and restored
        and leg.amount == fen(min(balance, due))
        and all(fen(0) <= share for share in leg.shares.values())
    )


@hypothesis_given(LEFT, AMOUNTS)
def test_a_relatives_account_pays_no_more_than_it_holds_and_than_is_owed(
    left: dict[int, Money], balance: int
) -> None:
    told = {"family": {"fen": balance, "approved_on": DAY}}
    leg = family_leg(account_facts(told, DAY), plan_at(ACCOUNT_PLAN, DAY), left)
    assert not leg.faults
    assert account_pays_what_it_can(leg, balance, left)


@hypothesis_given(LEFT, AMOUNTS, st.sampled_from(["other", "parent"]), st.booleans())
def test_a_refused_account_keeps_its_balance(
    left: dict[int, Money], balance: int, relation: str, approved: bool
) -> None:
    told = {"family": {"fen": balance, "relation": relation}}
    if approved:
        told["family"]["approved_on"] = DAY
    leg = family_leg(account_facts(told, DAY), plan_at(ACCOUNT_PLAN, DAY), left)
    if leg.faults:
        assert leg.amount == fen(0) and leg.left == left and leg.balance_after == fen(balance)
    else:
        assert approved and relation == "parent"


def pay_later_carries_all_of_it(leg: PayLaterLeg, payer: Payer, left: Mapping[int, Money]) -> bool:
    whole = total((part.amount for part in leg.parts), Currency.CNY)
    summed = all(total(p.shares.values(), Currency.CNY) == p.amount for p in leg.parts)
    by_line = all(
        total((part.shares[number] for part in leg.parts), Currency.CNY) == amount
        for number, amount in left.items()
    )
    return (
        whole == total(left.values(), Currency.CNY)
        and summed
        and by_line
        and leg.of(Tender.ACCOUNT) <= (payer.account or fen(0))
        and leg.of(Tender.CREDIT) <= (payer.credit_available or fen(0))
        and (payer.bank_card or leg.of(Tender.BANK_CARD) == fen(0))
    )


def credit_pays_the_whole_rest_or_nothing(leg: PayLaterLeg) -> bool:
    """Without cash or card beside it: what credit pays is all that was left for it."""
    rest = leg.of(Tender.BANK_CARD) + leg.of(Tender.CASH)
    return leg.of(Tender.CREDIT) == fen(0) or rest == fen(0)


@hypothesis_given(
    LEFT,
    st.none() | AMOUNTS,
    st.none() | AMOUNTS,
    st.booleans(),
    st.sampled_from(["parent", "sibling"]),
)
def test_pay_after_care_carries_every_fen_and_no_means_beyond_what_it_has(
    left: dict[int, Money],
    account: int | None,
    credit: int | None,
    card: bool,
    relation: str,
) -> None:
    told = {"account": account, "credit": credit, "bank_card": card, "relation": relation}
    facts = pay_later_facts(told, DAY)
    leg = pay_later_leg(facts, plan_at(PAY_LATER_PLAN, DAY), left)
    assert pay_later_carries_all_of_it(leg, facts.payer, left)
    assert credit_pays_the_whole_rest_or_nothing(leg)
    assert (relation == "sibling") == bool(leg.faults)
    if leg.faults:
        assert leg.of(Tender.CASH) == total(left.values(), Currency.CNY)


def instalments_are_equal_but_the_last(parts: list[int], amount: int, count: int) -> bool:
    equal = len(set(parts[:-1])) <= 1 and len(parts) == count
    return equal and sum(parts) == amount and 0 <= parts[-1] - parts[0] < count


@hypothesis_given(st.integers(0, 1_000_000), st.sampled_from([1, 3, 6, 12]))
def test_instalments_add_up_and_only_the_last_differs(amount: int, count: int) -> None:
    assert instalments_are_equal_but_the_last(equal_instalments(amount, count), amount, count)


@hypothesis_given(st.integers(0, 6_000_000), st.decimals("0", "1", places=2))
def test_raising_the_ratio_never_lowers_what_the_fund_pays(eligible: int, ratio: Decimal) -> None:
    plan = given.PLANS.find("jiangmen-pool-2022")
    assert plan is not None
    told = {"insured": EMPLOYEE, "level": 2, "lines": [{"fen": eligible}]}
    facts = basic_facts(told, DAY + timedelta(days=1))
    key = "outpatient.ratio.employee.level-2"
    funds = [
        basic_leg(facts, given.with_value(plan, key, one).on(DAY)).fund
        for one in (ratio, min(Decimal(1), ratio + Decimal("0.01")))
    ]
    assert funds[0] <= funds[1]
