"""The example files give scenarios E1 and E5 exactly, with every figure traced."""

from __future__ import annotations

import pytest

from crossclaim.domain.allocate import allocate, reconcile_with_decision
from crossclaim.domain.allocation import AllocationResult, BillFacts
from crossclaim.domain.money import Currency, Money, fen, hk_cents, total
from crossclaim.domain.party import AnswerState, ClaimAnswer, LineDecision
from crossclaim.domain.plan import PlanSet
from crossclaim.domain.submission import FunderKind
from crossclaim.domain.voucher import capped_balance
from tests.rules import facts as given


def answer(benefit: int | None, *lines: int, state: str = "approved") -> ClaimAnswer:
    return ClaimAnswer(
        reference="C-1",
        state=AnswerState(state),
        claim_number="CLM-1",
        benefit=None if benefit is None else hk_cents(benefit),
        lines=[LineDecision(line=n, benefit=hk_cents(c)) for n, c in enumerate(lines, 1)],
    )


def conserved(result: AllocationResult, facts: BillFacts) -> bool:
    by_line = all(
        total((s.amount for s in result.shares if s.line == one.number), Currency.CNY) == one.amount
        for one in facts.bill.lines
    )
    by_funder = all(
        total((s.amount for s in result.shares if s.funder is t.funder), Currency.CNY) == t.amount
        for t in result.totals
    )
    whole = total((t.amount for t in result.totals), Currency.CNY) == facts.bill.total
    return by_line and by_funder and whole


def test_the_outpatient_example_is_1405_dollars_and_82_fen() -> None:
    facts = given.voucher_facts()
    result = allocate(facts, given.PLANS)
    assert result.totals[0].in_funder_currency == hk_cents(140500)
    assert result.of(FunderKind.VOUCHER) == fen(128558)
    assert result.of(FunderKind.PATIENT) == fen(82)
    assert conserved(result, facts)


def test_the_inpatient_example_is_3104033_and_2081017_fen() -> None:
    facts = given.inpatient_facts()
    result = allocate(facts, given.PLANS)
    assert result.of(FunderKind.INSURER) == fen(3104033)
    assert result.of(FunderKind.PATIENT) == fen(2081017)
    assert result.totals[0].in_funder_currency == hk_cents(3392386)
    assert result.totals[0].organisation == "harbour-life"
    assert result.later_reimbursement is None
    assert conserved(result, facts)


def test_a_guarantee_of_30000_dollars_leaves_a_later_reimbursement_that_adds_up() -> None:
    facts = given.inpatient_facts(3000000)
    result = allocate(facts, given.PLANS)
    assert result.of(FunderKind.INSURER) == fen(2745000)
    assert result.of(FunderKind.PATIENT) == fen(2440050)
    assert result.later_reimbursement is not None
    assert result.later_reimbursement.amount == fen(359033)
    assert result.later_reimbursement.in_funder_currency == hk_cents(392386)
    assert conserved(result, facts)


def test_an_interim_bill_is_split_by_the_same_rules() -> None:
    facts = given.inpatient_facts(name="interim")
    result = allocate(facts, given.PLANS)
    # (2 × 75000 + 65574 + 1967213 − 800000) − 10 % = 1244508 cents, at 0.9150
    assert result.totals[0].in_funder_currency == hk_cents(1244508)
    assert result.of(FunderKind.INSURER) == fen(1138725)
    assert conserved(result, facts)


def test_basic_insurance_never_pays_an_international_bill_and_the_trace_says_why() -> None:
    facts = given.inpatient_facts()
    coverages = [*facts.episode.model_dump(mode="json")["coverages"], {"funder": "basic_insurance"}]
    result = allocate(given.with_episode(facts, coverages=coverages), given.PLANS)
    assert result.of(FunderKind.INSURER) == fen(3104033)
    assert result.of(FunderKind.BASIC_INSURANCE) == fen(0)
    step = next(s for s in result.trace if "BASIC_NOT_COVERED_INTERNATIONAL" in s.result)
    assert step.source and step.text.zh_hant


def test_excluded_lines_name_their_reason_and_stay_with_the_patient() -> None:
    result = allocate(given.inpatient_facts(), given.PLANS)
    why = {s.line: s.reasons for s in result.shares if s.funder is FunderKind.INSURER}
    assert why[7] == ["EXCLUDED_SPECIAL_DRUG"]
    assert why[8] == ["EXCLUDED_CROSS_BORDER_AMBULANCE"]
    assert why[1] == ["CAPPED", "DEDUCTIBLE", "COINSURANCE"]


