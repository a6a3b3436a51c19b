"""How long a stay is: nights, or days with both its ends, and never nothing."""

from __future__ import annotations

from datetime import date

import pytest

from crossclaim.domain.limits import stay_length
from tests.rules import facts as given


@pytest.mark.parametrize(
    ("admitted", "discharged", "nights", "days"),
    [
        (11, 10, 1, 1),
        (11, 11, 1, 1),
        (11, 12, 1, 2),
        (11, 13, 2, 3),
        (11, 14, 3, 4),
    ],
)
def test_a_stay_has_a_day_more_than_nights_and_at_least_one_of_each(
    admitted: int, discharged: int, nights: int, days: int
) -> None:
    ends = {
        "admitted_on": date(2026, 3, admitted),
        "discharged_on": date(2026, 3, discharged),
    }
    facts = given.inpatient_facts().model_copy(update=ends)
    assert stay_length(facts, "nights") == nights
    assert stay_length(facts, "days") == days


def test_before_the_discharge_a_stay_lasts_until_its_bill() -> None:
    facts = given.inpatient_facts(name="interim")
    issued = facts.bill.issued_at
    assert facts.discharged_on is None and facts.admitted_on is not None
    assert stay_length(facts, "nights") == (issued.date() - facts.admitted_on).days


def test_without_an_admission_nobody_knows_how_long() -> None:
    facts = given.inpatient_facts().model_copy(update={"admitted_on": None})
    assert stay_length(facts, "nights") is None
