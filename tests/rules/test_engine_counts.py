"""What a decision costs, in calls and never in seconds, and what its shortcuts must keep."""

from __future__ import annotations

import copy
import pickle
import sys
from collections import Counter
from datetime import date, timedelta
from types import FrameType

import pytest
from pydantic import BaseModel

from crossclaim.domain.allocate import allocate
from crossclaim.domain.allocation import AllocationResult, BillFacts, Sentence, TraceStep
from crossclaim.domain.money import Currency, Money, fen, hk_cents, total
from crossclaim.domain.plan import Plan, PlanAt, Rule
from crossclaim.domain.sentences import Reason, sentence
from crossclaim.domain.trace import plain, traced
from tests.rules import facts as given

CALLS_PER_LINE_MAX = 80
"""Measured: 44 for an insurer with its accumulators; it was 147 before plans were dated once."""
DAY = date(2026, 3, 11)
CATEGORIES = ("room", "surgeon", "anaesthetist", "drug", "imaging", "special_drug")


def stay(lines: int) -> BillFacts:
    wire = []
    for number in range(1, lines + 1):
        category = CATEGORIES[number % len(CATEGORIES)]
        more = {"surgery_class": "minor"} if category == "surgeon" else {}
        wire.append(given.line(number, category, 1000 * number, DAY, **more))
    return given.with_lines(given.inpatient_facts(), wire)


def calls(facts: BillFacts) -> Counter[str]:
    """Python functions entered while a bill is decided, by name."""
    found: Counter[str] = Counter()

    def count(frame: FrameType, event: str, _: object) -> None:
        if event == "call":
            found[frame.f_code.co_name] += 1

    sys.setprofile(count)
    try:
        result = allocate(facts, given.PLANS)
    finally:
        sys.setprofile(None)
    assert not result.faults
    return found


def test_a_line_more_costs_few_calls_more() -> None:
    calls(stay(60))
    few, many = calls(stay(30)), calls(stay(60))
    assert (many.total() - few.total()) / 30 <= CALLS_PER_LINE_MAX


def test_the_values_in_force_are_worked_out_once_for_days_alike() -> None:
    facts = stay(3)
    allocate(facts, given.PLANS)
    later = facts.model_copy(update={"admitted_on": DAY + timedelta(days=1)})
    for again in (facts, later):
        counted = calls(again)
        assert counted["_in_force"] == counted["names_below"] == counted["_written"] == 0


def insurer() -> Plan:
    plan = given.PLANS.find(given.INSURER_PLAN)
    assert plan is not None
    return plan


def test_a_changed_copy_of_a_plan_takes_over_nothing_that_was_worked_out() -> None:
    plan = insurer()
    plan.on(DAY).under("benefits")
    for changed in (
        given.with_value(plan, "deductible.per_year", 900_000),
        given.with_value(copy.copy(plan), "deductible.per_year", 900_000),
        given.with_value(copy.deepcopy(plan), "deductible.per_year", 900_000),
        given.with_value(pickle.loads(pickle.dumps(plan)), "deductible.per_year", 900_000),
    ):
        assert changed.on(DAY).amount("deductible.per_year") == hk_cents(900_000)
        assert changed.on(DAY).rule("deductible.per_year").text == "HKD/year 9000.00"
    assert plan.on(DAY).amount("deductible.per_year") == hk_cents(800_000)


def test_a_changed_copy_of_a_rule_or_a_day_is_read_anew() -> None:
    at = insurer().on(DAY)
    rule = at.rule("deductible.per_year")
    assert rule.text == "HKD/year 8000.00"
    changed = rule.model_copy(update={"value": 900_000})
    assert changed.text == "HKD/year 9000.00"
    fewer = at.model_copy(update={"rules": {rule.key: changed}})
    assert fewer.under("benefits") == [] and at.under("benefits") != []
    assert fewer.under("deductible") == ["per_year"]


def test_every_day_has_the_values_that_a_fresh_plan_gives() -> None:
    plan = given.PLANS.find(given.VOUCHER_PLAN)
    assert plan is not None
    dates = {dated.since for p in plan.parameters.values() for dated in p.values}
    for since in sorted(dates):
        for day in (since - timedelta(days=1), since, since + timedelta(days=1)):
            fresh = Plan.model_validate(plan.model_dump()).on(day)
            assert plan.on(day) == fresh
            assert plan.on(day).on == day
            assert PlanAt.model_validate(fresh.model_dump()) == fresh


def test_names_below_a_key_are_those_of_the_file_without_closed_ones() -> None:
    plan = given.PLANS.find(given.VOUCHER_PLAN)
    assert plan is not None
    for day in (date(2016, 1, 1), DAY, date(2027, 1, 1)):
        at = plan.on(day)
        for prefix in ("service_points", "reward", "service_points.hku-szh", "nothing"):
            start = f"{prefix}."
            naive = [
                key.removeprefix(start).split(".")[0]
                for key, rule in at.rules.items()
                if key.startswith(start) and rule.value is not None
            ]
            assert at.under(prefix) == list(dict.fromkeys(naive))


def step() -> TraceStep:
    words = {"amount": hk_cents(5)}
    return traced(
        insurer().on(DAY), ["annual_limit"], Reason.ANNUAL_LIMIT, hk_cents(5), words=words
    )


@pytest.mark.parametrize(
    "made",
    [
        fen(-5),
        hk_cents(7) + hk_cents(1),
        total([fen(1), fen(2)], Currency.CNY),
        sentence(Reason.PAYABLE, line=1, amount=fen(1)),
        step(),
        plain("spread:all", DAY, Reason.SPREAD, fen(1), {"bill": "B-1"}, amount=fen(1)),
        fen(3) - fen(0),
        insurer().on(DAY),
        insurer().on(DAY).rule("annual_limit"),
    ],
    ids=lambda made: type(made).__name__,
)
def test_what_is_built_without_judging_is_what_judging_builds(made: BaseModel) -> None:
    model = type(made)
    assert model in (Money, Sentence, TraceStep, PlanAt, Rule)
    judged = model(**{name: getattr(made, name) for name in made.model_fields_set})
    assert made == judged and repr(made) == repr(judged)
    assert made.model_dump_json() == judged.model_dump_json()
    assert made.model_fields_set == judged.model_fields_set
    assert list(made.__dict__) == list(judged.__dict__)
    assert pickle.loads(pickle.dumps(made)) == made == copy.deepcopy(made)
    for name in model.model_fields:
        assert type(getattr(made, name)) is type(getattr(judged, name)), name


def test_a_result_is_what_reading_its_own_text_gives() -> None:
    for facts in (stay(30), given.inpatient_facts(3000000), given.voucher_facts()):
        result = allocate(facts, given.PLANS)
        assert AllocationResult.model_validate_json(result.model_dump_json()) == result


@pytest.mark.parametrize("amount", [0, 1, -1, 99, 100, -100, -101, 123456789, 10**17])
def test_an_amount_is_written_as_decimal_arithmetic_writes_it(amount: int) -> None:
    from decimal import Decimal

    exact = Decimal(amount).scaleb(-2)
    assert str(fen(amount)) == f"CNY {exact:,.2f}"
    assert fen(amount).decimal_text() == f"{exact:.2f}"
