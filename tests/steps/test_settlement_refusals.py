"""Scenarios E3 and E9 at the window: refused with the rule's code and what is legal instead."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from crossclaim.domain.money import ConversionRate, hk_cents
from crossclaim.domain.party import VoucherAccount
from tests.steps.clinic import (
    ACCOUNT,
    AT,
    CAPS,
    CONSENTS,
    DAUGHTER,
    ELDER,
    FATHER,
    LEVEL_1,
    POOL,
    SUSPENDED,
    WAITS,
    Clinic,
    Visit,
    fund,
    parts,
)
from tests.steps.test_settlements import owed, set_person

E3 = (("CONSULT", "400.00"), ("OWN-EXPENSE", "20.00"))
JOINED = {"type": "EHEALTH_JOIN", **{k: v for k, v in CONSENTS[0].items() if k != "type"}}
E9 = (("DRUG", "200.00"),)


def with_vouchers(clinic: Clinic, *coverages: dict[str, Any]) -> Visit:
    """An elder of Hong Kong with vouchers of HKD 2,000 who is insured in Jiangmen."""
    visit = clinic.open(ELDER, {"funder": "voucher"}, *coverages, consents=[*CONSENTS, JOINED])
    rate = ConversionRate(
        cny_per_hkd=Decimal("0.915"), source="voucher system", as_of=AT, rate_id="r"
    )
    account = VoucherAccount(
        account_id="va-1", balance=hk_cents(200_000), ehealth_joined=True, rate=rate, as_of=AT
    )
    with clinic.world.records.transaction() as tx:
        tx.put_voucher_account(visit.episode, account, AT)
    return visit


def legal(body: dict[str, Any]) -> dict[tuple[int, ...], dict[str, str]]:
    """Chosen coverages → funder → CNY."""
    return {
        tuple(a["coverages"]): {t["funder"]: t["amount"]["amount"] for t in a["totals"]}
        for a in body["alternatives"]
    }


def test_e3_is_refused_with_the_figures_of_both_ways_to_pay(clinic: Clinic) -> None:
    visit = with_vouchers(clinic, fund(POOL))
    refused = visit.bill(*E3)
    assert refused.codes == ["VOUCHER_WITH_BASIC_INSURANCE"]
    assert legal(refused.body) == {
        (0,): {"voucher": "419.99", "patient": "0.01"},
        (1,): {"basic_insurance": "240.00", "patient": "180.00"},
    }
    assert (visit.ledger(), clinic.bureau.journal("settled")) == ({}, [])


def test_e3_a_vouchers_alone_are_never_shown_to_the_bureau(clinic: Clinic) -> None:
    visit = with_vouchers(clinic, fund(POOL))
    quoted = len(clinic.bureau.journal("pre_settled"))
    answer = visit.bill(*E3, coverages=[0])
    assert parts(answer.split) == {"voucher": 41999, "patient": 1}
    assert len(clinic.bureau.journal("pre_settled")) == quoted
    assert visit.standing().settlement_due is None


def test_e3_b_insurance_alone_is_settled_with_cash_or_with_the_account(clinic: Clinic) -> None:
    visit = with_vouchers(clinic, fund(POOL))
    answer = visit.bill(*E3, coverages=[1])
    assert parts(answer.split) == {"basic_insurance": 24000, "patient": 18000}
    visit.tender(answer, "180.00")
    visit.settle()
    assert visit.ledger() == owed(fund=24000)
    second = with_vouchers(clinic, fund(POOL), ACCOUNT)
    answer = second.bill(*E3, coverages=[1, 2])
    assert parts(answer.split) == {
        "basic_insurance": 24000,
        "personal_account": 14000,
        "patient": 4000,
    }


def test_an_account_beside_vouchers_is_refused_and_each_alone_is_legal(clinic: Clinic) -> None:
    visit = with_vouchers(clinic, fund(POOL), ACCOUNT)
    refused = visit.bill(*E3)
    assert set(refused.codes) == {"VOUCHER_WITH_BASIC_INSURANCE", "ACCOUNT_BESIDE_OTHERS"}
    assert legal(refused.body) == {
        (0,): {"voucher": "419.99", "patient": "0.01"},
        (1, 2): {"basic_insurance": "240.00", "personal_account": "140.00", "patient": "40.00"},
    }


def test_e9_bound_the_daughters_account_pays_the_whole_bill(clinic: Clinic) -> None:
    set_person(clinic, DAUGHTER, balance="500.00")
    visit = clinic.open(FATHER, ACCOUNT)
    answer = visit.bill(*E9)
    assert parts(answer.split) == {"personal_account": 20000, "patient": 0}
    visit.settle()
    assert visit.ledger() == owed(family=20000)


def test_e9_an_empty_account_is_bound_and_pays_nothing(clinic: Clinic) -> None:
    set_person(clinic, DAUGHTER, balance="0.00")
    visit = clinic.open(FATHER, ACCOUNT)
    answer = visit.bill(*E9)
    assert parts(answer.split) == {"personal_account": 0, "patient": 20000}
    assert "FAMILY_ACCOUNT_EMPTY" in [s.result.split()[0] for s in answer.split.trace]
    assert visit.standing().settlement_due is None


def test_e9_a_holder_in_resident_insurance_has_no_account(clinic: Clinic) -> None:
    set_person(clinic, DAUGHTER, insutype="390")
    visit = clinic.open(FATHER, ACCOUNT)
    assert visit.bill(*E9).codes == ["FAMILY_NO_PERSONAL_ACCOUNT"]


def test_e9_foshan_is_within_the_province_and_guangxi_is_not(clinic: Clinic) -> None:
    set_person(clinic, FATHER, area="440604")
    assert clinic.open(FATHER, ACCOUNT).bill(*E9).status == 200
    set_person(clinic, FATHER, area="450103")
    assert clinic.open(FATHER, ACCOUNT).bill(*E9).codes == ["FAMILY_POOL_MISMATCH"]


def test_e9_the_holders_card_is_not_the_patients(clinic: Clinic) -> None:
    shown = {**ACCOUNT, "policy_number": "C44070001"}
    visit = clinic.open(FATHER, shown)
    assert visit.bill(*E9).codes == ["CARD_SHARING"]
    own = clinic.open(FATHER, {**ACCOUNT, "policy_number": "C44070002"})
    assert own.bill(*E9).status == 200


def test_e9_who_is_not_insured_uses_no_account_and_no_fund(clinic: Clinic) -> None:
    nobody = "440703190001010008"
    visit = clinic.open(nobody, fund(CAPS), ACCOUNT)
    assert set(visit.bill(*E9).codes) == {"BUREAU_PERSON_UNKNOWN", "FAMILY_USER_NOT_INSURED"}
    assert "BUREAU_PERSON_UNKNOWN" in visit.exceptions()


@pytest.mark.parametrize(
    ("day", "codes"), [("2025-08-09", ["BASIC_WAITING_PERIOD"]), ("2025-08-10", [])]
)
def test_e9_the_waiting_period_ends_on_its_day(clinic: Clinic, day: str, codes: list[str]) -> None:
    visit = clinic.open(WAITS, fund(CAPS))
    answer = visit.bill(("GEN-CONSULT", "200.00"), day=day)
    assert answer.codes == codes
    if codes:
        assert legal(answer.body) == {(): {"patient": "200.00"}}
    else:
        assert parts(answer.split) == {"basic_insurance": 5000, "patient": 15000}


@pytest.mark.parametrize(
    ("day", "codes"), [("2025-09-09", ["BASIC_WAITING_PERIOD"]), ("2025-09-10", [])]
)
def test_e9_five_missed_years_wait_six_months_and_no_longer(
    clinic: Clinic, day: str, codes: list[str]
) -> None:
    set_person(clinic, WAITS, missed_years=5, benefit_from="2025-09-10")
    answer = clinic.open(WAITS, fund(CAPS)).bill(("GEN-CONSULT", "200.00"), day=day)
    assert answer.codes == codes
    if not codes:
        assert parts(answer.split) == {"basic_insurance": 5000, "patient": 15000}


def test_e9_a_newborn_does_not_wait(clinic: Clinic) -> None:
    set_person(clinic, WAITS, paid_date="2025-04-10", exempt="newborn", benefit_from="")
    answer = clinic.open(WAITS, fund(CAPS)).bill(("GEN-CONSULT", "200.00"))
    assert parts(answer.split) == {"basic_insurance": 5000, "patient": 15000}


def test_a_suspended_insurance_is_refused_by_our_rules_with_the_bureaus_fact(
    clinic: Clinic,
) -> None:
    visit = clinic.open(SUSPENDED, fund(POOL))
    assert visit.bill(*E9).codes == ["INSURED_STATUS"]


def test_a_resident_away_from_the_institution_that_he_chose_pays_himself(clinic: Clinic) -> None:
    visit = clinic.designated(LEVEL_1).open(FATHER, fund(CAPS))
    assert visit.bill(*E9).codes == ["BASIC_NOT_CONTRACTED"]


def test_a_hospital_that_is_not_designated_asks_nobody(clinic: Clinic) -> None:
    visit = clinic.designated(None).open(FATHER, fund(CAPS), ACCOUNT)
    assert set(visit.bill(*E9).codes) == {"BUREAU_NOT_DESIGNATED"}
    assert clinic.bureau.journal("asked_person") == []


def test_an_international_bill_is_the_patients_and_the_bureau_is_not_asked(clinic: Clinic) -> None:
    visit = clinic.open(FATHER, fund(CAPS), visit={"channel": "international"})
    answer = visit.bill(*E9, day="2026-02-01")
    assert parts(answer.split) == {"patient": 20000}
    assert clinic.bureau.journal("pre_settled") == []
    visit.tender(answer, "200.00")
    assert visit.standing().closable


def test_an_account_may_pay_an_international_bill_that_the_fund_may_not(clinic: Clinic) -> None:
    """Nobody has said that it may not."""
    visit = clinic.open(DAUGHTER, fund(CAPS), ACCOUNT, visit={"channel": "international"})
    answer = visit.bill(*E9, day="2026-02-01")
    assert parts(answer.split) == {"personal_account": 20000, "patient": 0}
    visit.settle()
    assert visit.ledger() == owed(account=20000)
