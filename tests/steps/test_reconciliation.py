"""Settlements compared with the bureau's: equal sums are quiet, each difference is known."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from temporalio.exceptions import ApplicationError

from activities.orders import Comparison
from activities.reconciliations import ComparedTotal, ReconciliationSteps
from crossclaim.domain.insured import Insurance
from tests.steps.clinic import ACCOUNT, AT, CAPS, FATHER, PERSON, Clinic, Visit, fund
from tests.steps.rig import HOSPITAL
from tests.steps.test_settlements import E8A
from tests.steps.ward import EMPLOYEE, QINGDAO, Ward

DAY = date(2025, 4, 10)
ORDER = Comparison(hospital=HOSPITAL, begins=DAY, ends=DAY, at=AT)


@pytest.fixture(autouse=True)
def _nothing_settled(clinic: Clinic) -> None:
    """Other tests' settlements stand with a bureau that was reset: they are of no day."""
    statement = "update claim set decided_at = '2020-01-01' where kind = 'basic_insurance'"
    with clinic.rig.database.begin() as connection:
        connection.execute(statement)


def settled(clinic: Clinic) -> Visit:
    visit = clinic.open(FATHER, fund(CAPS), ACCOUNT)
    visit.bill(*E8A)
    visit.settle()
    return visit


def compared(clinic: Clinic) -> dict[Insurance, ComparedTotal]:
    found = ReconciliationSteps(clinic.world).compare(HOSPITAL, ORDER)
    return {one.held.insurance: one for one in found if not one.held.stay}


def test_stays_are_compared_apart_from_visits(clinic: Clinic) -> None:
    visit, stay = settled(clinic), Ward(clinic).admitted(EMPLOYEE, fund(QINGDAO))
    stay.tender(stay.charge(("SURGERY", "20000.00"), number="F-RECON"), "3488.00")
    stay.leave()
    stay.settle()
    found = ReconciliationSteps(clinic.world).compare(HOSPITAL, ORDER)
    held = {one.held.fund.amount_minor: one for one in found if one.held.count}
    assert {fund: (one.held.stay, one.held.area_code) for fund, one in held.items()} == {
        400: (False, "440703"),
        1651200: (True, "370202"),
    }
    assert all(one.equal for one in found)
    assert (visit.exceptions(), stay.exceptions()) == ({}, {})
    rows = stay.select("select fund_minor from settlement_comparison where stays and equal")
    assert 1651200 in [row["fund_minor"] for row in rows]


def test_a_stay_that_the_bureau_lost_is_an_exception_of_its_episode(clinic: Clinic) -> None:
    stay = Ward(clinic).admitted(EMPLOYEE, fund(QINGDAO))
    stay.tender(stay.charge(("SURGERY", "20000.00"), number="F-LOST"), "3488.00")
    stay.leave()
    stay.settle()
    clinic.bureau.reset(AT.isoformat())
    found = ReconciliationSteps(clinic.world).compare(HOSPITAL, ORDER)
    (unequal,) = (one for one in found if not one.equal)
    assert [d.kind for d in unequal.differences] == ["NOT_WITH_BUREAU"]
    assert stay.exceptions() == {"BUREAU_TOTALS_DIFFER": "NOT_WITH_BUREAU"}


def test_sums_that_are_equal_are_noted_and_nobody_is_disturbed(clinic: Clinic) -> None:
    visit = settled(clinic)
    found = compared(clinic)[Insurance.RESIDENT]
    assert (found.equal, found.held.count, found.held.fund.amount_minor) == (True, 1, 400)
    assert found.held.account.amount_minor == 12600
    assert visit.exceptions() == {}
    assert clinic.bureau.journal("detailed") == []


def test_a_settlement_that_the_bureau_lost_is_an_exception_of_its_episode(clinic: Clinic) -> None:
    visit = settled(clinic)
    clinic.bureau.reset(AT.isoformat())
    found = compared(clinic)[Insurance.RESIDENT]
    assert [d.kind for d in found.differences] == ["NOT_WITH_BUREAU"]
    assert visit.exceptions() == {"BUREAU_TOTALS_DIFFER": "NOT_WITH_BUREAU"}


def test_a_settlement_that_only_the_bureau_has_stands_in_the_comparison(clinic: Clinic) -> None:
    visit = settled(clinic)
    with clinic.rig.database.begin() as connection:
        connection.execute(
            "update claim set state = 'voided' where episode_id = %(id)s", {"id": visit.episode}
        )
    found = compared(clinic)[Insurance.RESIDENT]
    assert [d.kind for d in found.differences] == ["NOT_WITH_HOSPITAL"]
    assert visit.exceptions() == {}
    (row,) = visit.select(
        "select kind, episode_id, their_fund_minor from settlement_difference"
        " order by comparison_id desc limit 1"
    )
    assert row == {"kind": "NOT_WITH_HOSPITAL", "episode_id": None, "their_fund_minor": 400}


def test_other_amounts_are_told_with_both_sides(clinic: Clinic) -> None:
    visit = settled(clinic)
    with clinic.rig.database.begin() as connection:
        connection.execute(
            "update settlement_quote set fund_minor = 401 where episode_id = %(id)s",
            {"id": visit.episode},
        )
    found = compared(clinic)[Insurance.RESIDENT]
    assert [d.kind for d in found.differences] == ["AMOUNT_DIFFERS"]
    (row,) = visit.select(
        "select our_fund_minor, their_fund_minor from settlement_difference"
        " order by comparison_id desc limit 1"
    )
    assert row == {"our_fund_minor": 401, "their_fund_minor": 400}
    assert visit.exceptions() == {"BUREAU_TOTALS_DIFFER": "AMOUNT_DIFFERS"}


def test_an_answer_that_cannot_be_believed_is_no_comparison(clinic: Clinic) -> None:
    settled(clinic)
    clinic.bureau.script("bad_signature", match={"infno": "3201"})
    order, before = ORDER.model_copy(update={"at": AT + timedelta(hours=1)}), comparisons(clinic)
    with pytest.raises(ApplicationError):
        ReconciliationSteps(clinic.world).compare_settlements(order)
    assert comparisons(clinic) == before
    told = ReconciliationSteps(clinic.world).compare_settlements(order)
    assert (told.sums > 0, told.unequal, told.differences) == (True, 0, 0)
    # A repeat of the same order asks for what failed alone.
    assert ReconciliationSteps(clinic.world).compare_settlements(order).sums == 0
    assert PERSON[FATHER] not in told.model_dump_json()


def comparisons(clinic: Clinic) -> int:
    with clinic.rig.database.begin() as connection:
        count: int = connection.execute("select count(*) from settlement_comparison").scalar_one()
    return count
