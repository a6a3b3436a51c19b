"""Allotments, limit, reward and optometry of a voucher account, by the scheme's dated plan."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given as hypothesis_given
from hypothesis import settings
from hypothesis import strategies as st

from crossclaim.domain.money import hk_cents
from crossclaim.domain.plan import Plan, RuleMissing, RuleUnknown
from crossclaim.domain.voucher_account import (
    Reward,
    Spending,
    allotments,
    optometry_left,
    reward_of_year,
    with_reward,
)
from tests.rules import facts as given
from tests.rules.test_tables import Case, cases


def scheme() -> Plan:
    plan = given.PLANS.find(given.VOUCHER_PLAN)
    assert plan is not None
    return plan


def reward(dollars: int) -> Reward:
    day = date(2026, 6, 30)
    return Reward(amount=hk_cents(dollars * 100), reached_on=day, usable_until=day)


def found_by(asked: Case) -> Case:
    at = scheme().on(date(2026, 6, 30))
    if "upto" in asked:
        balance = hk_cents(asked["balance"] * 100)
        listed = allotments(scheme(), asked["born"], balance, asked["after"], asked["upto"])
        parts = ([one.on, one.added, one.lost, one.balance] for one in listed)
        return {"allotments": [[on, *(m.amount_minor // 100 for m in rest)] for on, *rest in parts]}
    if "spent" in asked:
        spent = [Spending(on=on, dollars=d, designated=yes) for on, d, yes in asked["spent"]]
        given_for = reward_of_year(scheme(), spent, asked["year"])
        if given_for is None:
            return {"reward": None}
        dollars = given_for.amount.amount_minor // 100
        return {"reward": [dollars, given_for.reached_on, given_for.usable_until]}
    if "optometry_spent" in asked:
        left = optometry_left(at, [hk_cents(d * 100) for d in asked["optometry_spent"]])
        assert left.amount_minor % 100 == 0
        return {"optometry_left": left.amount_minor // 100}
    try:
        raised = with_reward(hk_cents(asked["balance"] * 100), reward(asked["add_reward"]), at)
    except RuleUnknown as unknown:
        return {"unknown": unknown.rule.partition(":")[2]}
    return {"balance": raised.amount_minor // 100}


@pytest.mark.parametrize("case", cases("voucher-account.yaml"))
def test_an_account_follows_the_schemes_dated_rules(case: Case) -> None:
    assert found_by(case["input"]) == case["output"]


@pytest.mark.parametrize(("counts", "wanted"), [(True, 800000), (False, 810000)])
def test_once_somebody_states_it_a_reward_counts_to_the_limit_or_does_not(
    counts: bool, wanted: int
) -> None:
    plan = given.with_value(scheme(), "reward.within_accumulation_limit", counts)
    at = plan.on(date(2026, 6, 30))
    assert with_reward(hk_cents(760000), reward(500), at) == hk_cents(wanted)


def test_a_reward_within_the_limit_never_takes_away_what_stood_above_it() -> None:
    plan = given.with_value(scheme(), "reward.within_accumulation_limit", True)
    at = plan.on(date(2026, 6, 30))
    assert with_reward(hk_cents(850000), reward(500), at) == hk_cents(850000)


def test_a_void_that_falls_under_the_minimum_takes_the_reward_with_it() -> None:
    spent = [Spending(on=date(2025, 10, 14), dollars=1405, designated=True)]
    assert reward_of_year(scheme(), spent, 2025) is not None
    assert reward_of_year(scheme(), spent[:0], 2025) is None


@settings(max_examples=100, deadline=None)
@hypothesis_given(
    st.dates(date(1940, 1, 1), date(1961, 12, 31)),
    st.integers(0, 8000),
    st.dates(date(2020, 1, 1), date(2024, 12, 31)),
    st.integers(0, 2500),
    st.integers(0, 2500),
)
def test_an_account_never_passes_its_limit_and_years_can_be_cut_anywhere(
    born: date, dollars: int, after: date, first: int, second: int
) -> None:
    middle, upto = after + timedelta(first), after + timedelta(first + second)
    balance = hk_cents(dollars * 100)
    whole = list(allotments(scheme(), born, balance, after, upto))
    early = list(allotments(scheme(), born, balance, after, middle))
    between = early[-1].balance if early else balance
    late = list(allotments(scheme(), born, between, middle, upto))
    assert whole == [*early, *late]
    assert len({one.on.year for one in whole}) == len(whole)
    for one in whole:
        assert one.balance <= hk_cents(800000)
        assert one.added + one.lost == one.granted
        assert hk_cents(0) <= one.lost


def test_a_twin_that_adds_and_never_caps_gives_8700() -> None:
    (one,) = allotments(
        scheme(), date(1949, 5, 5), hk_cents(670000), date(2025, 12, 31), date(2026, 1, 1)
    )
    assert hk_cents(670000) + one.granted == hk_cents(870000)
    assert one.balance == hk_cents(800000) and one.lost == hk_cents(70000)


def test_another_day_of_allotment_is_read_as_month_and_day() -> None:
    plan = given.with_value(scheme(), "amounts.allotment_day", "07-15")
    born, after, upto = date(1949, 5, 5), date(2025, 7, 15), date(2026, 7, 15)
    assert [one.on for one in allotments(plan, born, hk_cents(0), after, upto)] == [upto]


@pytest.mark.parametrize(("born", "first"), [("1961-01-01", [2026]), ("1961-01-02", [])])
def test_where_the_birthday_brings_none_the_first_allotment_is_the_next_usual_day(
    born: str, first: list[int]
) -> None:
    plan = given.with_value(scheme(), "amounts.first_allotment", "next_day")
    upto = date(2026, 12, 31)
    found = allotments(plan, date.fromisoformat(born), hk_cents(0), date(2025, 12, 31), upto)
    assert [one.on.year for one in found] == first


def test_a_reward_of_which_no_rule_speaks_goes_to_a_person_above_the_limit() -> None:
    key = "reward.within_accumulation_limit"
    keys = {k: v for k, v in scheme().parameters.items() if k != key}
    at = scheme().model_copy(update={"parameters": keys}).on(date(2026, 6, 30))
    assert with_reward(hk_cents(750000), reward(500), at) == hk_cents(800000)
    with pytest.raises(RuleMissing):
        with_reward(hk_cents(760000), reward(500), at)
