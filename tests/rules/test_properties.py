"""Promises that hold for any bill: conservation, limits, and the same bytes for the same facts.

Each promise is a function of a result; the naive twins of ``test_naive_twins.py`` break it.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from hypothesis import given as hypothesis_given
from hypothesis import settings
from hypothesis import strategies as st

from crossclaim.domain.allocate import allocate, reconcile_with_decision
from crossclaim.domain.allocation import AllocationResult, BillFacts
from crossclaim.domain.money import Currency, fen, hk_cents, total
from crossclaim.domain.submission import FunderKind, SurgeryClass
from tests.rules import facts as given
from tests.rules.test_scenarios import answer, conserved

DAY = date(2026, 3, 11)
OUTPATIENT = ["consultation", "examination", "laboratory", "treatment", "drug"]
INPATIENT = [
    "room",
    "attending_doctor",
    "surgeon",
    "anaesthetist",
    "theatre",
    "miscellaneous",
    "drug",
    "imaging",
    "intensive_care",
    "specialist",
    "special_drug",
    "cross_border_ambulance",
    "goods",
]
AMOUNTS = st.integers(0, 400_000) | st.integers(0, 90_000_000)
RATES = st.integers(5000, 15000).map(lambda n: f"{n // 10000}.{n % 10000:04d}")


@st.composite
def lines(draw: st.DrawFn, categories: list[str]) -> list[dict[str, Any]]:
    wire = []
    for number in range(1, draw(st.integers(1, 12)) + 1):
        category = draw(st.sampled_from(categories))
        more: dict[str, Any] = {"quantity": draw(st.integers(1, 10))}
        if category == "surgeon":
            more["surgery_class"] = draw(st.sampled_from(list(SurgeryClass))).value
        on = DAY + timedelta(days=draw(st.integers(0, 2)))
        wire.append(given.line(number, category, draw(AMOUNTS), on, **more))
    return wire


@st.composite
def voucher_bills(draw: st.DrawFn) -> BillFacts:
    balance = draw(st.integers(0, 8000)) * 100
    facts = given.served_on(given.voucher_facts(balance, draw(RATES)), DAY)
    service = given.line(99, "consultation", draw(st.integers(1, 50_000)), DAY)
    wire = [*draw(lines(OUTPATIENT)), service]
    return given.served_on(given.with_lines(facts, wire), DAY)


@st.composite
def inpatient_bills(draw: st.DrawFn) -> BillFacts:
    limit = draw(st.none() | st.integers(0, 60_000_000))
    facts = given.with_lines(given.inpatient_facts(limit), draw(lines(INPATIENT)))
    return facts.model_copy(
        update={
            "insurer_rate": given.rate(draw(RATES)),
            "deductible_used": hk_cents(draw(st.sampled_from([0, 1, 799_999, 800_000]))),
            "annual_benefit_used": hk_cents(draw(st.integers(0, 42_000_000))),
        }
    )


def never_negative_never_above(result: AllocationResult, facts: BillFacts) -> bool:
    amounts = {one.number: one.amount for one in facts.bill.lines}
    return all(fen(0) <= share.amount <= amounts[share.line] for share in result.shares)


def voucher_never_above_balance_or_bill(result: AllocationResult, facts: BillFacts) -> bool:
    leg, balance, rate = result.totals[0], facts.voucher_balance, facts.voucher_rate
    assert balance is not None and rate is not None and leg.in_funder_currency is not None
    dollars = leg.in_funder_currency
    worth = min(rate.to_fen(dollars), facts.bill.total)
    return dollars <= balance and leg.amount <= facts.bill.total and leg.amount == worth


def insurer_never_above_its_limits(result: AllocationResult, facts: BillFacts) -> bool:
    """Neither annual limit, nor guarantee, nor what the eligible lines cost."""
    direct = result.totals[0].in_funder_currency or hk_cents(0)
    later = result.later_reimbursement
    whole = direct + (later.in_funder_currency or hk_cents(0) if later else hk_cents(0))
    used = facts.annual_benefit_used or hk_cents(0)
    guarantee = facts.guarantee_limit or hk_cents(0)
    eligible = total(
        (
            one.amount
            for one in facts.bill.lines
            if one.category.value not in ("special_drug", "cross_border_ambulance", "goods")
        ),
        Currency.CNY,
    )
    paid = result.totals[0].amount + (later.amount if later else fen(0))
    return direct <= guarantee and whole + used <= hk_cents(42_000_000) and paid <= eligible


@settings(max_examples=150, deadline=None)
@hypothesis_given(voucher_bills())
def test_a_voucher_bill_conserves_every_fen_and_stays_in_its_limits(facts: BillFacts) -> None:
    result = allocate(facts, given.PLANS)
    assert not result.faults
    assert conserved(result, facts)
    assert never_negative_never_above(result, facts)
    assert voucher_never_above_balance_or_bill(result, facts)


@settings(max_examples=200, deadline=None)
@hypothesis_given(inpatient_bills())
def test_an_inpatient_bill_conserves_every_fen_and_stays_in_its_limits(facts: BillFacts) -> None:
    result = allocate(facts, given.PLANS)
    assert not result.faults
    assert conserved(result, facts)
    assert never_negative_never_above(result, facts)
    assert insurer_never_above_its_limits(result, facts)


@settings(max_examples=60, deadline=None)
@hypothesis_given(inpatient_bills() | voucher_bills())
def test_the_same_facts_give_the_same_bytes(facts: BillFacts) -> None:
    again = BillFacts.model_validate_json(facts.model_dump_json())
    first = allocate(facts, given.PLANS).model_dump_json()
    assert allocate(again, given.PLANS).model_dump_json() == first


@settings(max_examples=60, deadline=None)
@hypothesis_given(inpatient_bills(), st.randoms(use_true_random=False))
def test_the_order_of_lines_does_not_change_what_each_funder_pays(
    facts: BillFacts, random: Any
) -> None:
    shuffled = list(facts.bill.lines)
    random.shuffle(shuffled)
    other = facts.model_copy(update={"bill": facts.bill.model_copy(update={"lines": shuffled})})
    first, second = allocate(facts, given.PLANS), allocate(other, given.PLANS)
    assert first.totals == second.totals
    assert first.shares == second.shares


@settings(max_examples=100, deadline=None)
@hypothesis_given(inpatient_bills(), st.integers(0, 60_000_000), st.booleans())
def test_any_decision_conserves_every_fen_and_binds(
    facts: BillFacts, benefit: int, by_line: bool
) -> None:
    forecast = allocate(facts, given.PLANS)
    cents = [benefit // (n + 1) for n, _ in enumerate(facts.bill.lines)] if by_line else []
    settled = reconcile_with_decision(forecast, answer(benefit, *cents))
    assert conserved(settled.result, facts)
    assert never_negative_never_above(settled.result, facts)
    later = settled.result.later_reimbursement
    parts = [settled.result.totals[0].in_funder_currency, later and later.in_funder_currency]
    stated = sum(part.amount_minor for part in parts if part)
    assert stated == benefit or settled.result.of(FunderKind.PATIENT) == fen(0)


@settings(max_examples=100, deadline=None)
@hypothesis_given(inpatient_bills())
def test_a_decision_of_exactly_the_forecast_changes_no_total(facts: BillFacts) -> None:
    forecast = allocate(facts, given.PLANS)
    later = forecast.later_reimbursement
    parts = [forecast.totals[0].in_funder_currency, later and later.in_funder_currency]
    benefit = sum(part.amount_minor for part in parts if part)
    settled = reconcile_with_decision(forecast, answer(benefit))
    assert not settled.differs
    assert settled.result.totals == forecast.totals
    assert settled.result.later_reimbursement == later
