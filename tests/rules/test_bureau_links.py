"""The bureau's word binds, our rules are the forecast: figures, codes, and not a fen lost."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given as hypothesis_given
from hypothesis import settings
from hypothesis import strategies as st

from crossclaim.domain.allocate import LINKS, allocate
from crossclaim.domain.allocation import AllocationResult, BillFacts
from crossclaim.domain.basic_facts import Care, HospitalLevel
from crossclaim.domain.bureau import (
    BasicPerson,
    FamilyAccount,
    Institution,
    LineJudged,
    SettlementOrder,
    SettlementSplit,
    area_of,
)
from crossclaim.domain.bureau_facts import BureauFacts, Purse
from crossclaim.domain.bureau_links import bureau_links, refusing_links
from crossclaim.domain.bureau_quote import BureauAccount, Quote
from crossclaim.domain.chain import Link
from crossclaim.domain.family_account import AccountHolder, AccountUser, FamilySharing
from crossclaim.domain.family_sight import SharingInForce
from crossclaim.domain.insured import Enrolment, Insurance, InsuredStatus, Relation
from crossclaim.domain.money import fen
from crossclaim.domain.sentences_bureau import BureauReason
from crossclaim.domain.submission import DocumentType, IdentityDocument
from tests.rules import facts as given
from tests.rules.test_tables import Case, cases

FEE = 32000
HERE = Institution(code="H44070300001", area="440703")
DAY = date(2025, 4, 11)
AUTHORISER = "440703198803120002"


def person(asked: Case) -> BasicPerson:
    resident = asked.get("resident", False)
    family = FamilyAccount(
        number="P9",
        document=AUTHORISER,
        insurance=Insurance.EMPLOYEE,
        area=area_of("440703"),
        balance=fen(50000),
        relation=Relation.PARENT,
        approved_on=date(2025, 1, 6),
    )
    return BasicPerson(
        number="P1",
        area_code="440703",
        insurance=Insurance.RESIDENT if resident else Insurance.EMPLOYEE,
        status=InsuredStatus.SUSPENDED if asked.get("suspended") else InsuredStatus.ACTIVE,
        retired=None if resident else False,
        balance=fen(0 if resident else 50000),
        enrolment=Enrolment(paid_on=date(2024, 11, 5), late=False, missed_years=0),
        contracted=[HERE.code],
        family=family if _shared(asked) else None,
    )


def _with_relative(asked: Case) -> bool:
    return bool(asked.get("resident") or asked.get("shared"))


def _shared(asked: Case) -> bool:
    return _with_relative(asked) and not asked.get("unshared")


def quote(asked: Case) -> Quote | None:
    if not asked.get("asked", True):
        return None
    order = SettlementOrder(
        reference="BQ1",
        institution=HERE,
        person_number="P1",
        area_code="440703",
        visit_id="M1",
        batch="B1",
        total=fen(FEE),
        fund_used="fund" in asked,
        account_used=bool({"account", "family"} & set(asked)),
        at=datetime(2025, 4, 11, tzinfo=UTC),
    )
    amounts = {name: asked.get(name, 0) for name in ("fund", "account", "family", "hospital")}
    split = SettlementSplit(
        fee=fen(FEE),
        fund=fen(amounts["fund"]),
        account=fen(amounts["account"]),
        family=fen(amounts["family"]),
        hospital=fen(amounts["hospital"]),
        cash=fen(FEE - sum(amounts.values())),
        # What the account would have left if it could pay no more than the bureau says.
        balance=fen(0 if asked.get("shared") else 5000),
        family_balance=fen(30000),
    )
    return Quote(
        order=order,
        insurance=Insurance.EMPLOYEE,
        judged=[
            LineJudged(number=1, eligible=fen(30000), kind="14"),
            LineJudged(number=2, eligible=fen(0), kind="14"),
        ],
        split=None if "refused" in asked else split,
        refused=asked.get("refused", ""),
    )


def links(asked: Case) -> tuple[Link, ...]:
    if "nothing" in asked:
        return (*LINKS, *refusing_links(BureauReason(asked["nothing"]), "BUREAU_OTHER_PERSON"))
    account = BureauAccount(
        person=person(asked),
        visit_id="M1",
        institution=HERE,
        level=HospitalLevel.LEVEL_2,
        care=Care(asked.get("care", "outpatient")),
    )
    told = BureauFacts(
        account=account,
        quote=quote(asked),
        bindings=[binding()] if asked.get("bound", _with_relative(asked)) else [],
        spoken_for={Purse.FAMILY: fen(asked.get("spoken_for", 0))},
    )
    return (*LINKS, *bureau_links(told))


def binding() -> SharingInForce:
    """Ours, of the very account that the bureau shares."""
    employee = AccountHolder(insurance=Insurance.EMPLOYEE, area=area_of("440703"))
    return SharingInForce(
        binding_id="fb_1",
        authoriser=IdentityDocument(type=DocumentType.MAINLAND_ID, number=AUTHORISER),
        sharing=FamilySharing(
            authoriser=employee,
            user=AccountUser(insured=True, area=area_of("440703")),
            relation=Relation.PARENT,
            approved_on=date(2025, 1, 6),
        ),
    )


def bill(case: Case) -> BillFacts:
    asked = case["input"]
    lines = [given.line(1, "drug", 30000, DAY), given.line(2, "drug", 2000, DAY)]
    facts = given.served_on(given.with_lines(given.voucher_facts(200000), lines), DAY)
    coverages: list[dict[str, Any]] = [{"funder": "voucher"}] if asked.get("vouchers") else []
    if "plan" in case:
        coverages.append({"funder": "basic_insurance", "plan": case["plan"]})
    if {"account", "family"} & set(asked):
        coverages.append({"funder": "personal_account"})
    return given.with_episode(facts, coverages=coverages)


def decided(case: Case) -> AllocationResult:
    return allocate(bill(case), given.PLANS, links(case["input"]))


def adds_up(result: AllocationResult, facts: BillFacts) -> bool:
    """Every line and every funder, whose own account and a relative's are two totals."""
    lines = {one.number: -one.amount.amount_minor for one in facts.bill.lines}
    funders = {one.funder: 0 for one in result.totals}
    for one in result.totals:
        funders[one.funder] -= one.amount.amount_minor
    for share in result.shares:
        assert share.amount.amount_minor >= 0
        lines[share.line] += share.amount.amount_minor
        funders[share.funder] += share.amount.amount_minor
    return not any(lines.values()) and not any(funders.values())


