"""What a late enrolment cost is told beside what the plan asks, and refuses nothing."""

from __future__ import annotations

from datetime import date

import pytest

from crossclaim.domain.basic_contribution import late_contribution
from crossclaim.domain.insured import Enrolment
from crossclaim.domain.money import fen
from tests.rules import facts as given


def told(plan: str, paid: int | None, *, late: bool = True) -> list[str]:
    dated = given.PLANS.find(plan)
    assert dated is not None
    enrolment = Enrolment(
        paid_on=date(2025, 3, 10),
        late=late,
        missed_years=0,
        paid=None if paid is None else fen(paid),
    )
    steps = late_contribution(enrolment, dated.on(date(2025, 6, 10)))
    return [f"{step.result} of {step.inputs['due']}" for step in steps]


@pytest.mark.parametrize("paid", [107000, 106999])
def test_who_came_late_reads_what_he_paid_beside_the_whole_contribution(paid: int) -> None:
    amount = f"CNY {paid // 100:,}.{paid % 100:02d}"
    assert told("shandong-resident", paid) == [f"BASIC_LATE_CONTRIBUTION {amount} of CNY 1,070.00"]


def test_nothing_is_told_in_time_unstated_or_where_the_plan_knows_no_contribution() -> None:
    assert told("shandong-resident", 40000, late=False) == []
    assert told("shandong-resident", None) == []
    assert told("jiangmen-seed-caps", 107000) == []
