"""Promises of insurers' legs for any bill: sums, limits, counters, order, and dual cover."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, NamedTuple

import pytest
from hypothesis import assume, settings
from hypothesis import given as hypothesis_given
from hypothesis import strategies as st

from crossclaim.domain.accumulators import Accumulators, paid_ever, paid_in
from crossclaim.domain.allocation import BillFacts
from crossclaim.domain.cover import Cover
from crossclaim.domain.dual_cover import InsurersLegs, confirmed_as, insurers_legs
from crossclaim.domain.insurer_leg import InsurerLeg
from crossclaim.domain.money import Currency, Money, fen, hk_cents, total
from crossclaim.domain.plan import PlanSet
from crossclaim.domain.reimbursement import Reimbursement, pay_out, reimburse
from tests.rules import insurer_facts as given

DAY = date(2026, 4, 14)
SINCE = date(2023, 1, 1)
YEAR = 4
HOSPITAL = ["room", "surgeon", "theatre", "miscellaneous", "drug", "imaging", "cancer_treatment"]
VISIT = ["specialist", "consultation", "drug", "laboratory", "long_term_physiotherapy", "goods"]
AMOUNTS = st.integers(0, 3_000) | st.integers(0, 200_000) | st.integers(0, 90_000_000)
RATES = st.integers(5000, 15000).map(lambda n: f"{n // 10000}.{n % 10000:04d}")
LIMITS = {
    "gba-network-hk": (
        "annual_limit",
        "lifetime_limit",
        "benefits.cancer_treatment.lifetime_limit",
    ),
    "hospital-scale-hk": ("annual_limit", "benefits.stay.limit"),
    "outpatient-visits-hk": (
        "annual_limit",
        "benefits.specialist.per_visit",
        "benefits.diagnostics.limit",
    ),
}


class Case(NamedTuple):
    facts: BillFacts
    cover: Cover


@st.composite
def lines(draw: st.DrawFn, categories: list[str]) -> list[dict[str, Any]]:
    names = draw(st.lists(st.sampled_from(categories), min_size=1, max_size=8))
    return [
        {
            "category": name,
            "fen": draw(AMOUNTS),
            "day": DAY + timedelta(days=draw(st.integers(0, 2))),
            "quantity": draw(st.integers(1, 4)),
        }
        for name in names
    ]


@st.composite
def covers(draw: st.DrawFn, plan: str, **more: Any) -> Cover:
    rate = draw(RATES)
    days = {DAY + timedelta(days=n): draw(RATES) for n in range(3)}
    used = {
        paid_in(YEAR): draw(st.sampled_from([0, 1, 2_999_999, 41_999_999, 99_999_999])),
        paid_ever(): draw(st.sampled_from([0, 299_999_999, 300_000_000])),
        "year.4.specialist.visits": draw(st.sampled_from([0, 28, 29, 30])),
        "year.4.diagnostics.paid": draw(st.sampled_from([0, 1, 499_999, 500_000])),
        "stay.V-1.stay.paid": draw(st.sampled_from([0, 1, 4_799_999])),
    }
    asked = {
        "plan": plan,
        "since": SINCE + timedelta(days=365 * draw(st.integers(0, 3))),
        "accident": draw(st.booleans()),
        "pre_existing": draw(st.booleans()),
        "guarantee_c": draw(st.none() | st.integers(0, 60_000_000)),
        "used": used,
        "rates": {"quote": rate, "payout": rate, "days": days},
    }
    return given.cover(asked | more, DAY)


@st.composite
def direct(draw: st.DrawFn) -> Case:
    plan = draw(st.sampled_from(["gba-network-hk", "hospital-scale-hk"]))
    hospital = draw(st.sampled_from([given.HOSPITAL, "jiangmen-central"]))
    asked = {"nights": 3, "hospital": hospital, "lines": draw(lines(HOSPITAL))}
    return Case(given.bill(asked, DAY), draw(covers(plan)))


@st.composite
def claims(draw: st.DrawFn) -> tuple[list[BillFacts], Cover]:
    bills = [
        given.bill({"number": f"B-{n}", "visit": f"V-{n}", "lines": draw(lines(VISIT))}, DAY)
        for n in range(draw(st.integers(1, 4)))
    ]
    return bills, draw(covers("outpatient-visits-hk", claiming="reimbursement"))


@st.composite
def two(draw: st.DrawFn) -> tuple[BillFacts, list[Cover]]:
    facts = given.bill({"nights": 3, "lines": draw(lines(HOSPITAL))}, DAY)
    ranks = draw(st.permutations([1, 2]))
    names = ("gba-network-hk", "hospital-scale-hk")
    both = [
        draw(covers(name, rank=rank, organisation=name, used={}))
        for name, rank in zip(names, ranks, strict=True)
    ]
    return facts, both


def legs_of(facts: BillFacts, both: list[Cover], plans: PlanSet | None = None) -> InsurersLegs:
    return insurers_legs(facts, both, plans or given.plans(None), given.left(facts))


def leg_of(case: Case, plans: PlanSet | None = None) -> InsurerLeg:
    return legs_of(case.facts, [case.cover], plans).parts[0].leg


def in_its_lines(leg: InsurerLeg, facts: BillFacts) -> bool:
    """Both parts lie on the lines to the fen, none below zero or above its line."""
    amounts = {line.number: line.amount for line in facts.bill.lines}
    zero = fen(0)
    return (
        total(leg.shares.values(), Currency.CNY) == leg.direct
        and total(leg.later_shares.values(), Currency.CNY) == leg.later
        and all(zero <= leg.carried(line) <= amount for line, amount in amounts.items())
        and all(part >= 0 for part in (leg.direct.amount_minor, leg.later.amount_minor))
    )


def in_its_limits(after: Accumulators, before: Accumulators, plan: str) -> bool:
    """No counter of money passes its limit, unless it stood above it before."""
    found = given.plans(None).find(plan)
    assert found is not None
    at = found.on(DAY)
    stands = {"annual_limit": paid_in(YEAR), "lifetime_limit": paid_ever()}
    return all(
        after.of(counter) <= max(at.amount(key).amount_minor, before.of(counter))
        for key, counter in stands.items()
        if at.find(key)
    )


@settings(max_examples=150, deadline=None)
@hypothesis_given(direct())
def test_a_direct_leg_lies_on_its_lines_and_stays_in_its_limits(case: Case) -> None:
    leg, before = leg_of(case), case.cover.counters()
    assert not leg.faults
    assert in_its_lines(leg, case.facts)
    if case.cover.since is not None and case.cover.year_on(DAY) == YEAR:
        assert in_its_limits(leg.after, before, case.cover.plan)
    guarantee = case.cover.guarantee_limit
    assert guarantee is None or leg.direct_benefit <= guarantee
    assert leg.after == before.plus(leg.use)
    assert leg.after.minus(leg.use) == before


@settings(max_examples=80, deadline=None)
@hypothesis_given(direct(), st.randoms(use_true_random=False))
def test_the_order_of_lines_changes_nothing(case: Case, random: Any) -> None:
    shuffled = list(case.facts.bill.lines)
    random.shuffle(shuffled)
    bill = case.facts.bill.model_copy(update={"lines": shuffled})
    other = Case(case.facts.model_copy(update={"bill": bill}), case.cover)
    assert leg_of(other) == leg_of(case)


@settings(max_examples=120, deadline=None)
@hypothesis_given(direct(), st.data())
def test_raising_a_limit_never_lowers_what_the_insurer_pays(case: Case, data: Any) -> None:
    key = data.draw(st.sampled_from(LIMITS[case.cover.plan]))
    low, more = data.draw(st.integers(0, 5_000_000)), data.draw(st.integers(0, 5_000_000))
    first = leg_of(case, given.plans({case.cover.plan: {key: low}}))
    second = leg_of(case, given.plans({case.cover.plan: {key: low + more}}))
    assert first.whole <= second.whole
    assert first.direct_benefit <= second.direct_benefit


@settings(max_examples=60, deadline=None)
@hypothesis_given(direct(), st.integers(0, 5_000_000))
def test_raising_a_guarantee_never_lowers_what_the_hospital_gets(case: Case, more: int) -> None:
    limit = case.cover.guarantee_limit
    assume(limit is not None)
    assert limit is not None
    raised = case.cover.model_copy(update={"guarantee_limit": limit + hk_cents(more)})
    first, second = leg_of(case), leg_of(Case(case.facts, raised))
    assert first.direct <= second.direct
    assert first.whole == second.whole


def whole_claim(bills: list[BillFacts], cover: Cover) -> Reimbursement:
    plan = given.plans(None).find("outpatient-visits-hk")
    assert plan is not None
    return reimburse(bills, plan, cover)


@settings(max_examples=100, deadline=None)
@hypothesis_given(claims())
def test_a_claim_is_paid_to_the_fen_and_never_above_the_eligible_charges(
    claim: tuple[list[BillFacts], Cover],
) -> None:
    bills, cover = claim
    found = whole_claim(bills, cover)
    assert not found.faults
    plan = given.plans(None).find("outpatient-visits-hk")
    assert plan is not None
    paid = pay_out(found, plan.on(DAY), cover.rates)
    assert fen(0) <= paid.amount <= found.eligible
    assert total(paid.by_bill.values(), Currency.CNY) == paid.amount
    assert paid.amount + paid.kept_by_patient == total((b.bill.total for b in bills), Currency.CNY)
    assert all(paid.by_bill[one.bill] <= one.eligible for one in found.bills)
    assert all(one.benefit.amount_minor >= 0 for one in found.bills)
    if cover.year_on(DAY) == YEAR:
        assert in_its_limits(found.after, cover.counters(), "outpatient-visits-hk")


@settings(max_examples=60, deadline=None)
@hypothesis_given(claims(), st.integers(0, 4))
def test_a_claim_cut_in_two_uses_and_pays_the_same(
    claim: tuple[list[BillFacts], Cover], cut: int
) -> None:
    bills, cover = claim
    whole, first = whole_claim(bills, cover), whole_claim(bills[:cut], cover)
    second = whole_claim(bills[cut:], cover.model_copy(update={"used": first.after}))
    assert whole.after == second.after
    assert whole.benefit == first.benefit + second.benefit
    assert whole.bills == [*first.bills, *second.bills]


@settings(max_examples=60, deadline=None)
@hypothesis_given(claims())
def test_two_claims_that_each_count_from_the_same_start_would_pass_the_limit(
    claim: tuple[list[BillFacts], Cover],
) -> None:
    """Counters in and out are what keeps the limit: with them the sum never passes it."""
    bills, cover = claim
    once = whole_claim(bills, cover)
    again = whole_claim(bills, cover.model_copy(update={"used": once.after}))
    if cover.year_on(DAY) == YEAR:
        assert in_its_limits(again.after, cover.counters(), "outpatient-visits-hk")


@settings(max_examples=80, deadline=None)
@hypothesis_given(claims(), st.data())
def test_raising_a_limit_of_one_visits_bill_never_lowers_it(
    claim: tuple[list[BillFacts], Cover], data: Any
) -> None:
    bills, cover = claim[0][:1], claim[1]
    key = data.draw(st.sampled_from(LIMITS["outpatient-visits-hk"]))
    low, more = data.draw(st.integers(0, 500_000)), data.draw(st.integers(0, 500_000))

    def paid(limit: int) -> Money:
        plan = given.plans({"outpatient-visits-hk": {key: limit}}).find("outpatient-visits-hk")
        assert plan is not None
        found = reimburse(bills, plan, cover)
        return pay_out(found, plan.on(DAY), cover.rates).amount

    assert paid(low) <= paid(low + more)


def never_above_cost(found: InsurersLegs, facts: BillFacts) -> bool:
    carried = total((part.leg.whole for part in found.parts), Currency.CNY)
    rest = total(found.left.values(), Currency.CNY)
    lines = {line.number: line.amount for line in facts.bill.lines}
    by_line = all(
        total((part.leg.carried(n) for part in found.parts), Currency.CNY) + found.left[n] == amount
        for n, amount in lines.items()
    )
    return (
        carried + rest == facts.bill.total
        and by_line
        and all(left >= fen(0) for left in found.left.values())
    )


@settings(max_examples=150, deadline=None)
@hypothesis_given(two())
def test_two_insurers_and_the_patient_carry_the_bill_and_never_more(
    case: tuple[BillFacts, list[Cover]],
) -> None:
    facts, both = case
    found = legs_of(facts, both)
    assert not found.faults
    assert never_above_cost(found, facts)
    assert all(in_its_lines(part.leg, facts) for part in found.parts)
    first = sorted(both, key=lambda one: one.rank or 0)[0]
    alone = legs_of(facts, [first]).parts[0].leg
    assert found.parts[0].leg == alone


@settings(max_examples=80, deadline=None)
@hypothesis_given(two())
def test_confirming_a_forecast_changes_no_amount_and_locks_it(
    case: tuple[BillFacts, list[Cover]],
) -> None:
    facts, both = case
    found = legs_of(facts, both)
    first, second = sorted(both, key=lambda one: one.rank or 0)
    locked = first.model_copy(update={"confirmed": confirmed_as(found.parts[0].leg)})
    again = legs_of(facts, [locked, second])
    assert [part.leg.direct for part in again.parts] == [part.leg.direct for part in found.parts]
    assert [part.leg.later for part in again.parts] == [part.leg.later for part in found.parts]
    assert never_above_cost(again, facts)
    assert again.parts[0].leg.use == found.parts[0].leg.use


@settings(max_examples=80, deadline=None)
@hypothesis_given(two(), st.integers(0, 6_000_000))
def test_whatever_the_first_confirms_is_locked_and_the_rest_is_never_above_cost(
    case: tuple[BillFacts, list[Cover]], paid: int
) -> None:
    facts, both = case
    first, second = sorted(both, key=lambda one: one.rank or 0)
    confirmed = given.as_confirmed({"c": paid, "fen": paid})
    found = legs_of(facts, [first.model_copy(update={"confirmed": confirmed}), second])
    if paid > facts.bill.total.amount_minor:
        assert [one.code for one in found.faults] == ["CONFIRMED_ABOVE_COST"]
    else:
        assert found.parts[0].leg.whole == fen(paid)
        assert never_above_cost(found, facts)


def test_undoing_what_was_never_used_is_refused() -> None:
    with pytest.raises(ValueError, match="below zero"):
        Accumulators(used={"year.1.paid": 5}).minus({"year.1.paid": 6})


def test_counters_survive_storage_as_json() -> None:
    stored = Accumulators(used={"year.1.paid": 5, "lifetime.paid": 0}, only=("year.1.paid",))
    again = Accumulators.model_validate_json(stored.model_dump_json())
    assert again == stored
    assert again.used == {"year.1.paid": 5}
    assert not again.stated("lifetime.paid")