@pytest.mark.parametrize("case", cases("bureau-answers.yaml"))
def test_the_bureaus_word_binds_and_the_difference_is_told(case: Case) -> None:
    wanted = dict(case["output"])
    result = decided(case)
    assert sorted({f.code for f in result.faults}) == sorted(wanted.pop("codes", []))
    found: dict[str, int] = {}
    for one in result.totals:
        found[one.funder.value] = found.get(one.funder.value, 0) + one.amount.amount_minor
    assert found == wanted
    told = [step.result.split()[0] for step in result.trace]
    assert set(case.get("trace", [])) <= set(told)
    if not result.refused:
        assert adds_up(result, bill(case))


@settings(max_examples=150, deadline=None)
@hypothesis_given(data=st.data())
def test_whatever_the_bureau_lays_on_whom_the_lines_and_the_bill_add_up(
    data: st.DataObject,
) -> None:
    fund = data.draw(st.integers(0, FEE))
    account = data.draw(st.integers(0, FEE - fund))
    family = data.draw(st.integers(0, FEE - fund - account))
    asked = {"fund": fund, "account": account, "family": family, "shared": True}
    case = {"plan": "jiangmen-pool-2022", "input": asked}
    result = decided(case)
    assert not result.refused
    assert adds_up(result, bill(case))
    laid = {t.funder.value: 0 for t in result.totals}
    for one in result.totals:
        laid[one.funder.value] += one.amount.amount_minor
    assert laid["basic_insurance"] == fund
    assert laid.get("personal_account", 0) == account + family
