"""Answers about stays that are lost, refused or not true: nothing moves, or once."""

from __future__ import annotations

import pytest
from temporalio.exceptions import ApplicationError

from crossclaim.domain.submission import SubmissionKind
from tests.steps.clinic import Clinic, fund, parts
from tests.steps.test_settlement_faults import in_force
from tests.steps.test_settlements import owed
from tests.steps.ward import EMPLOYEE, NUMBER, QINGDAO, Stay, Ward, lined

LINE = ("SURGERY", "20000.00")
CONTRADICTIONS = {
    "split_wrong": "BUREAU_SPLIT_NOT_EQUAL",
    "funds_wrong": "BUREAU_SPLIT_NOT_EQUAL",
    "other_person": "BUREAU_OTHER_PERSON",
    "other_stay": "BUREAU_OTHER_VISIT",
    "other_amount": "BUREAU_OTHER_AMOUNT",
    "other_currency": "BUREAU_OTHER_CURRENCY",
    "bad_signature": "BUREAU_SIGNATURE_WRONG",
}
PAID = owed(fund=1651200)


@pytest.fixture
def ward(clinic: Clinic) -> Ward:
    return Ward(clinic)


def ready(ward: Ward) -> Stay:
    """Billed, paid and discharged: the settlement is due."""
    stay = ward.admitted(EMPLOYEE, fund(QINGDAO))
    stay.tender(stay.charge(LINE, number="F"), "3488.00")
    stay.leave()
    return stay


def lost(ward: Ward, infno: str) -> None:
    ward.clinic.bureau.script("accepted_answer_lost", match={"infno": infno})


def test_a_settlement_whose_answer_is_lost_is_reversed_and_made_once(ward: Ward) -> None:
    stay = ready(ward)
    lost(ward, "2304")
    with pytest.raises(ApplicationError):
        stay.settle()
    assert stay.states() == ["submitted"]
    stay.settle()
    assert (stay.states(), in_force(ward.clinic), stay.ledger()) == (["approved"], 1, PAID)
    assert len(ward.clinic.bureau.journal("reversed")) == 1


@pytest.mark.parametrize("infno", ["2302", "2301"])
def test_lines_whose_answer_is_lost_are_laid_out_again_and_settled_once(
    ward: Ward, infno: str
) -> None:
    stay = ready(ward)
    lost(ward, infno)
    with pytest.raises(ApplicationError):
        stay.settle()
    stay.settle()
    assert (stay.states(), in_force(ward.clinic), stay.ledger()) == (["approved"], 1, PAID)


def test_an_admission_whose_answer_is_lost_is_one_stay(ward: Ward) -> None:
    stay = ward.open(EMPLOYEE, fund(QINGDAO))
    lost(ward, "2401")
    with pytest.raises(ApplicationError):
        stay.admit()
    stay.look_up()
    assert parts(stay.charge(LINE, number="F").split)["basic_insurance"] == 1651200
    assert len({e["mdtrt_id"] for e in ward.clinic.bureau.journal("admitted")}) == 1


def test_a_discharge_whose_answer_is_lost_is_told_again_and_stands_once(ward: Ward) -> None:
    stay = ward.admitted(EMPLOYEE, fund(QINGDAO))
    stay.tender(stay.charge(LINE, number="F"), "3488.00")
    lost(ward, "2402")
    with pytest.raises(ApplicationError):
        stay.leave()
    assert stay.standing().settlement_due is None
    stay.discharge()
    stay.settle()
    assert stay.ledger() == PAID


def test_a_cancellation_whose_answer_is_lost_takes_back_once(ward: Ward) -> None:
    stay = ward.admitted(EMPLOYEE, fund(QINGDAO))
    answer = stay.charge(LINE, number="F")
    stay.tender(answer, "3488.00")
    stay.leave()
    stay.settle()
    stay.void(answer)
    stay.paid_back()
    lost(ward, "2305")
    with pytest.raises(ApplicationError):
        stay.cancel()
    stay.cancel()
    assert (stay.states(), in_force(ward.clinic), stay.ledger()) == (["voided"], 0, {})


