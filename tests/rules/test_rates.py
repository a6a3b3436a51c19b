"""``fx_basis`` of a plan says whose day's rate converts; a rate that nobody gave is asked for."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from crossclaim.domain.cover import months_after, policy_year
from crossclaim.domain.dual_cover import insurers_legs
from crossclaim.domain.insurer_leg import InsurerLeg
from crossclaim.domain.money import fen, hk_cents
from crossclaim.domain.plan import FxBasis, Plan, PlanSet
from crossclaim.domain.rates import RateMissing, Rates, benefit_rate, charge_rate
from crossclaim.domain.reimbursement import BillBenefit, Reimbursement, pay_out
from tests.rules import insurer_facts as given

DAY = date(2026, 4, 14)
ALL = {"quote": "0.9100", "approval": "0.9200", "payout": "0.9300", "days": {DAY: "0.9400"}}
RATE = {
    FxBasis.QUOTE: "0.9100",
    FxBasis.APPROVAL: "0.9200",
    FxBasis.PAYOUT_DATE: "0.9300",
    FxBasis.SERVICE_DATE: "0.9400",
}


def plan_on(basis: FxBasis, name: str = "hospital-scale-hk") -> Plan:
    plan = given.plans(None).find(name)
    assert plan is not None
    return plan.model_copy(update={"fx_basis": basis})


def leg(plan: Plan, rates: given.Case) -> InsurerLeg:
    asked = {"plan": plan.id, "since": date(2020, 1, 1), "pre_existing": False, "used": {}}
    cover = given.cover(asked | {"guarantee_c": 9000000, "rates": rates}, DAY)
    facts = given.bill({"nights": 2, "lines": {"room": 100000}}, DAY)
    found = insurers_legs(facts, [cover], PlanSet(plans=(plan,)), given.left(facts))
    return found.parts[0].leg


@pytest.mark.parametrize("basis", list(FxBasis))
def test_the_basis_of_the_plan_picks_the_rate_of_charge_and_benefit(basis: FxBasis) -> None:
    at, rates = plan_on(basis).on(DAY), given.rates(ALL, DAY)
    assert str(charge_rate(at, rates, DAY).rate.cny_per_hkd) == RATE[basis]
    assert str(benefit_rate(at, rates).rate.cny_per_hkd) == RATE[basis]
    found = leg(plan_on(basis), ALL)
    assert found.rate is not None and str(found.rate.cny_per_hkd) == RATE[basis]
    assert found.direct == fen(100000)
    step = next(s for s in found.trace if s.rule.endswith(":fx_basis"))
    assert step.inputs["fx_basis"] == basis.value
    assert step.inputs["rate"] == RATE[basis]
    assert step.inputs["rate_source"] == "central parity"
    assert not step.assumption


def test_each_basis_gives_its_own_benefit_of_the_same_charge() -> None:
    cents = {basis: leg(plan_on(basis), ALL).direct_benefit for basis in FxBasis}
    assert cents == {
        FxBasis.QUOTE: hk_cents(109890),
        FxBasis.SERVICE_DATE: hk_cents(106383),
        FxBasis.PAYOUT_DATE: hk_cents(107527),
        FxBasis.APPROVAL: hk_cents(108696),
    }


@pytest.mark.parametrize("basis", [FxBasis.APPROVAL, FxBasis.PAYOUT_DATE])
def test_before_approval_or_payout_the_quote_is_a_forecast_and_marked(basis: FxBasis) -> None:
    found = leg(plan_on(basis), {"quote": "0.9100"})
    assert not found.faults
    step = next(s for s in found.trace if s.rule.endswith(":fx_basis"))
    assert step.assumption and step.inputs["rate"] == "0.9100"
    line = next(s for s in found.trace if s.inputs.get("line") == "1")
    assert line.assumption and line.inputs["rate_forecast_of"] == basis.value


@pytest.mark.parametrize("basis", list(FxBasis))
def test_no_rate_at_all_is_a_question_never_a_default(basis: FxBasis) -> None:
    assert {one.code for one in leg(plan_on(basis), {}).faults} == {"RATE_NOT_STATED"}


def test_lines_of_two_days_are_converted_each_at_its_own_day() -> None:
    plan = plan_on(FxBasis.SERVICE_DATE)
    next_day = DAY + timedelta(days=1)
    asked = {"plan": plan.id, "since": date(2020, 1, 1), "pre_existing": False, "used": {}}
    rates = {"days": {DAY: "0.9000", next_day: "0.8000"}}
    cover = given.cover(asked | {"guarantee_c": 9000000, "rates": rates}, DAY)
    lines = [
        {"category": "room", "fen": 90000},
        {"category": "drug", "fen": 80000, "day": next_day},
    ]
    facts = given.bill({"nights": 2, "lines": lines}, DAY)
    found = insurers_legs(facts, [cover], PlanSet(plans=(plan,)), given.left(facts)).parts[0].leg
    assert found.direct_benefit == hk_cents(200000)
    assert found.direct == fen(170000)


def approved(cents: int, eligible: int) -> Reimbursement:
    bill = BillBenefit(
        bill="B-1",
        claimed=fen(eligible),
        eligible=fen(eligible),
        benefit=hk_cents(cents),
        forecast=fen(eligible),
        reasons=[],
    )
    empty = given.Accumulators()
    return Reimbursement(
        bills=[bill],
        benefit=bill.benefit,
        eligible=bill.eligible,
        after=empty,
        trace=[],
        faults=[],
    )


def test_a_rate_locked_at_approval_gives_e7s_1311046_fen() -> None:
    at, rates = plan_on(FxBasis.APPROVAL).on(DAY), given.rates({"approval": "0.9155"}, DAY)
    paid = pay_out(approved(1432055, 2000000), at, rates)
    assert paid.amount == fen(1311046)
    assert paid.drift == fen(1311046 - 2000000)


@pytest.mark.parametrize("basis", [FxBasis.QUOTE, FxBasis.APPROVAL, FxBasis.PAYOUT_DATE])
def test_a_payout_without_its_rate_is_never_made_at_another(basis: FxBasis) -> None:
    others = {name: rate for name, rate in ALL.items() if name != basis.value.split("_")[0]}
    with pytest.raises(RateMissing):
        pay_out(approved(1, 1), plan_on(basis).on(DAY), given.rates(others, DAY))


def test_rates_of_days_are_found_by_their_day_only() -> None:
    rates = given.rates({"days": {DAY: "0.9"}}, DAY)
    assert rates.of(FxBasis.SERVICE_DATE, DAY) is not None
    assert rates.of(FxBasis.SERVICE_DATE, DAY + timedelta(days=1)) is None
    assert Rates.model_validate_json(rates.model_dump_json()) == rates


@pytest.mark.parametrize(
    ("since", "day", "year"),
    [
        (date(2024, 3, 1), date(2024, 2, 29), 0),
        (date(2024, 3, 1), date(2024, 3, 1), 1),
        (date(2024, 3, 1), date(2025, 2, 28), 1),
        (date(2024, 3, 1), date(2025, 3, 1), 2),
        (date(2024, 3, 1), date(2025, 3, 2), 2),
        (date(2024, 2, 29), date(2025, 2, 28), 1),
        (date(2024, 2, 29), date(2025, 3, 1), 2),
        (date(2024, 2, 29), date(2028, 2, 28), 4),
        (date(2024, 2, 29), date(2028, 2, 29), 5),
    ],
)
def test_a_policy_year_begins_on_its_anniversary(since: date, day: date, year: int) -> None:
    assert policy_year(since, day) == year


@pytest.mark.parametrize(
    ("day", "months", "after"),
    [
        (date(2025, 3, 10), 5, date(2025, 8, 10)),
        (date(2025, 8, 31), 1, date(2025, 9, 30)),
        (date(2025, 12, 31), 2, date(2026, 2, 28)),
        (date(2027, 12, 31), 2, date(2028, 2, 29)),
        (date(2025, 11, 30), 1, date(2025, 12, 30)),
        (date(2025, 12, 1), 12, date(2026, 12, 1)),
    ],
)
def test_months_end_on_the_last_day_of_a_shorter_month(day: date, months: int, after: date) -> None:
    assert months_after(day, months) == after