def test_every_figure_is_traced_to_a_rule_with_its_source_and_assumptions() -> None:
    result = allocate(given.inpatient_facts(), given.PLANS)
    plan_steps = [s for s in result.trace if s.rule.startswith("vhis-standard-hk:benefits")]
    assert all(step.source for step in plan_steps)
    deductible = next(s for s in result.trace if s.rule.endswith("deductible.per_year"))
    assert deductible.assumption
    anaesthetist = next(s for s in result.trace if s.rule.endswith("anaesthetist.share"))
    assert anaesthetist.inputs["of_payable"] == "HKD 19,672.13"
    assert anaesthetist.result == "CAPPED HKD 6,885.25"
    assert not anaesthetist.assumption
    assert [rule.plan for rule in result.rules] == [
        "vhis-standard-hk",
        "basic-insurance-exclusions",
    ]


def test_every_reason_on_a_share_has_its_sentence_in_the_trace() -> None:
    for facts in (given.inpatient_facts(), given.inpatient_facts(3000000)):
        result = allocate(facts, given.PLANS)
        told = {step.result.split()[0] for step in result.trace}
        assert {reason for share in result.shares for reason in share.reasons} <= told


def test_a_result_survives_storage_as_json() -> None:
    result = allocate(given.inpatient_facts(3000000), given.PLANS)
    assert AllocationResult.model_validate_json(result.model_dump_json()) == result


def test_a_rate_that_was_not_frozen_is_asked_for_never_assumed() -> None:
    facts = given.inpatient_facts().model_copy(update={"insurer_rate": None})
    assert [f.code for f in allocate(facts, given.PLANS).faults] == ["INSURER_RATE_NOT_STATED"]


def test_an_account_that_was_not_looked_up_is_asked_for() -> None:
    facts = given.voucher_facts().model_copy(update={"voucher_balance": None, "voucher_rate": None})
    codes = [f.code for f in allocate(facts, given.PLANS).faults]
    assert codes == ["VOUCHER_BALANCE_NOT_STATED", "VOUCHER_RATE_NOT_STATED"]


@pytest.mark.parametrize("plan", ["no-such-plan", "voucher-ehcv-gba", None])
def test_a_plan_that_is_not_an_active_insurers_plan_is_refused(plan: str | None) -> None:
    coverages = [{"funder": "insurer", "organisation": "harbour-life", "plan": plan}]
    facts = given.with_episode(given.inpatient_facts(), coverages=coverages)
    assert [f.code for f in allocate(facts, given.PLANS).faults] == ["PLAN_UNKNOWN"]
    assert [f.code for f in allocate(facts, PlanSet(plans=())).faults] == ["PLAN_UNKNOWN"]


def test_two_insurers_and_funders_without_rules_go_to_a_person() -> None:
    facts = given.inpatient_facts()
    coverage = facts.episode.model_dump(mode="json")["coverages"][0]
    coverages = [coverage, coverage, {"funder": "pay_later"}]
    codes = [
        f.code for f in allocate(given.with_episode(facts, coverages=coverages), given.PLANS).faults
    ]
    assert codes == ["DUAL_COVER_NEEDS_PERSON", "FUNDER_NEEDS_PERSON"]


def test_a_bill_that_does_not_add_up_is_refused_before_any_rule() -> None:
    facts = given.voucher_facts()
    wrong = facts.bill.model_copy(update={"total": fen(128641)})
    result = allocate(facts.model_copy(update={"bill": wrong}), given.PLANS)
    assert [f.code for f in result.faults] == ["BILL_TOTAL_DIFFERS"]
    hkd = [one.model_copy(update={"amount": hk_cents(-1)}) for one in facts.bill.lines[:1]]
    wrong = facts.bill.model_copy(update={"lines": hkd})
    result = allocate(facts.model_copy(update={"bill": wrong}), given.PLANS)
    assert [f.code for f in result.faults] == ["AMOUNT_NEGATIVE", "CURRENCY_NOT_CNY"]


def test_the_insurer_pays_only_what_the_voucher_leaves() -> None:
    facts = given.voucher_facts()
    coverages = [
        {"funder": "insurer", "organisation": "harbour-life", "plan": given.INSURER_PLAN},
        {"funder": "voucher"},
    ]
    facts = given.with_episode(facts, coverages=coverages)
    facts = facts.model_copy(
        update={
            "insurer_rate": given.rate(),
            "guarantee_limit": hk_cents(10**7),
            "deductible_used": hk_cents(800000),
        }
    )
    plan = given.PLANS.find(given.INSURER_PLAN)
    assert plan is not None
    open_plan = given.with_value(plan, "direct_billing.encounter_classes", ("outpatient",))
    result = allocate(facts, given.PLANS.replacing([open_plan]))
    assert result.of(FunderKind.VOUCHER) == fen(128558)
    assert result.of(FunderKind.INSURER) <= fen(82)
    assert conserved(result, facts)
    told = [s for s in allocate(facts, given.PLANS).shares if s.funder is FunderKind.INSURER]
    assert {reason for share in told for reason in share.reasons} == {"NOT_DIRECT_ENCOUNTER"}