@pytest.mark.parametrize("fault", CONTRADICTIONS)
def test_a_settlement_of_a_stay_that_cannot_be_true_is_kept_and_heals_by_reversal(
    ward: Ward, fault: str
) -> None:
    stay = ready(ward)
    before = stay.ledger()
    ward.clinic.bureau.script(fault, match={"infno": "2304"})
    standing = stay.settle()
    assert (stay.states(), stay.ledger()) == (["queued"], before)
    assert standing.waiting_for == "BUREAU_SETTLEMENT"
    assert stay.kept() == [CONTRADICTIONS[fault]]
    stay.inquire()
    stay.settle()
    assert (stay.states(), in_force(ward.clinic), stay.ledger()) == (["approved"], 1, PAID)
    assert stay.exceptions() == {}


@pytest.mark.parametrize("fault", ["funds_wrong", "other_stay", "other_currency"])
def test_a_forecast_that_cannot_be_true_refuses_the_bill_which_may_be_sent_again(
    ward: Ward, fault: str
) -> None:
    stay = ward.admitted(EMPLOYEE, fund(QINGDAO))
    ward.clinic.bureau.script(fault, match={"infno": "2303"})
    assert stay.charge(LINE, number="F").codes == ["BUREAU_ANSWER_CONTRADICTS"]
    assert stay.kept() == [CONTRADICTIONS[fault]]
    assert stay.ledger() == {}
    assert parts(stay.charge(LINE, number="F").split)["basic_insurance"] == 1651200
    assert stay.exceptions() == {}


@pytest.mark.parametrize("fault", ["other_stay", "bad_signature"])
def test_a_discharge_that_is_answered_about_another_stay_is_not_believed(
    ward: Ward, fault: str
) -> None:
    stay = ward.admitted(EMPLOYEE, fund(QINGDAO))
    ward.clinic.bureau.script(fault, match={"infno": "2402"})
    with pytest.raises(ApplicationError):
        stay.leave()
    assert stay.kept() == [CONTRADICTIONS[fault]]
    stay.discharge()
    assert stay.exceptions() == {}


def test_a_discharge_that_is_refused_waits_for_a_person_and_the_next_bill_tries_again(
    ward: Ward,
) -> None:
    stay = ward.admitted(EMPLOYEE, fund(QINGDAO))
    answer = stay.charge(LINE, number="F")
    stay.tender(answer, "3488.00")
    stay.leave("2025-05-05T11:00:00+08:00")
    assert stay.exceptions() == {"BASIC_DISCHARGE_REFUSED": "DISCHARGE_BEFORE_ADMISSION"}
    standing = stay.standing()
    assert (standing.settlement_due, standing.waiting_for) == (None, "BUREAU_DISCHARGE")
    assert not standing.closable
    stay.void(answer)
    stay.paid_back()
    stay.send(SubmissionKind.DISCHARGE, {"discharged_at": "2025-05-12T11:00:00+08:00"})
    anew = stay.charge(LINE, number="F", version=2)
    stay.tender(anew, "3488.00")
    stay.discharge()
    stay.settle()
    assert (stay.ledger(), stay.exceptions()) == (PAID, {})


def test_a_balance_that_fell_before_the_settlement_is_given_back_and_asked_again(
    ward: Ward,
) -> None:
    stay = ward.admitted(EMPLOYEE, fund(QINGDAO), {"funder": "personal_account"})
    answer = stay.charge(LINE, number="F")
    stay.tender(answer, "488.00")
    stay.leave()
    change = {"account": NUMBER[EMPLOYEE], "balance": "1000.00"}
    ward.clinic.bureau.script("balance_changed", match={"infno": "2304"}, **change)
    stay.settle()
    assert list(stay.exceptions()) == ["BASIC_SPLIT_CHANGED"]
    stay.cancel()
    stay.tender(answer, "2000.00")
    stay.settle()
    assert stay.states() == ["voided", "approved"]
    assert stay.ledger() == owed(fund=1651200, account=100000)


def test_an_interim_bill_is_never_settled(ward: Ward) -> None:
    stay = ward.admitted(EMPLOYEE, fund(QINGDAO))
    stay.quote(stay.receive(SubmissionKind.BILL, lined(LINE, number="F", status="interim")))
    assert ward.clinic.bureau.journal("settled") == []
    assert stay.standing().settlement_due is None
