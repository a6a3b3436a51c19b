"""The YAML tables of this folder, which a claims officer can read, hold to the fen."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml

from crossclaim.domain.adjudication import adjudicate
from crossclaim.domain.allocate import allocate
from crossclaim.domain.allocation import AllocationResult, BillFacts
from crossclaim.domain.money import fen, hk_cents
from crossclaim.domain.plan import PlanSet
from crossclaim.domain.submission import FunderKind
from tests.rules import facts as given

HERE = Path(__file__).parent
Case = dict[str, Any]


def cases(file: str) -> list[Any]:
    return [
        pytest.param(c, id=c["name"])
        for c in yaml.load((HERE / file).read_text(), Loader=yaml.CSafeLoader)
    ]


def voucher_total(result: AllocationResult) -> Any:
    return next(t for t in result.totals if t.funder is FunderKind.VOUCHER)


@pytest.mark.parametrize("case", cases("e1-voucher-outpatient.yaml"))
def test_a_voucher_pays_whole_dollars_and_the_patient_the_residue(case: Case) -> None:
    asked, wanted = case["input"], case["output"]
    facts = given.voucher_facts(asked["balance_hkd"] * 100)
    facts = given.with_lines(facts, [given.line(1, "consultation", asked["fen"], case["period"])])
    result = allocate(facts, given.PLANS)
    assert not result.faults
    assert voucher_total(result).in_funder_currency == hk_cents(wanted["dollars"] * 100)
    assert result.of(FunderKind.VOUCHER) == fen(wanted["voucher_fen"])
    assert result.of(FunderKind.PATIENT) == fen(wanted["patient_fen"])
    step = next(s for s in result.trace if s.result.startswith("VOUCHER_LEG"))
    assert step.inputs["balance_after"] == str(hk_cents(wanted["balance_after_hkd"] * 100))


def voucher_case(case: Case) -> BillFacts:
    asked, day = case["input"], case["period"]
    facts = given.voucher_facts(asked.get("balance_hkd", 2000) * 100)
    lines = [
        given.line(number, category, amount, day)
        for number, (category, amount) in enumerate(asked["lines"].items(), 1)
    ]
    facts = given.served_on(given.with_lines(facts, lines), day)
    patient: Case = {}
    if "born" in asked:
        patient["birth_date"] = asked["born"].isoformat()
    document = {"type": asked.get("document", "hkid"), "number": "A123456(3)"}
    if "permit_until" in asked:
        document["valid_until"] = asked["permit_until"].isoformat()
    patient["documents"] = [document]
    names = ("encounter_class", "channel", "department", "service")
    visit = {name: asked[name] for name in names if name in asked}
    coverages = [{"funder": "voucher"}]
    if asked.get("with_basic_insurance"):
        coverages.append({"funder": "basic_insurance"})
    hospital = asked.get("hospital", facts.episode.hospital)
    facts = given.with_episode(
        facts, patient=patient, visit=visit, coverages=coverages, hospital=hospital
    )
    facts = facts.model_copy(update={"consents": asked.get("consents", facts.consents)})
    completed = facts.bill.issued_at + timedelta(seconds=asked.get("completed_after_bill_s", -600))
    changes = {"service_completed_at": completed if asked.get("completed", True) else None}
    return facts.model_copy(update={"bill": facts.bill.model_copy(update=changes)})


@pytest.mark.parametrize("case", cases("e4-voucher-refused.yaml"))
def test_a_voucher_is_refused_for_every_reason_at_once_or_pays(case: Case) -> None:
    wanted = case["output"]
    result = allocate(voucher_case(case), given.PLANS)
    codes = list(dict.fromkeys(fault.code for fault in result.faults))
    assert sorted(codes) == sorted(wanted["codes"])
    if wanted["codes"]:
        assert result.refused
        assert not result.shares and not result.totals
    if "voucher_fen" in wanted:
        assert result.of(FunderKind.VOUCHER) == fen(wanted["voucher_fen"])
        assert result.of(FunderKind.PATIENT) == fen(wanted["patient_fen"])


def plans_of(asked: Case) -> PlanSet:
    plan = given.PLANS.find(given.INSURER_PLAN)
    assert plan is not None
    if "without_ratio" in asked:
        ratio = Decimal(asked["without_ratio"])
        plan = given.with_value(plan, "guarantee.without_ratio", ratio)
    if "without_payee" in asked:
        plan = given.with_value(plan, "guarantee.without_payee", asked["without_payee"])
    return given.PLANS.replacing([plan])


def inpatient_case(case: Case) -> BillFacts:
    asked, day = case["input"], case["period"]
    facts = given.inpatient_facts(asked.get("guarantee_c"))
    used: Case = {"insurer_rate": given.rate(asked.get("rate", "1.0000"))}
    if "deductible_used_c" in asked:
        used["deductible_used"] = hk_cents(asked["deductible_used_c"])
    if "annual_used_c" in asked:
        used["annual_benefit_used"] = hk_cents(asked["annual_used_c"])
    if "lines" in asked:
        lines = [inpatient_line(n, dict(one), day) for n, one in enumerate(asked["lines"], 1)]
        facts = given.with_lines(facts, lines)
    used |= {"admitted_on": day, "discharged_on": day + timedelta(days=3)}
    return facts.model_copy(update=used)


def inpatient_line(number: int, one: Case, day: date) -> Case:
    on = day.replace(day=one.pop("day", day.day))
    return given.line(number, one.pop("category"), one.pop("fen"), on, **one)


@pytest.mark.parametrize("case", cases("e5-inpatient.yaml"))
def test_an_insurer_pays_by_its_schedule_and_the_patient_the_rest(case: Case) -> None:
    wanted, asked = case["output"], case["input"]
    facts, plans = inpatient_case(case), plans_of(case["input"])
    result = allocate(facts, plans)
    assert [fault.code for fault in result.faults] == wanted.get("codes", [])
    if "payable_c" in wanted:
        plan, rate = plans.find(given.INSURER_PLAN), facts.insurer_rate
        assert plan is not None and rate is not None
        judged = adjudicate(facts, plan.on(case["period"]), rate)
        assert [one.payable.amount_minor for one in judged.lines] == wanted["payable_c"]
    figures = {
        "insurer_fen": result.of(FunderKind.INSURER).amount_minor,
        "patient_fen": result.of(FunderKind.PATIENT).amount_minor,
        "later_fen": later_part(result, "fen"),
        "later_c": later_part(result, "c"),
        "insurer_c": sum(
            t.in_funder_currency.amount_minor
            for t in result.totals
            if t.funder is FunderKind.INSURER and t.in_funder_currency
        ),
    }
    assert {k: v for k, v in figures.items() if k in wanted} == {
        k: v for k, v in wanted.items() if k in figures
    }
    if "reason" in wanted:
        assert any(wanted["reason"] in share.reasons for share in result.shares), asked


def later_part(result: AllocationResult, unit: str) -> int:
    later = result.later_reimbursement
    if later is None:
        return 0
    cents = later.in_funder_currency
    return later.amount.amount_minor if unit == "fen" else (cents.amount_minor if cents else 0)


def test_a_permit_that_ran_out_is_told_with_its_last_day_in_its_place() -> None:
    first = {"type": "home_return_permit", "number": "H12345678"}
    permit = {"type": "hkid", "number": "A123456(3)", "valid_until": "2025-10-13"}
    later = permit | {"valid_until": "2025-10-12"}
    facts = given.with_episode(given.voucher_facts(), patient={"documents": [first, permit, later]})
    (fault,) = allocate(facts, given.PLANS).faults
    assert fault.code == "VOUCHER_PERMIT_EXPIRED"
    assert fault.pointer == "/episode/patient/documents/1/valid_until"
    last, day = fault.text.en.index("2025-10-13"), fault.text.en.index("2025-10-14")
    assert last < day


def test_too_young_is_told_with_the_age_and_the_day() -> None:
    facts = given.with_episode(given.voucher_facts(), patient={"birth_date": "1960-10-15"})
    (fault,) = allocate(facts, given.PLANS).faults
    assert fault.code == "VOUCHER_AGE_BELOW_65"
    assert "65" in fault.text.en.replace("2025-10-14", "") and "2025-10-14" in fault.text.en


def test_an_account_below_nothing_pays_nothing() -> None:
    result = allocate(given.voucher_facts(-100), given.PLANS)
    assert result.of(FunderKind.VOUCHER) == fen(0)


def test_where_nobody_knows_what_is_paid_without_a_guarantee_the_step_says_nothing_is() -> None:
    rows = (c.values[0] for c in cases("e5-inpatient.yaml"))
    case = next(one for one in rows if "pays then is unknown" in one["name"])
    result = allocate(inpatient_case(case), given.PLANS)
    assert "GUARANTEE_MISSING HKD 0.00" in [step.result for step in result.trace]
    assert result.direct_limit == hk_cents(0)


def test_one_document_that_holds_is_enough_beside_one_that_ran_out() -> None:
    out = {"type": "hkid", "number": "A123456(3)", "valid_until": "2025-10-13"}
    holds = out | {"valid_until": "2025-10-14"}
    facts = given.with_episode(given.voucher_facts(), patient={"documents": [out, holds]})
    assert not allocate(facts, given.PLANS).faults


@pytest.mark.parametrize(
    ("without", "code"),
    [
        ("voucher_rate", "VOUCHER_RATE_NOT_STATED"),
        ("voucher_balance", "VOUCHER_BALANCE_NOT_STATED"),
    ],
)
def test_of_balance_and_rate_the_one_that_is_missing_is_asked_for(without: str, code: str) -> None:
    facts = given.voucher_facts().model_copy(update={without: None, "own_dollars": 1})
    assert [one.code for one in allocate(facts, given.PLANS).faults] == [code]


def test_goods_of_a_fen_beside_free_care_are_goods_only() -> None:
    facts = given.voucher_facts()
    day = facts.bill.lines[0].service_date
    lines = [given.line(1, "consultation", 0, day), given.line(2, "goods", 1, day)]
    codes = [one.code for one in allocate(given.with_lines(facts, lines), given.PLANS).faults]
    assert "VOUCHER_GOODS_ONLY" in codes


def test_each_line_that_is_paid_before_its_service_is_named() -> None:
    facts = given.voucher_facts()
    day = facts.bill.lines[0].service_date
    after = day + timedelta(days=1)
    lines = [
        given.line(1, "consultation", 100, day),
        given.line(2, "deposit", 100, day),
        given.line(3, "consultation", 100, after),
    ]
    found = allocate(given.with_lines(facts, lines), given.PLANS).faults
    places = [one.pointer for one in found if one.code == "VOUCHER_PREPAID"]
    assert places == ["/lines/1", "/lines/2"]
