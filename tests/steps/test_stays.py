"""Stays under basic insurance: admitted, forecast, discharged, settled once, taken back, anew."""

from __future__ import annotations

import pytest
from temporalio.exceptions import ApplicationError

from activities.settlements import SettlementSteps
from crossclaim.domain.submission import ConsentType, SubmissionKind
from tests.steps.clinic import ACCOUNT, AT, CONSENTS, Clinic, fund, parts
from tests.steps.rig import Answer
from tests.steps.test_settlements import owed
from tests.steps.ward import (
    E_STAY,
    EMPLOYEE,
    LATE,
    MOTHER,
    QINGDAO,
    RETIRED,
    SHANDONG,
    Stay,
    Ward,
    lined,
)


@pytest.fixture
def ward(clinic: Clinic) -> Ward:
    return Ward(clinic)


def test_nobody_is_asked_before_the_admission_and_a_bill_says_so(ward: Ward) -> None:
    stay = ward.open(EMPLOYEE, fund(QINGDAO))
    assert not stay.standing().bureau_look_up_due
    assert stay.standing().waiting_for == "HOSPITAL_ADMISSION"
    answer = stay.charge(*E_STAY, number="F-EARLY")
    assert answer.codes == ["BUREAU_STAY_NOT_ADMITTED"]
    stay.admit()
    assert len(ward.clinic.bureau.journal("admitted")) == 1


def test_an_employees_stay_in_two_bands_is_settled_once_after_the_discharge(ward: Ward) -> None:
    """(40,000.00 - 800.00) x 86 % + 10,000.00 x 95 % = 43,212.00; the account has 3,000.00."""
    stay = ward.admitted(EMPLOYEE, fund(QINGDAO), ACCOUNT)
    interim = stay.charge(("SURGERY", "20000.00"), number="F-A", status="interim")
    forecast = {"basic_insurance": 1651200, "personal_account": 300000, "patient": 48800}
    assert parts(interim.split) == forecast
    assert interim.body["forecast"] is True
    answer = stay.charge(*E_STAY, number="F-A", version=2)
    assert parts(answer.split) == {
        "basic_insurance": 4321200,
        "personal_account": 300000,
        "patient": 578800,
    }
    stay.tender(answer, "5788.00")
    assert stay.standing().settlement_due is None
    assert stay.standing().waiting_for == "HOSPITAL_DISCHARGE"
    assert stay.leave().settlement_due is not None
    stay.settle()
    assert stay.ledger() == owed(fund=4321200, account=300000)
    assert stay.exceptions() == {}
    assert stay.standing().closable
    (settled,) = ward.clinic.bureau.journal("settled")
    assert settled["fund"] == 4321200
    told = [step.result.split()[0] for step in answer.split.trace]
    assert "BUREAU_BINDS" in told and "BUREAU_DIFFERS" not in told


def test_a_final_bill_with_the_lines_of_its_interim_bill_lays_them_out_anew(ward: Ward) -> None:
    """A visit's lines stay at the bureau for its final bill; a stay's are withdrawn before each."""
    stay = ward.admitted(EMPLOYEE, fund(QINGDAO))
    line = ("SURGERY", "20000.00")
    interim = stay.charge(line, number="F-SAME", status="interim")
    answer = stay.charge(line, number="F-SAME", version=2)
    assert parts(answer.split) == parts(interim.split)
    assert parts(answer.split) == {"basic_insurance": 1651200, "patient": 348800}


def test_a_childbirth_of_a_resident_is_judged_by_the_maternity_rules(ward: Ward) -> None:
    stay = ward.admitted(MOTHER, fund(QINGDAO), visit={"maternity": True})
    answer = stay.charge(("DELIVERY", "8000.00"), number="F-M")
    assert parts(answer.split) == {"basic_insurance": 560000, "patient": 240000}
    told = {step.rule for step in answer.split.trace}
    assert "qingdao-basic:maternity" in told
    stay.tender(answer, "2400.00")
    stay.leave()
    stay.settle()
    assert stay.ledger() == owed(fund=560000)


