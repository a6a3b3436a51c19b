"""Deliberately naive ways to compute the same figures go red on the same promises and oracles."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import ROUND_HALF_EVEN, Decimal

from crossclaim.domain.basic_facts import Period
from crossclaim.domain.basic_insurance import basic_leg
from crossclaim.domain.credit import due_date, equal_instalments
from crossclaim.domain.family_account import family_leg
from crossclaim.domain.money import fen, half_up
from crossclaim.domain.pay_later import Tender, TenderPart, pay_later_leg
from crossclaim.domain.waiting import months_later
from tests.rules.basic_scene import (
    ACCOUNT_PLAN,
    PAY_LATER_PLAN,
    account_facts,
    basic_facts,
    pay_later_facts,
    plan_at,
)
from tests.rules.test_basic_properties import (
    EMPLOYEE,
    account_pays_what_it_can,
    credit_pays_the_whole_rest_or_nothing,
    instalments_are_equal_but_the_last,
    limits_of,
    lines_add_up,
    never_above_a_limit,
    never_above_what_is_eligible,
    pay_later_carries_all_of_it,
)

DAY = date(2025, 4, 11)
SEED, POOL = "jiangmen-seed-caps", "jiangmen-pool-2022"


def told(*amounts: int, **more: object) -> dict[str, object]:
    return {"insured": EMPLOYEE, "level": 2, "lines": [{"fen": a} for a in amounts], **more}


def test_rounding_the_share_of_each_line_for_itself_pays_other_fen() -> None:
    facts = basic_facts(told(1, 1, 1), DAY)
    leg = basic_leg(facts, plan_at(POOL, DAY))
    assert leg.fund == fen(2) and lines_add_up(leg, facts)
    twin = leg.model_copy(update={"shares": {n: fen(half_up(Decimal("0.6"))) for n in leg.shares}})
    assert not lines_add_up(twin, facts)


def test_half_even_rounding_pays_another_fen_of_the_share() -> None:
    facts = basic_facts(told(6, level=1), DAY)
    exact = 6 * Decimal("0.75")
    assert basic_leg(facts, plan_at(POOL, DAY)).fund == fen(5)
    assert int(exact.quantize(Decimal(1), rounding=ROUND_HALF_EVEN)) == 4


def test_binary_floats_get_the_share_wrong() -> None:
    wrong = [n for n in range(1, 20000) if round(n * 0.7) != half_up(n * Decimal("0.7"))]
    assert wrong
    for eligible in wrong[:20]:
        facts = basic_facts({"insured": EMPLOYEE, "lines": [{"fen": eligible, "fee": True}]} |
                            {"level": 2}, DAY)  # fmt: skip
        expected = fen(half_up(eligible * Decimal("0.70")))
        assert basic_leg(facts, plan_at(POOL, DAY)).fund == expected


def test_the_limit_before_the_ratio_pays_another_figure() -> None:
    used = {"used": {"per_month": 0, "per_year": 0}}
    facts = basic_facts(told(30000, **used), DAY)
    assert basic_leg(facts, plan_at(SEED, DAY)).fund == fen(2500)
    assert half_up(min(30000, 2500) * Decimal("0.6")) == 1500


def test_forgetting_what_was_used_before_breaks_the_promise_of_limits() -> None:
    used = {"used": {"per_month": 1000, "per_year": 1000}}
    facts, plan = basic_facts(told(30000, **used), DAY), plan_at(SEED, DAY)
    limits = limits_of(plan, facts)
    assert limits == {Period.MONTH: fen(2500), Period.YEAR: fen(30000)}
    leg = basic_leg(facts, plan)
    assert never_above_a_limit(leg, facts, limits)
    fresh = {period: fen(0) for period in facts.used}
    twin = basic_leg(facts.model_copy(update={"used": fresh}), plan)
    assert not never_above_a_limit(twin, facts, limits)


def test_looking_at_the_month_only_breaks_the_limit_of_the_year() -> None:
    used = {"used": {"per_month": 0, "per_year": 29000}}
    facts, plan = basic_facts(told(30000, **used), DAY), plan_at(SEED, DAY)
    leg = basic_leg(facts, plan)
    twin = leg.model_copy(update={"fund": fen(2500)})
    assert never_above_a_limit(leg, facts, limits_of(plan, facts))
    assert not never_above_a_limit(twin, facts, limits_of(plan, facts))


def test_the_deductible_after_the_ratio_pays_another_figure() -> None:
    facts = basic_facts(told(100000, used={"per_year": 0}, deductible_used=0), DAY)
    assert basic_leg(facts, plan_at("weifang-basic", DAY)).fund == fen(56000)
    assert half_up(100000 * Decimal("0.7")) - 20000 == 50000


def test_the_upper_ratio_on_the_whole_stay_pays_too_much() -> None:
    facts = basic_facts(told(10000000, care="inpatient", level=3, used={"per_year": 0}), DAY)
    assert basic_leg(facts, plan_at("qingdao-basic", DAY)).fund == fen(9071200)
    assert half_up((10000000 - 80000) * Decimal("0.95")) == 9424000


def test_a_share_of_the_whole_charge_pays_for_what_is_outside_the_catalogue() -> None:
    lines = [{"fen": 2000, "eligible": 0}, {"fen": 30000}]
    facts = basic_facts(told() | {"lines": lines}, DAY)
    leg = basic_leg(facts, plan_at(POOL, DAY))
    assert never_above_what_is_eligible(leg, facts)
    twin = leg.model_copy(update={"shares": {1: fen(1200), 2: fen(18000)}})
    assert not never_above_what_is_eligible(twin, facts)


def test_paying_from_a_family_account_past_its_balance_breaks_its_promise() -> None:
    left = {1: fen(1000), 2: fen(1000)}
    facts = account_facts({"family": {"fen": 1500, "approved_on": DAY}}, DAY)
    leg = family_leg(facts, plan_at(ACCOUNT_PLAN, DAY), left)
    assert account_pays_what_it_can(leg, 1500, left)
    nothing = {1: fen(0), 2: fen(0)}
    twin = leg.model_copy(
        update={"amount": fen(2000), "shares": left, "left": nothing, "balance_after": fen(-500)}
    )
    assert not account_pays_what_it_can(twin, 1500, left)


def test_credit_that_pays_a_part_breaks_its_promise() -> None:
    facts = pay_later_facts({"credit": 428000, "bank_card": True}, DAY)
    leg = pay_later_leg(facts, plan_at(PAY_LATER_PLAN, DAY), {1: fen(430000)})
    assert credit_pays_the_whole_rest_or_nothing(leg)
    parts = [
        TenderPart(tender=tender, amount=fen(amount), shares={1: fen(amount)})
        for tender, amount in ((Tender.CREDIT, 428000), (Tender.BANK_CARD, 2000))
    ]
    twin = leg.model_copy(update={"parts": parts})
    assert pay_later_carries_all_of_it(twin, facts.payer, {1: fen(430000)})
    assert not credit_pays_the_whole_rest_or_nothing(twin)


def test_credit_before_the_account_is_another_split() -> None:
    facts = pay_later_facts({"account": 26000, "credit": 500000}, DAY)
    leg = pay_later_leg(facts, plan_at(PAY_LATER_PLAN, DAY), {1: fen(98000)})
    assert (leg.of(Tender.ACCOUNT), leg.of(Tender.CREDIT)) == (fen(26000), fen(72000))
    assert min(98000, 500000) != 72000


def test_rounded_instalments_lose_fen() -> None:
    assert instalments_are_equal_but_the_last(equal_instalments(72500, 6), 72500, 6)
    twin = [half_up(Decimal(72500) / 6)] * 6
    assert not instalments_are_equal_but_the_last(twin, 72500, 6)


def test_the_first_of_next_month_and_of_the_month_after_give_wrong_graces() -> None:
    plan = plan_at(PAY_LATER_PLAN, DAY)
    days = [date(2026, 1, 1) + timedelta(days=n) for n in range(365)]

    def grace(months: int) -> set[int]:
        return {(months_later(day.replace(day=1), months) - day).days for day in days}

    assert min(grace(1)) < 30
    assert max(grace(2)) > 60
    assert all(30 <= (due_date(day, plan) - day).days <= 60 for day in days)


def test_months_counted_as_30_days_end_the_waiting_on_another_day() -> None:
    assert months_later(date(2025, 3, 10), 5) == date(2025, 8, 10)
    assert date(2025, 3, 10) + timedelta(days=150) == date(2025, 8, 7)
