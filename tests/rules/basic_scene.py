"""Reads a case of basic insurance from a table and lets every funder pay in turn."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from crossclaim.domain.allocation import Fault, TraceStep
from crossclaim.domain.basic_facts import BasicFacts, BasicLine, Care, HospitalLevel, Period
from crossclaim.domain.basic_insurance import basic_leg
from crossclaim.domain.family_account import (
    AccountFacts,
    AccountHolder,
    AccountUser,
    Area,
    CardShown,
    FamilyCodeLink,
    FamilySharing,
    Place,
    account_leg,
    family_leg,
    still_left,
)
from crossclaim.domain.insured import Enrolment, Insurance, Insured, InsuredStatus, Relation
from crossclaim.domain.money import Currency, Money, fen, total
from crossclaim.domain.pay_later import (
    Confirmation,
    Payer,
    PayLaterFacts,
    Tender,
    pay_later_leg,
)
from crossclaim.domain.plan import PlanAt, PlanSet
from crossclaim.domain.submission import EncounterClass
from tests.rules import facts as given

HERE = Path(__file__).parent
Case = dict[str, Any]
ACCOUNT_PLAN = "family-account-guangdong"
PAY_LATER_PLAN = "huimin-dongguan"


def cases(file: str) -> list[Any]:
    return [
        pytest.param(c, id=c["name"])
        for c in yaml.load((HERE / file).read_text("utf-8"), Loader=yaml.CSafeLoader)
    ]


def plan_at(name: str, on: date, plans: PlanSet | None = None) -> PlanAt:
    plan = (plans or given.PLANS).find(name)
    assert plan is not None, name
    return plan.on(on)


def money(amount: int | None) -> Money | None:
    return None if amount is None else fen(amount)


def insured(told: Case) -> Insured:
    enrolment = told.get("enrolment")
    return Insured(
        insurance=Insurance(told["insurance"]),
        status=InsuredStatus(told.get("status", "ACTIVE")),
        retired=told.get("retired"),
        tier=told.get("tier"),
        enrolment=Enrolment(**enrolment | {"paid": money(enrolment.get("paid"))})
        if enrolment
        else None,
    )


def basic_facts(told: Case, on: date) -> BasicFacts:
    """``lines`` are ``{fen, eligible, fee}``; used amounts in fen by period."""
    lines = [
        BasicLine(
            number=number,
            amount=fen(one["fen"]),
            eligible=money(one.get("eligible", one["fen"])),
            general_consult_fee=one.get("fee", False),
        )
        for number, one in enumerate(told["lines"], 1)
    ]
    return BasicFacts(
        insured=insured(told["insured"]),
        care=Care(told.get("care", "outpatient")),
        on=on,
        lines=lines,
        level=HospitalLevel(f"level-{told['level']}") if "level" in told else None,
        contracted=told.get("contracted"),
        elsewhere=told.get("elsewhere"),
        filed=told.get("filed"),
        disease_class=told.get("class"),
        used={Period(period): fen(used) for period, used in told.get("used", {}).items()},
        deductible_used=money(told.get("deductible_used")),
    )


def area(told: str) -> Area:
    pool, province = told.split(", ")
    return Area(pool=pool, province=province)


def account_facts(told: Case, on: date) -> AccountFacts:
    holder, sharing, link = None, None, None
    if "own_account" in told:
        own = told["own_account"]
        insurance = Insurance(own.get("insurance", "EMPLOYEE"))
        place = area("jiangmen, guangdong")
        holder = AccountHolder(insurance=insurance, area=place, balance=money(own.get("fen")))
    if "family" in told and not told["family"].get("none"):
        sharing = family_sharing(told["family"])
    if "code_link" in told:
        link = FamilyCodeLink(relation=Relation(told["code_link"]), linked_on=on)
    return AccountFacts(
        on=on,
        place=Place(told.get("place", "designated_hospital")),
        card=CardShown(told.get("card", "own")),
        holder=holder,
        sharing=sharing,
        code_link=link,
    )


def family_sharing(told: Case) -> FamilySharing:
    place = told.get("user_area", "jiangmen, guangdong")
    return FamilySharing(
        authoriser=AccountHolder(
            insurance=Insurance(told.get("insurance", "EMPLOYEE")),
            area=area(told.get("area", "jiangmen, guangdong")),
            balance=money(told.get("fen")),
        ),
        user=AccountUser(
            insured=told.get("user_insured", True), area=area(place) if place else None
        ),
        relation=Relation(told.get("relation", "parent")),
        approved_on=told.get("approved_on"),
        ended_on=told.get("ended_on"),
    )


def pay_later_facts(told: Case, on: date) -> PayLaterFacts:
    return PayLaterFacts(
        on=on,
        hospital=told.get("hospital", "dongguan-tcm"),
        encounter_class=EncounterClass(told.get("encounter_class", "outpatient")),
        payer=Payer(
            status=InsuredStatus(told.get("status", "ACTIVE")),
            account=money(told.get("account")),
            credit_available=money(told.get("credit")),
            bank_card=told.get("bank_card", False),
        ),
        relation=Relation(told["relation"]) if "relation" in told else None,
        agreement_signed=told.get("agreement", True),
        confirmation=Confirmation(told.get("confirmation", "SEAMLESS")),
        confirmed=told.get("confirmed", False),
    )


class Paid:
    """Who paid what of a case, in fen, with every fault and step on the way."""

    def __init__(self) -> None:
        self.figures: dict[str, Any] = {}
        self.faults: list[Fault] = []
        self.trace: list[TraceStep] = []
        self.left: dict[int, Money] = {}
        self.reasons: dict[int, list[str]] = {}

    @property
    def codes(self) -> list[str]:
        return [fault.code for fault in self.faults]

    def told(self) -> list[str]:
        return [step.result.split()[0] for step in self.trace]


def pay(case: Case, plans: PlanSet | None = None) -> Paid:
    """The pooled fund, the own account, a relative's account, pay-after-care, then cash."""
    told, on, paid = case["input"], case["period"], Paid()
    facts = basic_facts({"insured": {"insurance": "RESIDENT"}} | told, on)
    paid.left = facts.left
    if "plan" in case:
        leg = basic_leg(facts, plan_at(case["plan"], on, plans))
        paid.figures |= {
            "fund": leg.fund.amount_minor,
            "computed": leg.computed.amount_minor,
            "used": {period.value: used.amount_minor for period, used in leg.used.items()},
        }
        if leg.deductible_used is not None:
            paid.figures["deductible_used"] = leg.deductible_used.amount_minor
        paid.left = still_left(paid.left, leg.shares)
        paid.reasons = leg.reasons
        assert not leg.faults or leg.fund == leg.computed == fen(0)
        paid.faults += leg.faults
        paid.trace += leg.trace
    accounts(told, on, paid, plans)
    if "pay_later" in told:
        later(told["pay_later"], on, paid, plans)
    paid.figures["cash"] = total(paid.left.values(), Currency.CNY).amount_minor
    return paid


