"""A guarantee is asked for in time, by working days or hours, at each side of the limit."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from crossclaim.domain.eligibility import emergency_asked_in_time, guarantee_asked_in_time
from tests.rules import facts as given

HOLIDAY = frozenset({date(2026, 3, 10)})
ADMISSION = datetime.fromisoformat("2026-03-11T09:00:00+08:00")


@pytest.mark.parametrize(
    ("asked", "closed", "in_time"),
    [
        ("2026-03-09T23:59:00+08:00", frozenset(), True),
        ("2026-03-10T00:00:00+08:00", frozenset(), False),
        ("2026-03-09T17:00:00+00:00", frozenset(), False),
        ("2026-03-09T09:00:00+08:00", HOLIDAY, False),
        ("2026-03-06T09:00:00+08:00", HOLIDAY, True),
        ("2026-03-12T09:00:00+08:00", frozenset(), False),
    ],
)
def test_planned_care_needs_two_working_days(
    asked: str, closed: frozenset[date], in_time: bool
) -> None:
    plan = given.PLANS.find(given.INSURER_PLAN)
    assert plan is not None
    at = plan.on(ADMISSION.date())
    moment = datetime.fromisoformat(asked)
    assert guarantee_asked_in_time(moment, ADMISSION, at, closed) is in_time


@pytest.mark.parametrize(
    ("asked", "in_time"),
    [
        ("2026-03-13T08:59:59+08:00", True),
        ("2026-03-13T09:00:00+08:00", True),
        ("2026-03-13T09:00:01+08:00", False),
    ],
)
def test_emergency_care_has_48_hours(asked: str, in_time: bool) -> None:
    plan = given.PLANS.find(given.INSURER_PLAN)
    assert plan is not None
    at = plan.on(ADMISSION.date())
    assert emergency_asked_in_time(datetime.fromisoformat(asked), ADMISSION, at) is in_time


@pytest.mark.parametrize(
    ("admission", "asked", "in_time"),
    [
        # Admitted on a Monday: Saturday and Sunday are no working days, Friday and Monday are.
        ("2026-03-16T09:00:00+08:00", "2026-03-13T09:00:00+08:00", False),
        ("2026-03-16T09:00:00+08:00", "2026-03-12T09:00:00+08:00", True),
        # Admitted on a Friday, which counts.
        ("2026-03-13T09:00:00+08:00", "2026-03-11T09:00:00+08:00", True),
        ("2026-03-13T09:00:00+08:00", "2026-03-12T09:00:00+08:00", False),
    ],
)
def test_weekends_are_no_working_days(admission: str, asked: str, in_time: bool) -> None:
    plan = given.PLANS.find(given.INSURER_PLAN)
    assert plan is not None
    moment, admitted = datetime.fromisoformat(asked), datetime.fromisoformat(admission)
    at = plan.on(admitted.date())
    assert guarantee_asked_in_time(moment, admitted, at, frozenset()) is in_time
