"""Several visits on one bill share what the year still has; fixed co-payments stop at nothing."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from crossclaim.domain.money import Money, hk_cents
from crossclaim.domain.plan import Plan
from crossclaim.domain.reimbursement import Reimbursement, reimburse
from tests.rules import facts
from tests.rules import insurer_facts as given

FIRST = date(2026, 4, 14)
DAYS = [FIRST + timedelta(days=n) for n in range(3)]


def plan_with_yearly(limit: int) -> Plan:
    """The outpatient plan with a yearly limit beside the limit of a visit."""
    plan = given.plans(None).find("outpatient-visits-hk")
    assert plan is not None
    key = "benefits.specialist.limit"
    like = plan.parameters["benefits.diagnostics.limit"].model_copy(update={"key": key})
    more = plan.model_copy(update={"parameters": plan.parameters | {key: like}})
    return facts.with_value(more, key, limit)


def claimed(plan: Plan, used: dict[str, int]) -> tuple[Reimbursement, list[Money]]:
    """One bill with a visit of 500 dollars on each of three days, listed backwards."""
    rates = {"payout": "1.0000", "days": dict.fromkeys(DAYS, "1.0000")}
    asked = {"plan": plan.id, "since": date(2025, 1, 1), "used": used, "rates": rates}
    lines = [{"category": "specialist", "fen": 50000, "day": day} for day in reversed(DAYS)]
    found = reimburse([given.bill({"lines": lines}, FIRST)], plan, given.cover(asked, FIRST))
    payable = [s.result.split()[-1] for s in found.trace if s.inputs.get("benefit") == "specialist"]
    return found, [hk_cents(int(Decimal(text.replace(",", "")).scaleb(2))) for text in payable]


def test_visits_of_one_bill_share_a_yearly_limit_earliest_day_first() -> None:
    found, by_line = claimed(plan_with_yearly(120000), {})
    assert by_line == [hk_cents(20000), hk_cents(50000), hk_cents(50000)]
    assert found.benefit == hk_cents(96000)
    used, _ = claimed(plan_with_yearly(120000), {"year.2.specialist.paid": 70000})
    assert used.benefit == hk_cents(40000)
    assert used.after.of("year.2.specialist.paid") == 110000


def test_visits_of_one_bill_share_the_visits_of_the_year_earliest_day_first() -> None:
    found, _ = claimed(plan_with_yearly(999999), {"year.2.specialist.visits": 28})
    assert found.benefit == hk_cents(80000)
    assert found.bills[0].reasons == ["VISIT_PER_YEAR", "COINSURANCE"]
    assert found.after.of("year.2.specialist.visits") == 30
    last = DAYS[-1].isoformat()
    assert found.after.of(f"day.{last}.specialist.visits") == 0


def test_two_visits_of_one_day_count_as_one_and_the_next_day_is_still_judged() -> None:
    used = {f"day.{DAYS[0].isoformat()}.specialist.visits": 1}
    found, _ = claimed(plan_with_yearly(999999), used)
    assert found.benefit == hk_cents(80000)
    assert found.after.of(f"day.{DAYS[0].isoformat()}.specialist.visits") == 1
    assert found.after.of(f"day.{DAYS[1].isoformat()}.specialist.visits") == 1
    assert sorted(found.bills[0].reasons) == ["COINSURANCE", "VISIT_PER_DAY"]
