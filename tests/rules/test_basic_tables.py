"""The tables of scenarios E8, E9 and E10 hold to the fen, with their codes and their traces."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from crossclaim.domain.basic_rules import share
from crossclaim.domain.contribution import contribution_due
from crossclaim.domain.credit import (
    CreditApplication,
    application_faults,
    due_date,
    instalment_faults,
    repayment,
)
from crossclaim.domain.insured import Enrolment, InsuredStatus
from crossclaim.domain.money import Currency, fen, total
from crossclaim.domain.pay_later import Payer, PayLaterFacts
from crossclaim.domain.submission import EncounterClass
from crossclaim.domain.waiting import waiting_of
from tests.rules import facts as given
from tests.rules.basic_scene import PAY_LATER_PLAN, Case, basic_facts, cases, pay, plan_at

TABLES = (
    "e8-jiangmen.yaml",
    "e8-other-cities.yaml",
    "e9-family-and-waiting.yaml",
    "e10-dongguan.yaml",
)


@pytest.mark.parametrize("case", [case for table in TABLES for case in cases(table)])
def test_each_funder_pays_to_the_fen_what_its_rules_say(case: Case) -> None:
    paid = pay(case)
    assert paid.codes == case["output"].get("codes", [])
    figures = {name: paid.figures.get(name) for name in case["output"] if name != "codes"}
    assert figures == {k: v for k, v in case["output"].items() if k != "codes"}
    if "trace" in case:
        assert paid.told() == case["trace"]
    bill = sum(line["fen"] for line in case["input"]["lines"])
    funders = ("fund", "account", "family", "gold_card", "credit", "card", "cash")
    assert sum(paid.figures.get(name, 0) for name in funders) == bill


@pytest.mark.parametrize("case", [case for table in TABLES for case in cases(table)])
def test_every_step_and_fault_speaks_three_languages_and_names_its_rule(case: Case) -> None:
    paid = pay(case)
    for text in [*(s.text for s in paid.trace), *(f.text for f in paid.faults)]:
        assert text.en and text.zh_hant and text.zh_hans
    for step in paid.trace:
        assert step.source or step.rule.startswith("basic:") or "BASIC_FUND" in step.result


@pytest.mark.parametrize("case", [case for table in TABLES for case in cases(table)])
def test_the_steps_add_up_to_what_the_fund_pays_and_the_lines_name_their_reasons(
    case: Case,
) -> None:
    paid = pay(case)
    if "plan" not in case or paid.faults:
        return
    told = paid.told()
    shares = {"BASIC_RATIO", "BASIC_CONSULT_FEE"}
    given_by_steps = sum(
        int(Decimal(s.result.split()[-1].replace(",", "")).scaleb(2))
        for s in paid.trace
        if s.result.split()[0] in shares
    )
    assert given_by_steps == paid.figures["computed"]
    for line, reasons in paid.reasons.items():
        assert set(reasons) <= set(told)
        assert shares & set(reasons), line
        assert ("BASIC_CAPPED" in reasons) == ("BASIC_CAPPED" in told)


@pytest.mark.parametrize("case", cases("e10-credit.yaml"))
def test_the_medical_credit_is_for_whom_and_for_how_much_it_says(case: Case) -> None:
    asked, wanted = case["input"], case["output"]
    plan = plan_at(PAY_LATER_PLAN, case["period"])
    if "born" in asked:
        application = CreditApplication(
            birth_date=asked["born"],
            status=InsuredStatus(asked.get("status", "ACTIVE")),
            asked=fen(asked["asked"]),
            on=case["period"],
        )
        assert [f.code for f in application_faults(application, plan)] == wanted["codes"]
        return
    faults = instalment_faults(asked["instalments"], plan)
    assert [fault.code for fault in faults] == wanted.get("codes", [])
    if not faults:
        back = repayment(fen(asked["drawn"]), case["period"], asked["instalments"], plan)
        amounts = [one.amount.amount_minor for one in back.instalments]
        assert len(amounts) == asked["instalments"]
        assert set(amounts[:-1]) <= {wanted["each"]} and amounts[-1] == wanted["last"]
        assert back.instalments[0].due == wanted["first_due"]
        assert back.instalments[-1].due == wanted["last_due"]
        assert total((one.amount for one in back.instalments), Currency.CNY) == back.drawn


def test_the_sentences_of_a_payment_tell_what_is_left_behind_it() -> None:
    told: Case = {
        "lines": [{"fen": 98000}],
        "family": {"fen": 8000, "approved_on": date(2026, 3, 1)},
        "pay_later": {"account": 26000, "credit": 500000},
    }
    paid = pay({"period": date(2026, 3, 18), "input": told})
    assert [step.text.en for step in paid.trace] == [
        "The relative's personal account pays CNY 80.00; CNY 0.00 is left in it.",
        "The personal account pays CNY 260.00; CNY 0.00 is left in it.",
        "The medical credit pays CNY 640.00; CNY 4,360.00 stays available.",
        "What is drawn on 2026-03-18 is free of interest until 2026-05-01, 44 days.",
    ]


@pytest.mark.parametrize(("credit", "paid_by_credit"), [(428000, 428000), (500000, 430000)])
def test_credit_pays_a_part_only_where_the_plan_lets_it(credit: int, paid_by_credit: int) -> None:
    plan = given.PLANS.find(PAY_LATER_PLAN)
    assert plan is not None
    plans = given.PLANS.replacing([given.with_value(plan, "credit.partial", True)])
    told: Case = {
        "lines": [{"fen": 430000}],
        "pay_later": {"credit": credit, "bank_card": True},
    }
    figures = pay({"period": date(2026, 3, 18), "input": told}, plans).figures
    assert figures["credit"] == paid_by_credit
    assert figures["card"] == 430000 - paid_by_credit


def test_a_fee_on_instalments_is_added_once_and_never_to_a_draw_repaid_within_its_grace() -> None:
    plan = given.PLANS.find(PAY_LATER_PLAN)
    assert plan is not None
    at = given.with_value(plan, "credit.instalment_fee", Decimal("0.06")).on(date(2026, 3, 18))
    back = repayment(fen(100000), date(2026, 3, 18), 12, at)
    amounts = [one.amount.amount_minor for one in back.instalments]
    assert (back.fee, sum(amounts)) == (fen(6000), 106000)
    assert amounts == [8833] * 11 + [8837]
    told = next(step for step in back.trace if step.result.startswith("INSTALMENT_PLAN"))
    for figure in ("CNY 1,060.00", "12 instalments of CNY 88.33", "CNY 88.37"):
        assert figure in told.text.en
    assert told.assumption
    whole = repayment(fen(100000), date(2026, 3, 18), 1, at)
    assert whole.fee == fen(0) and len(whole.instalments) == 1
    assert [step.result.split()[0] for step in whole.trace] == ["CREDIT_DUE"]


def test_a_draw_is_free_of_interest_for_30_to_60_days_whatever_the_day() -> None:
    day, end = date(2024, 1, 1), date(2031, 12, 31)
    plan = plan_at(PAY_LATER_PLAN, date(2026, 1, 1))
    seen = set()
    while day <= end:
        due = due_date(day, plan)
        assert due.day == 1
        seen.add((due - day).days)
        day = date.fromordinal(day.toordinal() + 1)
    assert (min(seen), max(seen)) == (30, 60)


def test_a_draw_of_march_18_is_due_44_days_later() -> None:
    plan = plan_at(PAY_LATER_PLAN, date(2026, 3, 18))
    assert (due_date(date(2026, 3, 18), plan) - date(2026, 3, 18)).days == 44


@pytest.mark.parametrize(
    ("missed", "total_months", "variable_months"),
    [(0, 3, 3), (1, 4, 4), (2, 5, 5), (3, 6, 6), (4, 6, 7), (5, 6, 8), (6, 6, 9), (7, 6, 9)],
)
def test_six_months_bound_the_whole_waiting_or_its_variable_part_as_the_plan_says(
    missed: int, total_months: int, variable_months: int
) -> None:
    plan = given.PLANS.find("jiangmen-seed-caps")
    assert plan is not None
    enrolment = Enrolment(paid_on=date(2025, 3, 10), late=True, missed_years=missed)
    on = date(2025, 8, 1)
    assert waiting_of(enrolment, plan.on(on)).months == total_months
    other = given.with_value(plan, "waiting.most_counts", "variable")
    assert waiting_of(enrolment, other.on(on)).months == variable_months


def test_a_late_payer_pays_the_subsidy_too() -> None:
    plan = plan_at("shandong-resident", date(2025, 3, 1))
    assert contribution_due(plan, late=False) == fen(40000)
    assert contribution_due(plan, late=True) == fen(107000)


def test_care_elsewhere_takes_ten_points_off_unless_it_was_filed_once_the_ratio_is_known() -> None:
    plan = given.PLANS.find("jinan-basic")
    assert plan is not None
    ratio, none = Decimal("0.70"), ()
    plan = given.with_value(plan, "special_disease.ratio.employee.any", ratio)
    plan = given.with_value(plan, "special_disease.limits.employee", none)
    told: Case = {
        "insured": {"insurance": "EMPLOYEE", "retired": False},
        "care": "special_disease",
        "lines": [{"fen": 100000}],
    }
    away: Case = {"elsewhere": True}
    for place, fund in (
        (away | {"filed": False}, 60000),
        (away | {"filed": True}, 70000),
        ({"elsewhere": False}, 70000),
    ):
        case = {
            "plan": plan.id,
            "period": date(2025, 5, 6),
            "input": told | place,
        }
        assert pay(case, given.PLANS.replacing([plan])).figures["fund"] == fund


def test_credit_that_cannot_pay_all_says_so_with_nothing() -> None:
    told: Case = {"lines": [{"fen": 72000}], "pay_later": {"credit": 71999}}
    paid = pay({"period": date(2026, 3, 18), "input": told})
    assert paid.trace[0].result == "CREDIT_INSUFFICIENT CNY 0.00"


def test_what_nobody_says_of_pay_after_care_is_not_taken_to_be_so() -> None:
    payer = Payer(status=InsuredStatus.ACTIVE)
    assert not payer.bank_card
    facts = PayLaterFacts(
        on=date(2026, 3, 18),
        hospital="dongguan-tcm",
        encounter_class=EncounterClass.OUTPATIENT,
        payer=payer,
    )
    assert not facts.agreement_signed and not facts.confirmed


def test_two_instalments_are_instalments_and_cost_their_fee() -> None:
    plan = given.PLANS.find(PAY_LATER_PLAN)
    assert plan is not None
    plan = given.with_value(plan, "credit.instalments", ("2",))
    at = given.with_value(plan, "credit.instalment_fee", Decimal("0.06")).on(date(2026, 3, 18))
    back = repayment(fen(100001), date(2026, 3, 18), 2, at)
    assert [one.amount for one in back.instalments] == [fen(53000), fen(53001)]
    told = next(step for step in back.trace if step.result.startswith("INSTALMENT_PLAN"))
    assert "2 instalments of CNY 530.00" in told.text.en and "CNY 530.01" in told.text.en


@pytest.mark.parametrize(("exempt", "late", "months"), [("newborn", True, 0), (None, False, 0)])
def test_who_is_exempt_or_in_time_is_covered_from_the_day_of_payment(
    exempt: str | None, late: bool, months: int
) -> None:
    on = date(2025, 8, 1)
    plan = plan_at("jiangmen-seed-caps", on)
    groups = plan.codes("waiting.exempt")
    enrolment = Enrolment(paid_on=date(2025, 3, 10), late=late, exempt=exempt and groups[0])
    waiting = waiting_of(enrolment, plan)
    assert (waiting.months, waiting.covered_from) == (months, date(2025, 3, 10))


def test_what_lies_outside_the_catalogue_is_told_by_line_and_amount() -> None:
    told: Case = {
        "insured": {"insurance": "EMPLOYEE", "retired": False},
        "lines": [{"fen": 30000}, {"fen": 2000, "eligible": 500}],
        "level": 2,
        "contracted": True,
    }
    paid = pay({"plan": "jiangmen-pool-2022", "period": date(2026, 2, 1), "input": told})
    (step,) = (one for one in paid.trace if one.result.startswith("BASIC_OUT_OF_SCOPE"))
    assert step.result == "BASIC_OUT_OF_SCOPE CNY 15.00"
    assert "2" in step.text.en.split("CNY 15.00")[0]


def test_a_deductible_above_the_border_of_two_ratios_comes_off_both_parts() -> None:
    plan = given.PLANS.find("qingdao-basic")
    assert plan is not None
    plan = given.with_value(plan, "inpatient.above.from", 50000)
    told: Case = {
        "insured": {"insurance": "EMPLOYEE", "retired": False},
        "care": "inpatient",
        "level": 3,
        "lines": [{"fen": 100000}],
        "used": {"per_year": 0},
    }
    case = {"plan": "qingdao-basic", "period": date(2025, 5, 6), "input": told}
    # Deductible 80000 above the border of 50000: what is left, 20000, is paid at 95 %.
    paid = pay(case, given.PLANS.replacing([plan]))
    assert paid.figures["fund"] == 19000
    steps = [one for one in paid.trace if one.result.startswith("BASIC_RATIO")]
    assert [one.inputs["eligible"] for one in steps] == ["CNY 0.00", "CNY 200.00"]


@pytest.mark.parametrize(("extra", "fund"), [("2.00", 100000), ("-2.00", 0)])
def test_points_never_lift_a_share_above_the_whole_nor_below_nothing(extra: str, fund: int) -> None:
    plan = given.PLANS.find("jinan-basic")
    assert plan is not None
    key = next(k for k in plan.parameters if ".ratio." in k and k.startswith("inpatient."))
    told: Case = {
        "insured": {
            "insurance": "RESIDENT",
            "tier": key.rsplit(".", 2)[1].removeprefix("resident-"),
        },
        "care": "inpatient",
        "level": 3,
        "lines": [{"fen": 100000}],
        "used": {"per_year": 0},
        "deductible_used": 0,
    }
    facts = basic_facts(told, date(2025, 5, 6))
    at = given.with_value(plan, key, Decimal(extra)).on(date(2025, 5, 6))
    assert share(facts, at, key)[0] == (1 if fund else 0)


def test_the_step_of_the_fund_tells_what_was_computed_and_what_is_paid() -> None:
    told: Case = {
        "insured": {"insurance": "RESIDENT", "tier": "high"},
        "level": 2,
        "lines": [{"fen": 71665}],
        "used": {"per_year": 39999},
        "deductible_used": 0,
    }
    paid = pay({"plan": "weifang-basic", "period": date(2025, 5, 6), "input": told})
    step = next(one for one in paid.trace if one.result.startswith("BASIC_FUND"))
    assert step.result == "BASIC_FUND CNY 0.01" and step.inputs["computed"] == "CNY 399.99"
