"""Scenarios E3, E8 and E10 through the whole chain: fund, accounts and credit on one bill."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from crossclaim.domain.allocate import LINKS, allocate
from crossclaim.domain.allocation import AllocationResult, BillFacts
from crossclaim.domain.basic_facts import BasicFacts, BasicLine, Care, HospitalLevel, Period
from crossclaim.domain.chain import Link
from crossclaim.domain.family_account import (
    AccountFacts,
    AccountHolder,
    AccountUser,
    Area,
    FamilyCodeLink,
    FamilySharing,
    Place,
)
from crossclaim.domain.insured import Insurance, Insured, InsuredStatus, Relation
from crossclaim.domain.mainland_links import account_link, basic_link, pay_later_link
from crossclaim.domain.money import fen
from crossclaim.domain.pay_later import Payer, PayLaterFacts
from crossclaim.domain.submission import EncounterClass, FunderKind
from tests.rules import facts as given
from tests.rules.test_scenarios import conserved

JIANGMEN = Area(pool="jiangmen", province="guangdong")
IN_SERVICE = Insured(insurance=Insurance.EMPLOYEE, retired=False)
POOL, SEED_CAPS = "jiangmen-pool-2022", "jiangmen-seed-caps"


def fund(day: date, amount: int, eligible: int | None, **more: Any) -> Link:
    stated = None if eligible is None else fen(eligible)
    lines = [BasicLine(number=1, amount=fen(amount), eligible=stated)]
    facts: dict[str, Any] = {
        "insured": IN_SERVICE,
        "care": Care.OUTPATIENT,
        "on": day,
        "lines": lines,
        "level": HospitalLevel.LEVEL_2,
    }
    return basic_link(BasicFacts(**(facts | more)))


def account(day: date, balance: int) -> Link:
    holder = AccountHolder(insurance=Insurance.EMPLOYEE, area=JIANGMEN, balance=fen(balance))
    return account_link(AccountFacts(on=day, place=Place.DESIGNATED_HOSPITAL, holder=holder))


def bill(day: date, amount: int, *coverages: dict[str, str]) -> BillFacts:
    facts = given.with_lines(
        given.voucher_facts(200000), [given.line(1, "consultation", amount, day)]
    )
    return given.with_episode(given.served_on(facts, day), coverages=list(coverages))


def basic(plan: str) -> dict[str, str]:
    return {"funder": "basic_insurance", "plan": plan}


def paid(result: AllocationResult) -> dict[str, int]:
    return {one.funder.value: one.amount.amount_minor for one in result.totals}


def test_e3_is_refused_and_lists_voucher_and_fund_with_exact_fen() -> None:
    day = date(2026, 2, 1)
    facts = bill(day, 42000, {"funder": "voucher"}, basic(POOL))
    result = allocate(facts, given.PLANS, (*LINKS, fund(day, 42000, 40000)))
    assert [f.code for f in result.faults] == ["VOUCHER_WITH_BASIC_INSURANCE"]
    first, second = ({t.funder.value: t.amount for t in a.totals} for a in result.alternatives)
    assert first == {"voucher": fen(41999), "patient": fen(1)}
    assert second == {"basic_insurance": fen(24000), "patient": fen(18000)}
    assert POOL in [rule.plan for rule in result.alternatives[1].rules]


def test_e3_b_leaves_18000_fen_to_the_account_and_cash() -> None:
    day = date(2026, 2, 1)
    facts = bill(day, 42000, basic(POOL), {"funder": "personal_account"})
    for balance, own, cash in ((17999, 17999, 1), (18000, 18000, 0), (18001, 18000, 0)):
        links = (*LINKS, fund(day, 42000, 40000), account(day, balance))
        result = allocate(facts, given.PLANS, links)
        assert paid(result) == {"basic_insurance": 24000, "personal_account": own, "patient": cash}
        assert conserved(result, facts)


def test_what_an_account_pays_is_the_patients_own_money_and_counts_as_his_cost() -> None:
    day = date(2026, 2, 1)
    facts = bill(day, 42000, {"funder": "voucher"}, basic(POOL), {"funder": "personal_account"})
    links = (*LINKS, fund(day, 42000, 40000), account(day, 50000))
    result = allocate(facts, given.PLANS, links)
    assert [(one.coverages, one.patient, one.cost) for one in result.alternatives] == [
        ([0, 2], fen(0), fen(1)),
        ([1, 2], fen(0), fen(18000)),
    ]


def test_credit_is_repaid_so_the_cheaper_way_is_not_the_one_with_more_of_it() -> None:
    day = date(2026, 3, 18)
    coverages = ({"funder": "voucher"}, basic(POOL), {"funder": "pay_later"})
    facts = bill(day, 42000, *coverages)
    facts = facts.model_copy(update={"voucher_balance": given.hk_cents(10000)})
    links = (*LINKS, fund(day, 42000, 40000), dongguan(day, 72000, card=False))
    result = allocate(facts, given.PLANS, links)
    assert [(one.coverages, one.patient, one.cost) for one in result.alternatives] == [
        ([1, 2], fen(0), fen(18000)),
        ([0, 2], fen(0), fen(32850)),
    ]


def test_e8_b_over_the_month_cap_spends_the_account_and_then_cash() -> None:
    day = date(2025, 3, 1)
    facts = bill(day, 32000, basic(SEED_CAPS), {"funder": "personal_account"})
    used = {Period.MONTH: fen(0), Period.YEAR: fen(0)}
    links = (*LINKS, fund(day, 32000, 30000, used=used), account(day, 28660))
    result = allocate(facts, given.PLANS, links)
    assert paid(result) == {"basic_insurance": 2500, "personal_account": 28660, "patient": 840}
    assert conserved(result, facts)
    told = [step.result.split()[0] for step in result.trace]
    assert told.index("BASIC_FUND") < told.index("ACCOUNT_LEG") < told.index("PATIENT_REST")


def test_e9_without_a_binding_the_family_account_is_refused_and_the_patient_pays_20000() -> None:
    day = date(2025, 3, 1)
    facts = bill(day, 20000, {"funder": "personal_account"})
    holder = AccountHolder(insurance=Insurance.EMPLOYEE, area=JIANGMEN, balance=fen(50000))
    sharing = FamilySharing(
        authoriser=holder,
        user=AccountUser(insured=True, area=JIANGMEN),
        relation=Relation.PARENT,
    )
    told = AccountFacts(on=day, place=Place.DESIGNATED_HOSPITAL, sharing=sharing)
    result = allocate(facts, given.PLANS, (*LINKS, account_link(told)))
    assert [f.code for f in result.faults] == ["FAMILY_NOT_BOUND"]
    assert [(one.coverages, one.patient) for one in result.alternatives] == [([], fen(20000))]
    bound = told.model_copy(update={"sharing": sharing.model_copy(update={"approved_on": day})})
    result = allocate(facts, given.PLANS, (*LINKS, account_link(bound)))
    assert paid(result) == {"personal_account": 20000, "patient": 0}


def dongguan(day: date, credit: int, card: bool) -> Link:
    payer = Payer(
        status=InsuredStatus.ACTIVE,
        account=fen(26000),
        credit_available=fen(credit),
        bank_card=card,
    )
    return pay_later_link(
        PayLaterFacts(
            on=day,
            hospital="dongguan-tcm",
            encounter_class=EncounterClass.OUTPATIENT,
            payer=payer,
            relation=Relation.PARENT,
            agreement_signed=True,
        )
    )


@pytest.mark.parametrize(
    ("credit", "drawn", "patient"), [(72001, 72000, 0), (72000, 72000, 0), (71999, 0, 72000)]
)
def test_e10_account_then_credit_and_too_little_credit_pays_nothing(
    credit: int, drawn: int, patient: int
) -> None:
    day = date(2026, 3, 18)
    facts = bill(day, 98000, {"funder": "pay_later"})
    result = allocate(facts, given.PLANS, (*LINKS, dongguan(day, credit, card=False)))
    assert not result.refused and conserved(result, facts)
    assert result.of(FunderKind.PERSONAL_ACCOUNT) == fen(26000)
    assert result.of(FunderKind.PAY_LATER) == fen(drawn)
    assert result.of(FunderKind.PATIENT) == fen(patient)


def test_a_line_that_the_fund_was_not_told_of_is_asked_for() -> None:
    day = date(2026, 2, 1)
    result = allocate(bill(day, 42000, basic(POOL)), given.PLANS, (*LINKS, fund(day, 42000, None)))
    assert [f.code for f in result.faults] == ["BASIC_ELIGIBLE_NOT_STATED"]
    assert [one.coverages for one in result.alternatives] == [[]]


def test_more_eligible_than_the_line_is_a_fault_and_never_cut() -> None:
    day = date(2026, 2, 1)
    links = (*LINKS, fund(day, 42000, 42001))
    result = allocate(bill(day, 42000, basic(POOL)), given.PLANS, links)
    assert [f.code for f in result.faults] == ["BASIC_ELIGIBLE_ABOVE_LINE"]


def test_no_more_is_eligible_than_earlier_funders_left() -> None:
    """With vouchers allowed beside it (a changed rule) the fund sees one fen only."""
    day = date(2026, 2, 1)
    scheme = given.PLANS.find(given.VOUCHER_PLAN)
    assert scheme is not None
    plans = given.PLANS.replacing([given.with_value(scheme, "combination.not_with", ())])
    facts = bill(day, 42000, {"funder": "voucher"}, basic(POOL))
    result = allocate(facts, plans, (*LINKS, fund(day, 42000, 40000)))
    assert paid(result) == {"voucher": 41999, "basic_insurance": 1, "patient": 0}
    assert conserved(result, facts)


def test_the_fund_is_not_asked_about_an_international_bill() -> None:
    day = date(2026, 2, 1)
    facts = given.with_episode(bill(day, 42000, basic(POOL)), visit={"channel": "international"})
    result = allocate(facts, given.PLANS, (*LINKS, fund(day, 42000, 40000)))
    assert paid(result) == {"patient": 42000}
    assert any(s.result.startswith("BASIC_NOT_COVERED_INTERNATIONAL") for s in result.trace)


def own_and_family(day: date, own: int, relative: int) -> Link:
    holder = AccountHolder(insurance=Insurance.EMPLOYEE, area=JIANGMEN, balance=fen(own))
    sharing = FamilySharing(
        authoriser=holder.model_copy(update={"balance": fen(relative)}),
        user=AccountUser(insured=True, area=JIANGMEN),
        relation=Relation.PARENT,
        approved_on=day,
    )
    place = Place.DESIGNATED_HOSPITAL
    return account_link(AccountFacts(on=day, place=place, holder=holder, sharing=sharing))


@pytest.mark.parametrize(
    ("own", "relative", "left"),
    [(17999, 24001, 0), (17999, 24000, 1), (42000, 1, 0), (0, 0, 42000)],
)
def test_the_own_account_pays_first_and_a_relatives_on_what_it_leaves(
    own: int, relative: int, left: int
) -> None:
    day = date(2026, 2, 1)
    facts = bill(day, 42000, {"funder": "personal_account", "organisation": "jiangmen-hsa"})
    result = allocate(facts, given.PLANS, (*LINKS, own_and_family(day, own, relative)))
    parts = [t for t in result.totals if t.funder is FunderKind.PERSONAL_ACCOUNT]
    taken = min(own, 42000)
    assert [part.amount for part in parts] == [fen(taken), fen(min(relative, 42000 - taken))]
    assert [part.organisation for part in parts] == ["jiangmen-hsa"] * 2
    assert result.of(FunderKind.PATIENT) == fen(left)
    shares = [s for s in result.shares if s.funder is FunderKind.PERSONAL_ACCOUNT]
    assert {share.organisation for share in shares} == {"jiangmen-hsa"}
    assert sum(share.amount.amount_minor for share in result.shares) == 42000


@pytest.mark.parametrize("funder", ["basic_insurance", "personal_account", "pay_later"])
@pytest.mark.parametrize("plan", ["no-such-plan", "vhis-standard-hk"])
def test_a_plan_of_another_funder_is_none_of_this_one(funder: str, plan: str) -> None:
    day = date(2026, 3, 18)
    facts = bill(day, 42000, {"funder": funder, "plan": plan})
    links = (*LINKS, fund(day, 42000, 40000), account(day, 1), dongguan(day, 1, card=False))
    (fault,) = allocate(facts, given.PLANS, links).faults
    assert (fault.code, fault.pointer) == ("PLAN_UNKNOWN", "/episode/coverages/0/plan")
    assert plan in fault.text.en


def test_a_line_that_nobody_told_the_fund_of_is_asked_for_by_its_number() -> None:
    day = date(2026, 2, 1)
    facts = bill(day, 42000, basic(POOL))
    lines = [given.line(n, "consultation", amount, day) for n, amount in ((1, 42000), (2, 500))]
    result = allocate(
        given.with_lines(facts, lines), given.PLANS, (*LINKS, fund(day, 42000, 40000))
    )
    (fault,) = result.faults
    assert fault.code == "BASIC_ELIGIBLE_NOT_STATED"
    assert "2" in fault.pointer or "2" in fault.text.en


def test_the_steps_of_account_and_credit_are_told_once() -> None:
    day = date(2026, 3, 18)
    facts = bill(day, 98000, {"funder": "pay_later"})
    result = allocate(facts, given.PLANS, (*LINKS, dongguan(day, 72000, card=False)))
    told = [step.result.split()[0] for step in result.trace]
    assert told == ["ACCOUNT_LEG", "CREDIT_LEG", "CREDIT_DUE", "PATIENT_REST"]
    shares = {(s.funder.value, s.line): s for s in result.shares}
    assert not any(share.reasons for (funder, _), share in shares.items() if funder != "patient")


def test_the_steps_of_an_account_that_pays_alone_are_told() -> None:
    day = date(2026, 3, 18)
    facts = bill(day, 20000, {"funder": "pay_later"})
    result = allocate(facts, given.PLANS, (*LINKS, dongguan(day, 72000, card=False)))
    told = [step.result.split()[0] for step in result.trace]
    assert told.count("ACCOUNT_LEG") == 1 and result.of(FunderKind.PERSONAL_ACCOUNT) == fen(20000)


def test_a_linked_code_beside_the_own_account_shares_no_money_and_says_so() -> None:
    day = date(2026, 2, 1)
    holder = AccountHolder(insurance=Insurance.EMPLOYEE, area=JIANGMEN, balance=fen(100))
    linked = FamilyCodeLink(relation=Relation.PARENT, linked_on=day)
    told = AccountFacts(on=day, place=Place.DESIGNATED_HOSPITAL, holder=holder, code_link=linked)
    facts = bill(day, 42000, {"funder": "personal_account"})
    result = allocate(facts, given.PLANS, (*LINKS, account_link(told)))
    assert [fault.code for fault in result.faults] == ["FAMILY_NOT_BOUND"]


def test_pay_after_care_that_is_refused_names_the_rules_that_refused_it() -> None:
    day = date(2026, 3, 18)
    payer = Payer(status=InsuredStatus.SUSPENDED, account=fen(26000))
    told = PayLaterFacts(
        on=day, hospital="dongguan-tcm", encounter_class=EncounterClass.OUTPATIENT, payer=payer
    )
    facts = bill(day, 98000, {"funder": "pay_later"})
    result = allocate(facts, given.PLANS, (*LINKS, pay_later_link(told)))
    assert [fault.code for fault in result.faults] == ["INSURED_STATUS"]
    assert "huimin-dongguan" in [rule.plan for rule in result.rules]