def test_an_allotment_and_a_void_stop_at_the_accumulation_limit() -> None:
    plan = given.PLANS.find(given.VOUCHER_PLAN)
    assert plan is not None
    at = plan.on(given.voucher_facts().bill.issued_at.date())
    yearly = at.amount("amounts.yearly")
    assert capped_balance(hk_cents(670000), yearly, at) == (hk_cents(800000), hk_cents(70000))
    assert capped_balance(hk_cents(600000), yearly, at) == (hk_cents(800000), hk_cents(0))
    assert capped_balance(hk_cents(599900), yearly, at) == (hk_cents(799900), hk_cents(0))
    assert capped_balance(hk_cents(209500), hk_cents(140500), at) == (hk_cents(350000), hk_cents(0))


def test_a_decision_as_forecast_changes_no_fen() -> None:
    facts = given.inpatient_facts(3000000)
    forecast = allocate(facts, given.PLANS)
    settled = reconcile_with_decision(forecast, answer(3392386))
    assert not settled.differs
    assert not settled.lines_differ
    assert settled.difference == hk_cents(0)
    assert settled.result.totals == forecast.totals
    assert settled.result.later_reimbursement == forecast.later_reimbursement
    assert conserved(settled.result, facts)


def test_a_lower_decision_binds_and_the_patient_carries_the_difference() -> None:
    facts = given.inpatient_facts()
    forecast = allocate(facts, given.PLANS)
    settled = reconcile_with_decision(forecast, answer(3000000, state="partial"))
    assert settled.differs
    assert settled.difference == hk_cents(-392386)
    assert settled.result.of(FunderKind.INSURER) == fen(2745000)
    assert settled.result.of(FunderKind.PATIENT) == fen(2440050)
    assert settled.result.later_reimbursement is None
    assert conserved(settled.result, facts)
    assert any(step.result.startswith("DECISION_DIFFERS") for step in settled.result.trace)


def test_a_higher_decision_still_stops_at_the_guarantee_and_the_rest_comes_later() -> None:
    facts = given.inpatient_facts(3000000)
    settled = reconcile_with_decision(allocate(facts, given.PLANS), answer(3500000))
    assert settled.result.of(FunderKind.INSURER) == fen(2745000)
    assert settled.result.later_reimbursement is not None
    assert settled.result.later_reimbursement.amount == fen(457500)
    assert conserved(settled.result, facts)


def test_the_insurers_own_lines_weigh_its_benefit_and_a_denied_line_gets_nothing() -> None:
    facts = given.inpatient_facts()
    lines = (200000, 90000, 1900000, 600000, 0, 810000, 0, 0)
    settled = reconcile_with_decision(
        allocate(facts, given.PLANS), answer(sum(lines), *lines, state="partial")
    )
    by_line = {s.line: s.amount for s in settled.result.shares if s.funder is FunderKind.INSURER}
    assert by_line[1] == fen(183000)
    assert by_line[5] == fen(0)
    assert settled.lines_differ
    assert conserved(settled.result, facts)


def test_a_denial_leaves_the_whole_bill_to_the_patient() -> None:
    facts = given.inpatient_facts()
    settled = reconcile_with_decision(allocate(facts, given.PLANS), answer(None, state="denied"))
    assert settled.differs
    assert settled.result.of(FunderKind.PATIENT) == facts.bill.total
    assert conserved(settled.result, facts)


def test_a_decision_above_the_bill_pays_the_bill_and_calls_a_person() -> None:
    facts = given.inpatient_facts(10**9)
    settled = reconcile_with_decision(allocate(facts, given.PLANS), answer(10**9))
    assert settled.result.of(FunderKind.INSURER) == facts.bill.total
    assert settled.result.of(FunderKind.PATIENT) == fen(0)
    assert any(step.result.startswith("DECISION_ABOVE_BILL") for step in settled.result.trace)
    assert conserved(settled.result, facts)


@pytest.mark.parametrize("state", ["queued", "approved", "not_found"])
def test_an_answer_without_a_benefit_is_never_read_as_zero(state: str) -> None:
    forecast = allocate(given.inpatient_facts(), given.PLANS)
    with pytest.raises(ValueError, match="states no benefit"):
        reconcile_with_decision(forecast, answer(None, state=state))


def test_a_split_without_an_insurer_cannot_take_a_decision() -> None:
    with pytest.raises(ValueError, match="insurer's part"):
        reconcile_with_decision(allocate(given.voucher_facts(), given.PLANS), answer(1))


def test_a_decision_in_another_currency_raises() -> None:
    forecast = allocate(given.inpatient_facts(), given.PLANS)
    yuan = answer(1).model_copy(update={"benefit": Money(amount_minor=1, currency=Currency.CNY)})
    with pytest.raises(ValueError, match="CNY"):
        reconcile_with_decision(forecast, yuan)
