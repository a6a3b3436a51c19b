"""Plans of basic insurance, accounts and pay-later are refused with key and reason when wrong."""

from __future__ import annotations

from datetime import date

import pytest

from crossclaim.domain.insured import GROUPS, RELATIONS, Insurance, Insured, Relation, Tier
from crossclaim.domain.plan import RuleUnknown, Unknown
from crossclaim.domain.sentences import placeholders, sentence, templates
from crossclaim.domain.sentences_basic import BasicReason
from crossclaim.domain.trace import fault
from crossclaim.plans.fault import PlanInvalid
from crossclaim.plans.loader import DATA, read_plan
from tests.rules import facts as given
from tests.rules.basic_scene import ACCOUNT_PLAN, PAY_LATER_PLAN, Case, pay, plan_at

SEED, CITY = "jiangmen-seed-caps", "qingdao-basic"


def refused(name: str, old: str, new: str) -> list[str]:
    text = (DATA / f"{name}.yaml").read_text("utf-8")
    assert old in text
    with pytest.raises(PlanInvalid) as caught:
        read_plan(text.replace(old, new, 1), f"{name}.yaml")
    return [str(fault) for fault in caught.value.faults]


@pytest.mark.parametrize(
    ("name", "old", "new", "told"),
    [
        (SEED, "employee:\n        level-1", "emploee:\n        level-1", "unknown emploee"),
        (SEED, "        level-2:", "        level-9:", "unknown level-9"),
        (SEED, "[per_month, per_year]", "[per_week]", "unknown per_week"),
        (SEED, "[per_quarter]", "[per_month]", "per_month, which has no amount"),
        (SEED, "      class-3:", "      class-9:", "unknown class-9"),
        (SEED, "{2022-01-01: 0.05}", "{2022-01-01: 1.05}", "above 1"),
        (SEED, "unit: CNY/month", "unit: HKD/year", "CNY/month"),
        (SEED, "unit: CNY/quarter", "unit: CNY/month", "CNY/quarter"),
        (SEED, "      retired:", "      employee:", "stands beside a ratio"),
        (SEED, "[newborn]", "[newborne]", "unknown newborne"),
        (SEED, "values: {2021-01-01: total}", "values: {2021-01-01: most}", "total, variable"),
        (SEED, "    fixed:\n", "    fixxed:\n", "waiting.fixed"),
        (SEED, '"2024-09-01"', '"2024-13-01"', "is not a date"),
        (CITY, "    above:\n      from:", "    above:\n      fromm:", "above.from"),
        (CITY, "  scope:\n    contracted_groups:", "  scope:\n    contract:", "scope.contract"),
        (ACCOUNT_PLAN, "POOL, ", "POND, ", "NATION, POOL, PROVINCE"),
        (ACCOUNT_PLAN, "[spouse, parent, child]", "[spouse, nephew]", "unknown nephew"),
        (ACCOUNT_PLAN, "[EMPLOYEE]", "[WORKER]", "unknown WORKER"),
        (PAY_LATER_PLAN, "[dongguan-tcm]", "[dongguan-tmc]", "unknown dongguan-tmc"),
        (PAY_LATER_PLAN, "credit, bank_card", "credit, cheque", "unknown cheque"),
        (PAY_LATER_PLAN, '["3", "6", "12"]', '["3", "one"]', "not a number of instalments"),
        (PAY_LATER_PLAN, '["3", "6", "12"]', '["1"]', "not a number of instalments"),
        (PAY_LATER_PLAN, "    age_most:", "    age_mosst:", "credit.age_most"),
    ],
)  # fmt: skip
def test_a_wrong_plan_is_refused_with_its_key_and_what_is_allowed(
    name: str, old: str, new: str, told: str
) -> None:
    faults = refused(name, old, new)
    assert any(told in one for one in faults), faults
    assert all(one.startswith(f"{name}.yaml:") for one in faults)


def test_a_plan_that_judges_no_care_is_refused() -> None:
    text = (DATA / "binzhou-basic.yaml").read_text("utf-8")
    head = text[: text.index("parameters:")]
    tail = "parameters:\n  scope:\n    contracted_groups:\n      unit: codes\n"
    tail += "      values: {2025-01-01: [resident]}\n      source: snippets\n"
    with pytest.raises(PlanInvalid, match="judges no care"):
        read_plan(head + tail, "binzhou-basic.yaml")


def test_a_care_without_a_word_on_limits_is_refused() -> None:
    faults = refused("binzhou-basic", "    limits:\n", "    limit:\n")
    assert any("inpatient.limits: is missing" in one for one in faults)


def test_both_readings_of_jiangmen_differ_in_the_outpatient_limits_of_employees_only() -> None:
    seed, pool = (given.PLANS.find(f"jiangmen-{name}") for name in ("seed-caps", "pool-2022"))
    assert seed is not None and pool is not None
    assert set(seed.parameters) - set(pool.parameters) == {
        "outpatient.per_month.employee.any",
        "outpatient.per_year.employee.any",
    }
    differing = {
        key for key in pool.parameters if pool.parameters[key].values != seed.parameters[key].values
    }
    assert differing == {"outpatient.limits.employee"}


def test_eight_kinds_of_relative_and_no_other_are_close() -> None:
    later = plan_at(ACCOUNT_PLAN, date(2024, 8, 1)).codes("relatives.allowed")
    assert set(later) == RELATIONS and len(later) == 8
    assert Relation.OTHER.value not in RELATIONS
    before = plan_at(ACCOUNT_PLAN, date(2024, 7, 31)).codes("relatives.allowed")
    assert before == ("spouse", "parent", "child")


