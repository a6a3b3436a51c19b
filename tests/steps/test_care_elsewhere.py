"""Care outside the area of the insurance: the bureau says whether it was filed, and pays by it."""

from __future__ import annotations

import pytest

from tests.steps.clinic import Clinic, Visit, fund, parts
from tests.steps.test_settlements import owed

INSURED, FILED = "370102196007040013", "YD370102-2025-0144"


def visited(clinic: Clinic, filing: str) -> Visit:
    visit = {"out_of_area_filing": filing} if filing else {}
    return clinic.open(INSURED, fund("jinan-basic"), visit=visit)


@pytest.mark.parametrize(
    ("filing", "paid"), [(FILED, 70000), ("", 60000), ("YD370102-2025-9999", 60000)]
)
def test_care_elsewhere_that_was_not_filed_is_paid_with_ten_points_less(
    clinic: Clinic, filing: str, paid: int
) -> None:
    visit = visited(clinic, filing)
    answer = visit.bill(("DRUG", "1000.00"))
    assert parts(answer.split) == {"basic_insurance": paid, "patient": 100000 - paid}
    visit.tender(answer, f"{1000 - paid // 100}.00")
    visit.settle()
    assert visit.ledger() == owed(fund=paid)


def test_the_plan_knows_no_ratio_so_nothing_is_forecast_and_nobody_is_disturbed(
    clinic: Clinic,
) -> None:
    visit = visited(clinic, FILED)
    answer = visit.bill(("DRUG", "1000.00"))
    told = [step.result.split()[0] for step in answer.split.trace]
    assert "BUREAU_WITHOUT_FORECAST" in told
    assert visit.exceptions() == {}
