"""Basic insurance at the window: the bureau's word is split, settled once, booked, taken back."""

from __future__ import annotations

import pytest

from crossclaim.domain.submission import ConsentType, SubmissionKind
from tests.steps.clinic import (
    ACCOUNT,
    AT,
    CAPS,
    CONSENTS,
    DAUGHTER,
    FATHER,
    LEVEL_1,
    PERSON,
    POOL,
    RETIRED,
    Clinic,
    bill_of,
    fund,
    parts,
)

E8A = (("GEN-CONSULT", "10.00"), ("DRUG", "120.00"))
E8B = (("DRUG", "300.00"), ("OWN-EXPENSE", "20.00"))


def owed(fund: int = 0, account: int = 0, family: int = 0) -> dict[str, int]:
    """What is left when all is paid: the bureau's debts to the hospital, purse by purse."""
    found = {}
    for purse, amount in (("fund", fund), ("account", account), ("family", family)):
        if amount:
            found[f"hospital:hku-szh:bureau_{purse}_receivable"] = amount
            found[f"bureau:{purse}:committed"] = -amount
    return found


def test_e8_a_the_fund_the_daughters_account_and_nothing_of_the_fathers(clinic: Clinic) -> None:
    visit = clinic.open(FATHER, fund(CAPS), ACCOUNT)
    answer = visit.bill(*E8A)
    assert parts(answer.split) == {"basic_insurance": 400, "personal_account": 12600, "patient": 0}
    assert visit.ledger() == {
        "funder:basic_insurance:due": 400,
        "funder:personal_account:due": 12600,
        "hospital:hku-szh:bills": -13000,
    }
    visit.settle()
    assert visit.states() == ["approved"]
    assert visit.ledger() == owed(fund=400, family=12600)
    (settled,) = clinic.bureau.journal("settled")
    assert (settled["person"], settled["family"]) == (PERSON[FATHER], 12600)
    assert visit.exceptions() == {}
    assert visit.standing().closable


def test_e8_b_the_month_limit_her_own_account_and_840_fen_in_cash(clinic: Clinic) -> None:
    clinic.open(FATHER, fund(CAPS), ACCOUNT)
    father = clinic.open(FATHER, fund(CAPS), ACCOUNT)
    father.bill(*E8A)
    father.settle()
    visit = clinic.open(DAUGHTER, fund(CAPS), ACCOUNT)
    answer = visit.bill(*E8B)
    assert parts(answer.split) == {
        "basic_insurance": 2500,
        "personal_account": 28660,
        "patient": 840,
    }
    assert visit.standing().settlement_due is None
    assert visit.tender(answer, "8.40").status == 200
    visit.settle()
    assert visit.ledger() == owed(fund=2500, account=28660)
    told = [step.result.split()[0] for step in answer.split.trace]
    assert told.index("BASIC_FUND") < told.index("BUREAU_BINDS") < told.index("ACCOUNT_LEG")
    assert "BUREAU_DIFFERS" not in told


def test_e8_b_without_limits_the_account_pays_the_rest(clinic: Clinic) -> None:
    set_person(clinic, DAUGHTER, benefit="open", balance="286.60")
    visit = clinic.open(DAUGHTER, fund(POOL), ACCOUNT)
    answer = visit.bill(*E8B)
    assert parts(answer.split) == {
        "basic_insurance": 18000,
        "personal_account": 14000,
        "patient": 0,
    }
    visit.settle()
    assert visit.ledger() == owed(fund=18000, account=14000)


def test_e8_c_retired_at_the_first_level_with_the_year_nearly_used(clinic: Clinic) -> None:
    visit = clinic.designated(LEVEL_1).open(RETIRED, fund(CAPS))
    answer = visit.bill(("DRUG", "300.00"), day="2025-12-03")
    assert parts(answer.split) == {"basic_insurance": 1000, "patient": 29000}
    visit.tender(answer, "290.00")
    visit.settle()
    assert visit.ledger() == owed(fund=1000)
    assert "BUREAU_DIFFERS" not in [s.result.split()[0] for s in answer.split.trace]


def test_e8_d_a_special_disease_is_seen_by_its_registered_code(clinic: Clinic) -> None:
    set_person(clinic, FATHER, diseases={"I10": "class-3"})
    visit = clinic.open(FATHER, fund(CAPS))
    answer = visit.bill(("GEN-CONSULT", "10.00"))
    assert parts(answer.split) == {"basic_insurance": 600, "patient": 400}
    assert visit.exceptions() == {}


def test_what_the_bureau_pays_otherwise_than_our_rules_binds_and_a_person_hears(
    clinic: Clinic,
) -> None:
    """The plan knows no limit, the bureau has one."""
    visit = clinic.open(DAUGHTER, fund(POOL))
    answer = visit.bill(*E8B)
    assert parts(answer.split) == {"basic_insurance": 2500, "patient": 29500}
    (step,) = (s for s in answer.split.trace if s.result.startswith("BUREAU_DIFFERS"))
    assert step.inputs["forecast"] == "CNY 180.00"
    assert "BASIC_FORECAST_DIFFERS" in visit.exceptions()
    by_line = {s.line: s.amount.amount_minor for s in answer.split.shares if s.funder == "patient"}
    assert sum(by_line.values()) == 29500
    visit.tender(answer, "295.00")
    visit.settle()
    assert visit.ledger() == owed(fund=2500)