def test_dongguans_family_pay_stays_at_three_kinds() -> None:
    for day in (date(2022, 6, 16), date(2026, 6, 16)):
        relatives = plan_at(PAY_LATER_PLAN, day).codes("family_pay.relatives")
        assert set(relatives) == {"spouse", "parent", "child"}


def test_an_enrolment_window_is_not_carried_into_the_next_year() -> None:
    with pytest.raises(RuleUnknown):
        plan_at("shandong-resident", date(2026, 1, 1)).code("enrolment.closes")


def test_a_figure_that_rests_on_an_assumption_says_so() -> None:
    case = {
        "plan": "jiangmen-pool-2022",
        "period": date(2025, 4, 11),
        "input": {
            "insured": {"insurance": "EMPLOYEE", "retired": True},
            "level": 1,
            "lines": [{"fen": 30000}],
        },
    }
    steps = {step.result.split()[0]: step for step in pay(case).trace}
    assert steps["BASIC_NO_LIMIT"].assumption
    ratio = steps["BASIC_RATIO"]
    assert ratio.rule == "jiangmen-pool-2022:outpatient.ratio.employee.level-1"
    assert ratio.inputs["jiangmen-pool-2022:outpatient.extra.retired"] == "0.05 ratio"
    assert "由原来的70%调整为不低于75%" in ratio.source and "提高5个百分点" in ratio.source
    fee = case | {"input": case["input"] | {"lines": [{"fen": 1000, "fee": True}]}}
    told = {step.result.split()[0]: step for step in pay(fee).trace}
    assert not told["BASIC_CONSULT_FEE"].assumption


def test_a_plan_that_has_not_begun_sends_the_case_to_a_person() -> None:
    facts = {
        "period": date(2022, 6, 15),
        "input": {"lines": [{"fen": 98000}], "pay_later": {"account": 98000}},
    }
    paid = pay(facts)
    assert set(paid.codes) == {"RULE_NEEDS_PERSON"}
    assert paid.figures["cash"] == 98000


@pytest.mark.parametrize(
    ("key", "lines", "fund"),
    [
        ("outpatient.general_consult_fee.employee", [{"fen": 1000, "fee": True}], None),
        ("outpatient.general_consult_fee.employee", [{"fen": 1000}], 600),
        ("outpatient.ratio.employee.level-2", [{"fen": 1000, "fee": True}], 700),
        ("outpatient.ratio.employee.level-2", [{"fen": 1000}], None),
        ("outpatient.ratio.employee.level-2", [{"fen": 1000}, {"fen": 1000, "fee": True}], None),
        ("outpatient.limits.employee", [{"fen": 1000}], None),
    ],
)
def test_an_unknown_value_stops_only_the_bills_that_need_it(
    key: str, lines: list[Case], fund: int | None
) -> None:
    plan = given.PLANS.find("jiangmen-pool-2022")
    assert plan is not None
    unknown = given.with_value(plan, key, Unknown.UNKNOWN)
    told = {"insured": {"insurance": "EMPLOYEE", "retired": False}, "level": 2, "lines": lines}
    case = {"plan": plan.id, "period": date(2025, 4, 11), "input": told}
    paid = pay(case, given.PLANS.replacing([unknown]))
    assert paid.codes == ([] if fund is not None else ["RULE_NEEDS_PERSON"])
    assert paid.figures["fund"] == (fund or 0)


def test_groups_name_the_narrowest_first() -> None:
    retired = Insured(insurance=Insurance.EMPLOYEE, retired=True)
    high = Insured(insurance=Insurance.RESIDENT, tier=Tier.HIGH)
    assert retired.groups == ("retired", "employee")
    assert high.groups == ("resident-high", "resident")
    assert Insured(insurance=Insurance.RESIDENT).groups == ("resident",)
    assert {*retired.groups, *high.groups} <= GROUPS


@pytest.mark.parametrize("reason", list(BasicReason))
def test_every_code_has_a_sentence_in_three_languages_with_the_same_values(
    reason: BasicReason,
) -> None:
    english, traditional, simplified = templates(reason)
    assert english and traditional and simplified
    assert placeholders(english) >= placeholders(traditional)
    assert placeholders(traditional) == placeholders(simplified)
    filled = sentence(reason, **dict.fromkeys(placeholders(english), "X"))
    assert "{" not in filled.en + filled.zh_hant + filled.zh_hans
    assert fault(reason, "/", **dict.fromkeys(placeholders(english), "X")).code == reason.value


REFUSALS = [
    "INSURED_STATUS BASIC_WAITING_PERIOD BASIC_NOT_CONTRACTED BASIC_FACT_NOT_STATED",
    "BASIC_ELIGIBLE_NOT_STATED BASIC_ELIGIBLE_ABOVE_LINE FAMILY_NOT_BOUND",
    "FAMILY_RELATION_NOT_ALLOWED FAMILY_USER_NOT_INSURED FAMILY_POOL_MISMATCH CARD_SHARING",
    "FAMILY_NO_PERSONAL_ACCOUNT ACCOUNT_PLACE_NOT_ALLOWED ACCOUNT_BALANCE_NOT_STATED",
    "FAMILY_PAY_RELATION FAMILY_PAY_AGREEMENT_MISSING FAMILY_PAY_NOT_CONFIRMED HUIMIN_SCOPE",
    "CREDIT_AGE CREDIT_AMOUNT CREDIT_INSTALMENTS",
]


@pytest.mark.parametrize("code", " ".join(REFUSALS).split())
def test_each_refusal_says_what_to_do(code: str) -> None:
    english = templates(BasicReason(code))[0]
    assert english.count(".") + english.count(":") >= 2