def test_the_retired_have_ratios_of_their_own(ward: Ward) -> None:
    """(30,000.00 - 800.00) x 93 %."""
    stay = ward.admitted(RETIRED, fund(QINGDAO))
    answer = stay.charge(("SURGERY", "30000.00"), number="F-R")
    assert parts(answer.split) == {"basic_insurance": 2715600, "patient": 284400}
    assert stay.exceptions() == {}


def test_who_enrolled_late_is_covered_from_the_first_day_after_three_months(ward: Ward) -> None:
    early = ward.admitted(LATE, fund(SHANDONG), at="2025-06-09T09:00:00+08:00")
    refused = early.charge(("SURGERY", "100.00"), number="F-L1", day="2025-06-09")
    assert refused.codes == ["BASIC_WAITING_PERIOD"]
    early.leave("2025-06-09T15:00:00+08:00")
    stay = ward.admitted(LATE, fund(SHANDONG), at="2025-06-10T09:00:00+08:00")
    answer = stay.charge(("SURGERY", "10000.00"), number="F-L2", day="2025-06-11")
    assert parts(answer.split) == {"basic_insurance": 600000, "patient": 400000}
    (paid,) = (s for s in answer.split.trace if s.result.startswith("BASIC_LATE_CONTRIBUTION"))
    assert (paid.result, paid.inputs["due"]) == (
        "BASIC_LATE_CONTRIBUTION CNY 1,070.00",
        "CNY 1,070.00",
    )


def test_two_stays_of_one_person_are_never_mixed(ward: Ward) -> None:
    """The first is discharged and not settled when the second begins; each has its deductible, and
    the year's limit counts both."""
    first = ward.admitted(EMPLOYEE, fund(QINGDAO))
    one = first.charge(("SURGERY", "20000.00"), number="F-1")
    again = ward.open(EMPLOYEE, fund(QINGDAO))
    again.admit("2025-05-10T09:00:00+08:00")
    assert again.exceptions() == {"BUREAU_LOOK_UP_REFUSED": "STAY_OPEN"}
    first.leave("2025-05-09T11:00:00+08:00")
    second = ward.admitted(EMPLOYEE, fund(QINGDAO), at="2025-05-10T09:00:00+08:00")
    two = second.charge(("SURGERY", "10000.00"), number="F-2", day="2025-05-11")
    assert parts(one.split)["basic_insurance"] == 1651200
    assert parts(two.split)["basic_insurance"] == 791200
    second.leave()
    for stay, answer, due in ((second, two, "2088.00"), (first, one, "3488.00")):
        stay.tender(answer, due)
        stay.settle()
    assert first.ledger() == owed(fund=1651200)
    assert second.ledger() == owed(fund=791200)
    made = ward.clinic.bureau.journal("settled")
    assert {s["fund"] for s in made} == {1651200, 791200}


def test_a_stay_that_the_bureau_would_not_register_is_tried_again_with_the_next_bill(
    ward: Ward,
) -> None:
    """By the bureau's books the patient lies elsewhere, until he is discharged there."""
    first = ward.admitted(EMPLOYEE, fund(QINGDAO))
    second = ward.admitted(EMPLOYEE, fund(QINGDAO), at="2025-05-14T09:00:00+08:00")
    assert second.exceptions() == {"BUREAU_LOOK_UP_REFUSED": "STAY_OPEN"}
    early = second.charge(("BED", "1000.00"), number="F-T", day="2025-05-15")
    assert early.codes == ["BUREAU_REFUSED"]
    assert "not been discharged from another stay" in str(early.body)
    first.leave()
    answer = second.charge(("BED", "1000.00"), number="F-T", day="2025-05-15")
    assert parts(answer.split) == {"basic_insurance": 17200, "patient": 82800}
    assert second.exceptions() == {}
    second.leave("2025-05-16T11:00:00+08:00")
    second.tender(answer, "828.00")
    second.settle()
    assert second.ledger() == owed(fund=17200)


