"""The clock of an appeal: whole days of the region, a forecast before the breach, and the cause."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from crossclaim.domain.appeal import APPEAL_PLAN, AppealRow, decide_by, levels, lodge_by
from crossclaim.domain.appeal_clock import appeal_clock
from crossclaim.domain.payout_clock import ClockState
from crossclaim.domain.plan import Plan
from crossclaim.plans.loader import load_plans

LODGED = datetime(2026, 4, 15, 15, 59, tzinfo=UTC)
"""23:59 in the region."""


@pytest.fixture(scope="module")
def plan() -> Plan:
    found = load_plans().find(APPEAL_PLAN)
    assert found is not None
    return found


def appeal(plan: Plan, decided_at: datetime | None = None) -> AppealRow:
    due = decide_by(plan.on(date(2026, 4, 15)), 1, LODGED)
    return AppealRow(
        id="ap_1",
        claim_id="cl_1",
        level=1,
        number="A",
        organisation_id="hku-szh",
        state="open" if decided_at is None else "upheld",
        lodged_at=LODGED,
        due_at=due,
        decided_at=decided_at,
    )


def test_days_are_the_regions_and_the_last_one_counts(plan: Plan) -> None:
    rules = plan.on(date(2026, 4, 15))
    assert levels(rules) == 2
    assert lodge_by(rules, 1, LODGED) == date(2026, 6, 14)
    assert lodge_by(rules, 1, LODGED + timedelta(minutes=1)) == date(2026, 6, 15)
    assert lodge_by(rules, 2, LODGED) == date(2026, 5, 15)
    assert appeal(plan).due_at == datetime(2026, 4, 30, 16, 0, tzinfo=UTC)


def test_a_breach_is_forecast_before_it_comes_and_names_its_cause(plan: Plan) -> None:
    one, due = appeal(plan), appeal(plan).due_at
    early = appeal_clock(one, plan, due - timedelta(days=3, seconds=1))
    assert (early.state, early.breach_forecast, early.cause) == (ClockState.RUNNING, False, "")
    near = appeal_clock(one, plan, due - timedelta(days=3))
    assert (near.state, near.breach_forecast, near.cause) == (ClockState.RUNNING, True, "insurer")
    assert appeal_clock(one, plan, due).state is ClockState.RUNNING
    late = appeal_clock(one, plan, due + timedelta(seconds=1))
    assert (late.state, late.cause) == (ClockState.BREACHED, "insurer")
    assert appeal_clock(one, None, due).breach_forecast is False


def test_decided_at_the_very_moment_is_in_time(plan: Plan) -> None:
    due = appeal(plan).due_at
    assert appeal_clock(appeal(plan, due), plan, due).state is ClockState.MET
    after = due + timedelta(seconds=1)
    assert appeal_clock(appeal(plan, after), plan, after).state is ClockState.BREACHED


def test_every_value_is_marked_as_an_assumption(plan: Plan) -> None:
    assert all(parameter.assumption for parameter in plan.parameters.values())
