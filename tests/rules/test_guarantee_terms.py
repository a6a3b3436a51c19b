"""Conditions of a letter of guarantee that the rules know, at each side of their limits."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import pytest

from crossclaim.domain.guarantee_rules import change_here, ends_at, person_due
from crossclaim.domain.guarantee_terms import GuaranteeTerms, unmet
from crossclaim.domain.money import ConversionRate, fen, hk_cents
from crossclaim.domain.reference import PolicyKnown
from tests.rules import facts as given

POLICY = PolicyKnown(
    insurer="kowloon-mutual",
    number="KM-1",
    plan="gba-network-hk",
    in_force_from=date(2026, 1, 1),
    in_force_until=date(2026, 12, 31),
    guarantee_limit=hk_cents(4_000_000),
)
RATE = ConversionRate(
    cny_per_hkd=Decimal("0.9150"),
    source="table",
    as_of=datetime.fromisoformat("2026-03-09T00:00:00+08:00"),
)
ON, UNTIL = date(2026, 3, 10), date(2026, 4, 30)


@pytest.mark.parametrize(
    ("admitted", "condition"),
    [
        (date(2026, 3, 11), ""),
        (date(2026, 3, 12), ""),
        (date(2026, 3, 13), "admitted-by:2026-03-12"),
    ],
)
def test_an_admission_by_a_day_includes_that_day(admitted: date, condition: str) -> None:
    facts = given.inpatient_facts().model_copy(update={"admitted_on": admitted})
    terms = GuaranteeTerms(conditions=("room:ward", "admitted-by:2026-03-12", "admitted-by:soon"))
    assert unmet(facts, terms) == condition


@pytest.mark.parametrize(
    ("planned", "reasons", "limit"),
    [
        (3_659_999, [], 3_999_999),
        (3_660_000, [], 4_000_000),
        (3_660_001, ["ABOVE_POLICY_LIMIT"], 4_000_001),
    ],
)
def test_the_rules_promise_up_to_the_policys_limit(
    planned: int, reasons: list[str], limit: int
) -> None:
    now = hk_cents(1_000_000)
    ruled = change_here(now, UNTIL, fen(planned), None, POLICY, RATE, ON)
    assert (ruled.reasons, ruled.limit.amount_minor) == (reasons, limit)


@pytest.mark.parametrize(
    ("wanted", "reasons", "until"),
    [
        (date(2026, 4, 1), [], UNTIL),
        (date(2026, 12, 31), [], date(2026, 12, 31)),
        (date(2027, 1, 1), ["BEYOND_POLICY_TERM"], date(2027, 1, 1)),
    ],
)
def test_the_rules_promise_up_to_the_policys_last_day_and_never_less_than_before(
    wanted: date, reasons: list[str], until: date
) -> None:
    ruled = change_here(hk_cents(1), UNTIL, None, wanted, POLICY, RATE, ON)
    assert (ruled.reasons, ruled.until) == (reasons, until)


def test_without_policy_or_rate_a_person_decides() -> None:
    ruled = change_here(hk_cents(1), UNTIL, fen(100), None, None, None, ON)
    assert ruled.reasons == ["RATE_MISSING", "POLICY_NOT_IN_FORCE"]


def test_a_persons_hour_is_a_figure_of_a_plan_and_a_last_day_ends_at_midnight() -> None:
    asked = datetime.fromisoformat("2026-03-10T23:30:00+08:00")
    due = person_due(given.PLANS.find("guarantee-desk"), asked)
    assert due == datetime.fromisoformat("2026-03-11T00:30:00+08:00")
    assert person_due(None, asked) is None
    assert ends_at(date(2026, 3, 10)) == datetime.fromisoformat("2026-03-11T00:00:00+08:00")