def accounts(told: Case, on: date, paid: Paid, plans: PlanSet | None) -> None:
    facts = account_facts(told, on)
    plan = plan_at(ACCOUNT_PLAN, on, plans)
    for name, wanted, pays in (
        ("account", "own_account" in told, account_leg),
        ("family", "family" in told or "code_link" in told, family_leg),
    ):
        if not wanted:
            continue
        leg = pays(facts, plan, paid.left)
        assert sum(share.amount_minor for share in leg.shares.values()) == leg.amount.amount_minor
        assert all(share.amount_minor >= 0 for share in leg.shares.values())
        paid.figures[name] = leg.amount.amount_minor
        if leg.balance_after is not None:
            paid.figures[f"{name}_after"] = leg.balance_after.amount_minor
        paid.left = leg.left
        paid.faults += leg.faults
        paid.trace += leg.trace


def later(told: Case, on: date, paid: Paid, plans: PlanSet | None) -> None:
    leg = pay_later_leg(pay_later_facts(told, on), plan_at(PAY_LATER_PLAN, on, plans), paid.left)
    names = {Tender.ACCOUNT: "gold_card", Tender.CREDIT: "credit", Tender.BANK_CARD: "card"}
    for tender, name in names.items():
        paid.figures[name] = leg.of(tender).amount_minor
    for name, after in (("gold_card_after", leg.account_after), ("credit_after", leg.credit_after)):
        if after is not None:
            paid.figures[name] = after.amount_minor
    paid.figures["due"] = leg.credit_due
    for part in leg.parts:
        if part.tender is not Tender.CASH:
            paid.left = still_left(paid.left, part.shares)
    assert sum(p.amount.amount_minor for p in leg.parts if p.tender is Tender.CASH) == sum(
        left.amount_minor for left in paid.left.values()
    )
    paid.faults += leg.faults
    paid.trace += leg.trace