def test_a_void_takes_the_settlement_back_and_a_new_bill_is_settled_anew(ward: Ward) -> None:
    stay = ward.admitted(EMPLOYEE, fund(QINGDAO))
    answer = stay.charge(("SURGERY", "20000.00"), number="F-V")
    stay.tender(answer, "3488.00")
    stay.leave()
    stay.settle()
    assert stay.void(answer).status == 200
    stay.paid_back()
    stay.cancel()
    assert stay.ledger() == {}
    assert ward.clinic.bureau.journal("cancelled")
    anew = stay.charge(("SURGERY", "18000.00"), number="F-V", version=2)
    assert parts(anew.split) == {"basic_insurance": 1479200, "patient": 320800}
    stay.tender(anew, "3208.00")
    stay.settle()
    assert stay.states() == ["voided", "approved"]
    assert stay.ledger() == owed(fund=1479200)


def test_a_second_final_bill_of_a_stay_is_refused_and_disturbs_nothing(ward: Ward) -> None:
    stay = ward.admitted(EMPLOYEE, fund(QINGDAO))
    answer = stay.charge(("SURGERY", "20000.00"), number="F-2A")
    assert stay.charge(("BED", "100.00"), number="F-2B").codes == ["SECOND_INSURED_BILL"]
    stay.tender(answer, "3488.00")
    stay.leave()
    stay.settle()
    assert stay.ledger() == owed(fund=1651200)


def test_a_bill_that_the_patient_pays_himself_does_not_keep_the_insured_one_out(
    ward: Ward,
) -> None:
    stay = ward.admitted(EMPLOYEE, fund(QINGDAO))
    own = stay.charge(("TELEVISION", "50.00"), number="F-OWN", coverages=[])
    stay.tender(own, "50.00")
    answer = stay.charge(("SURGERY", "20000.00"), number="F-INS")
    stay.tender(answer, "3488.00")
    stay.leave()
    stay.settle()
    assert stay.ledger() == owed(fund=1651200)
    assert stay.standing().closable


def test_a_stay_below_the_deductible_is_settled_with_nothing_and_taken_back_as_any_other(
    ward: Ward,
) -> None:
    """The bureau counts it, and the patient is not left registered there as one who lies ill."""
    stay = ward.admitted(EMPLOYEE, fund(QINGDAO))
    answer = stay.charge(("BED", "500.00"), number="F-0")
    assert parts(answer.split) == {"basic_insurance": 0, "patient": 50000}
    stay.tender(answer, "500.00")
    standing = stay.leave()
    assert standing.settlement_due is not None
    assert (standing.bureau_withdrawal_due, standing.closable) == (False, False)
    stay.settle()
    assert (stay.states(), stay.ledger(), stay.exceptions()) == (["approved"], {}, {})
    assert [s["fund"] for s in ward.clinic.bureau.journal("settled")] == [0]
    assert stay.standing().closable
    stay.void(answer)
    stay.paid_back()
    stay.cancel()
    assert (stay.states(), stay.ledger()) == (["voided"], {})
    assert len(ward.clinic.bureau.journal("cancelled")) == 1


def own_expense(ward: Ward) -> tuple[Stay, Answer]:
    """The patient chooses to pay himself, and has paid; the discharge is told."""
    stay = ward.admitted(EMPLOYEE, fund(QINGDAO))
    answer = stay.charge(("SURGERY", "20000.00"), number="F-SELF", coverages=[])
    stay.tender(answer, "20000.00")
    stay.leave()
    return stay, answer


def test_a_stay_that_the_bureau_pays_nothing_of_is_not_left_registered_there(ward: Ward) -> None:
    stay, _ = own_expense(ward)
    standing = stay.standing()
    assert (standing.bureau_withdrawal_due, standing.closable) == (True, False)
    assert stay.take_back().closable
    assert len(ward.clinic.bureau.journal("forgotten")) == 1
    assert stay.exceptions() == {}