def test_two_bills_of_one_visit_count_what_the_first_one_used(clinic: Clinic) -> None:
    visit = clinic.open(DAUGHTER, fund(CAPS))
    first = visit.bill(("DRUG", "20.00"))
    assert parts(first.split)["basic_insurance"] == 1200
    visit.tender(first, "8.00")
    visit.settle()
    second = visit.bill(("DRUG", "300.00"))
    assert parts(second.split)["basic_insurance"] == 1300
    assert visit.exceptions() == {}


def test_an_interim_bill_is_a_forecast_and_its_lines_are_withdrawn_for_the_final_one(
    clinic: Clinic,
) -> None:
    visit = clinic.open(FATHER, fund(CAPS), ACCOUNT)
    interim = bill_of("MZF-I", *E8A, status="interim")
    answer = visit.send(SubmissionKind.BILL, interim)
    assert answer.body["forecast"] is True
    assert visit.standing().settlement_due is None
    final = bill_of("MZF-I", *E8A[:1], ("DRUG", "110.00"), version=2)
    assert visit.send(SubmissionKind.BILL, final).status == 200
    visit.bill(("DRUG", "10.00"))
    assert len(clinic.bureau.journal("withdrawn")) == 1
    visit.settle()
    assert visit.states()[0] == "approved"


def test_a_void_takes_the_settlement_back_and_everything_is_as_before(clinic: Clinic) -> None:
    visit = clinic.open(FATHER, fund(CAPS), ACCOUNT)
    answer = visit.bill(*E8A)
    visit.settle()
    assert visit.void(answer).status == 200
    assert visit.states() == ["voiding"]
    visit.cancel()
    visit.look_up()
    assert (visit.states(), visit.ledger()) == (["voided"], {})
    assert [len(clinic.bureau.journal(k)) for k in ("settled", "cancelled")] == [1, 1]
    again = visit.bill(*E8A)
    assert parts(again.split)["personal_account"] == 12600
    visit.settle()
    assert visit.ledger() == owed(fund=400, family=12600)


def test_a_balance_that_fell_before_the_settlement_is_given_back_and_the_patient_asked_again(
    clinic: Clinic,
) -> None:
    visit = clinic.open(FATHER, fund(CAPS), ACCOUNT)
    answer = visit.bill(*E8A)
    clinic.bureau.script(
        "balance_changed", match={"infno": "2207"}, account=PERSON[DAUGHTER], balance="100.00"
    )
    visit.settle()
    assert visit.states() == ["voiding"]
    assert list(visit.exceptions()) == ["BASIC_SPLIT_CHANGED"]
    splits = [parts(split) for split in clinic.rig.splits(visit.episode)]
    assert splits[-1] == {"basic_insurance": 400, "personal_account": 10000, "patient": 2600}
    visit.cancel()
    assert visit.standing().settlement_due is None
    assert visit.ledger() == {
        "funder:basic_insurance:due": 400,
        "funder:personal_account:due": 10000,
        "funder:patient:due": 2600,
        "hospital:hku-szh:bills": -13000,
    }
    visit.tender(answer, "26.00")
    visit.settle()
    assert visit.states() == ["voided", "approved"]
    assert visit.ledger() == owed(fund=400, family=10000)
    assert visit.exceptions() == {}


def test_nothing_is_sent_without_consent_and_a_consent_given_later_is_enough(
    clinic: Clinic,
) -> None:
    visit = clinic.open(FATHER, fund(CAPS), ACCOUNT, consents=CONSENTS[:1])
    assert clinic.bureau.journal("asked_person") == []
    assert "BUREAU_CONSENT_MISSING" in visit.exceptions()
    answer = visit.bill(*E8A)
    assert set(answer.codes) == {"BUREAU_CONSENT_MISSING"}
    given = {"number": "C-1", "given": CONSENTS[1], "stated_at": "2025-04-10T10:00:00+08:00"}
    assert visit.send(SubmissionKind.CONSENT, given).status == 200
    assert visit.standing().bureau_look_up_due
    visit.look_up()
    assert visit.exceptions() == {}
    assert parts(visit.bill(*E8A).split)["basic_insurance"] == 400


def test_a_consent_withdrawn_before_the_settlement_stops_it(clinic: Clinic) -> None:
    visit = clinic.open(FATHER, fund(CAPS), ACCOUNT)
    visit.bill(*E8A)
    with clinic.world.records.transaction() as tx:
        tx.withdraw_consents(visit.episode, ConsentType.PI_PROVIDE, AT, AT)
    visit.settle()
    assert visit.states() == ["failed"]
    assert clinic.bureau.journal("settled") == []
    assert "BUREAU_CONSENT_MISSING" in visit.exceptions()


@pytest.mark.parametrize("coverages", [(fund(CAPS),), (fund(CAPS), ACCOUNT)])
def test_a_day_procedure_goes_to_a_person_as_nobody_says_how_it_is_settled(
    clinic: Clinic, coverages: tuple[dict[str, str], ...]
) -> None:
    stay = {"encounter_class": "day_procedure"}
    visit = clinic.open(FATHER, *coverages, looked_up=False, visit=stay)
    assert not visit.standing().bureau_look_up_due
    assert "FUNDER_NEEDS_PERSON" in visit.bill(*E8A, quoted=False).codes


def set_person(clinic: Clinic, certno: str, **row: object) -> None:
    clinic.bureau._control.put(
        "/_control/tables", json={"persons": {PERSON[certno]: row}}
    ).raise_for_status()
