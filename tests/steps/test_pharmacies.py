"""A purchase at a designated pharmacy: own or shared personal account, and nothing else."""

from __future__ import annotations

from typing import Any

from crossclaim.domain.reference import Designation
from tests.steps.clinic import ACCOUNT, CAPS, DAUGHTER, FATHER, LEVEL_3, Clinic, Visit, fund, parts
from tests.steps.kin import bound, end_all, used
from tests.steps.test_settlement_refusals import legal
from tests.steps.test_settlements import owed, set_person

PHARMACY = Designation(kind="pharmacy", code="P44070300001", area="440703")
DRUGS = (("DRUG", "145.50"), ("DRUG-2", "41.00"))


def purchase(clinic: Clinic, person: str, *coverages: dict[str, Any]) -> Visit:
    shop = clinic.designated(PHARMACY)
    return shop.open(person, *coverages, visit={"encounter_class": "pharmacy"})


def test_the_own_account_pays_at_a_designated_pharmacy_until_it_is_empty(clinic: Clinic) -> None:
    set_person(clinic, DAUGHTER, balance="100.00")
    visit = purchase(clinic, DAUGHTER, ACCOUNT)
    answer = visit.bill(*DRUGS)
    assert parts(answer.split) == {"personal_account": 10000, "patient": 8650}
    visit.tender(answer, "86.50")
    visit.settle()
    assert visit.ledger() == owed(account=10000)


def test_the_daughters_account_pays_what_her_father_buys_and_a_return_gives_it_back(
    clinic: Clinic,
) -> None:
    end_all(clinic)
    binding = bound(clinic)
    visit = purchase(clinic, FATHER, ACCOUNT)
    answer = visit.bill(*DRUGS)
    assert parts(answer.split) == {"personal_account": 18650, "patient": 0}
    visit.settle()
    assert (visit.ledger(), used(clinic, binding)) == (owed(family=18650), [18650])
    visit.void(answer)
    visit.cancel()
    assert (visit.ledger(), used(clinic, binding)) == ({}, [18650, -18650])


def test_without_a_binding_the_account_pays_nothing_there_either(clinic: Clinic) -> None:
    end_all(clinic)
    visit = purchase(clinic, FATHER, ACCOUNT)
    refused = visit.bill(*DRUGS)
    assert refused.codes == ["FAMILY_NOT_BOUND"]
    assert legal(refused.body) == {(): {"patient": "186.50"}}


def test_the_holders_card_is_not_the_buyers(clinic: Clinic) -> None:
    shown = {**ACCOUNT, "policy_number": "C44070001"}
    assert purchase(clinic, FATHER, shown).bill(*DRUGS).codes == ["CARD_SHARING"]


def test_an_empty_account_is_no_refusal_and_pays_nothing(clinic: Clinic) -> None:
    set_person(clinic, DAUGHTER, balance="0.00")
    answer = purchase(clinic, DAUGHTER, ACCOUNT).bill(*DRUGS)
    assert parts(answer.split) == {"personal_account": 0, "patient": 18650}
    assert "PERSONAL_ACCOUNT_EMPTY" in [s.result.split()[0] for s in answer.split.trace]


def test_the_pooled_fund_at_a_pharmacy_goes_to_a_person_and_the_account_alone_is_legal(
    clinic: Clinic,
) -> None:
    visit = purchase(clinic, DAUGHTER, fund(CAPS), ACCOUNT)
    refused = visit.bill(*DRUGS)
    assert refused.codes == ["FUNDER_NEEDS_PERSON"]
    assert legal(refused.body) == {(1,): {"personal_account": "186.50", "patient": "0.00"}}
    assert parts(visit.bill(*DRUGS, coverages=[1]).split)["personal_account"] == 18650


def test_a_pharmacy_that_is_not_designated_takes_no_account(clinic: Clinic) -> None:
    shop = clinic.designated(None)
    visit = shop.open(DAUGHTER, ACCOUNT, visit={"encounter_class": "pharmacy"})
    assert visit.bill(*DRUGS, quoted=False).codes == ["BUREAU_NOT_DESIGNATED"]


def test_a_hospital_sells_nothing_as_a_pharmacy_and_a_pharmacy_treats_nobody(
    clinic: Clinic,
) -> None:
    hospital = clinic.designated(LEVEL_3)
    sold = hospital.open(DAUGHTER, ACCOUNT, visit={"encounter_class": "pharmacy"})
    treated = clinic.designated(PHARMACY).open(DAUGHTER, ACCOUNT)
    for visit in (sold, treated):
        assert visit.bill(*DRUGS).codes == ["ACCOUNT_PLACE_NOT_ALLOWED"]
    assert clinic.bureau.journal("settled") == []