def test_a_lost_answer_to_it_is_asked_again_and_a_refusal_is_a_persons(ward: Ward) -> None:
    stay, _ = own_expense(ward)
    ward.clinic.bureau.script("accepted_answer_lost", match={"infno": "2404"})
    with pytest.raises(ApplicationError):
        stay.take_back()
    assert stay.take_back().closable
    assert len(ward.clinic.bureau.journal("forgotten")) == 1
    other, _ = own_expense(ward)
    ward.clinic.bureau.reset(AT.isoformat())
    assert other.take_back().closable
    assert other.exceptions() == {"BASIC_STAY_NOT_TAKEN_BACK": "VISIT_UNKNOWN"}


def test_a_patient_who_then_uses_his_insurance_after_all_is_registered_again(ward: Ward) -> None:
    stay, answer = own_expense(ward)
    stay.take_back()
    stay.void(answer)
    stay.paid_back()
    anew = stay.charge(("SURGERY", "20000.00"), number="F-SELF", version=2)
    assert parts(anew.split) == {"basic_insurance": 1651200, "patient": 348800}
    stay.tender(anew, "3488.00")
    stay.discharge()
    stay.settle()
    assert (stay.ledger(), stay.exceptions()) == (owed(fund=1651200), {})
    assert len({e["mdtrt_id"] for e in ward.clinic.bureau.journal("admitted")}) == 2


def crossed(ward: Ward) -> Stay:
    """Two final bills are shown to the bureau before either is applied; the second is refused."""
    stay = ward.admitted(EMPLOYEE, fund(QINGDAO))
    first = stay.receive(SubmissionKind.BILL, lined(("SURGERY", "20000.00"), number="F-H1"))
    second = stay.receive(SubmissionKind.BILL, lined(("BED", "20000.00"), number="F-H2"))
    stay.quote(first)
    stay.quote(second)
    answer = stay.apply(first)
    assert stay.apply(second).codes == ["SECOND_INSURED_BILL"]
    stay.tender(answer, "3488.00")
    stay.leave()
    return stay


def settled_lines(ward: Ward) -> list[str]:
    """Codes of the lines on the bureau's heap when the stay was settled."""
    return [str(code) for code in ward.clinic.bureau.journal("settled")[-1]["codes"]]


def test_lines_that_a_refused_bill_left_are_not_settled(ward: Ward) -> None:
    stay = crossed(ward)
    stay.settle()
    assert (stay.states(), settled_lines(ward)) == (["approved"], ["SURGERY"])


class TakesTheHeap(SettlementSteps):
    """The naive twin: settles whatever lies there."""

    def _lay_out(self, settling):  # type: ignore[no-untyped-def]
        pass


def test_the_naive_twin_settles_the_lines_of_the_refused_bill(ward: Ward) -> None:
    crossed(ward).settle_as(TakesTheHeap)
    assert settled_lines(ward) == ["BED"]


def test_without_consent_the_bureau_is_not_told_of_the_discharge_and_later_it_is(
    ward: Ward,
) -> None:
    stay = ward.admitted(EMPLOYEE, fund(QINGDAO))
    answer = stay.charge(("SURGERY", "20000.00"), number="F-C")
    stay.tender(answer, "3488.00")
    with ward.clinic.world.records.transaction() as tx:
        tx.withdraw_consents(stay.episode, ConsentType.PI_PROVIDE, AT, AT)
    stay.leave()
    assert ward.clinic.bureau.journal("discharged") == []
    assert "BUREAU_CONSENT_MISSING" in stay.exceptions()
    standing = stay.standing()
    assert (standing.waiting_for, standing.closable) == ("BUREAU_DISCHARGE", False)
    given = {"number": "C-9", "given": CONSENTS[1], "stated_at": "2025-05-12T12:00:00+08:00"}
    assert stay.send(SubmissionKind.CONSENT, given).status == 200
    stay.discharge()
    stay.settle()
    assert stay.ledger() == owed(fund=1651200)
    assert stay.exceptions() == {}
