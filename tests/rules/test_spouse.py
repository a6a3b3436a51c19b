"""Scenario E2 and every edge of spouse pairing, and promises that hold for any pair of accounts."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given as hypothesis_given
from hypothesis import settings
from hypothesis import strategies as st

from crossclaim.domain.allocate import allocate
from crossclaim.domain.allocation import AllocationResult, BillFacts, SpouseVouchers
from crossclaim.domain.money import fen, half_up, hk_cents
from crossclaim.domain.spouse import spouse_leg
from crossclaim.domain.submission import FunderKind
from crossclaim.domain.voucher import VoucherLeg
from tests.rules import facts as given
from tests.rules.test_scenarios import conserved
from tests.rules.test_tables import Case, cases

DAY = date(2025, 10, 14)


def paired_facts(case: Case) -> BillFacts:
    asked, day = case["input"], case.get("period", DAY)
    facts = given.voucher_facts(asked["own_hkd"] * 100, asked.get("rate", "0.9150"))
    facts = given.with_lines(facts, [given.line(1, "consultation", asked["fen"], day)])
    spouse = None
    if "spouse_hkd" in asked:
        dollars = asked["spouse_hkd"]
        spouse = SpouseVouchers(
            balance=None if dollars is None else hk_cents(dollars * 100),
            paired_on=asked.get("paired_on", date(2025, 9, 1)),
            made_with=asked.get("made_with"),
            ended_on=asked.get("ended_on"),
            deceased_on=asked.get("deceased_on"),
            papers=asked.get("papers", ["spouse_id_copy"]),
        )
    facts = given.served_on(facts, day)
    return facts.model_copy(update={"spouse": spouse, "own_dollars": asked.get("own_dollars")})


def figures(result: AllocationResult) -> Case:
    found: Case = {
        "codes": [fault.code for fault in result.faults],
        "voucher_fen": result.of(FunderKind.VOUCHER).amount_minor,
        "patient_fen": result.of(FunderKind.PATIENT).amount_minor,
    }
    for use in result.voucher_uses:
        found[use.account] = use.dollars
        found[f"{use.account}_fen"] = use.amount.amount_minor
        found[f"{use.account}_left"] = use.balance_after.amount_minor // 100
    return found


@pytest.mark.parametrize("case", cases("e2-spouse.yaml"))
def test_the_own_account_pays_first_and_the_spouse_s_on_what_it_leaves(case: Case) -> None:
    wanted = dict(case["output"])
    alternatives = wanted.pop("alternatives", None)
    result = allocate(paired_facts(case), given.PLANS)
    found = figures(result)
    assert {key: found[key] for key in wanted} == wanted
    assert found["codes"] == wanted.get("codes", [])
    if alternatives is not None:
        listed = [
            {
                "spouse": one.spouse,
                "voucher_fen": one.totals[0].amount.amount_minor,
                "patient_fen": one.patient.amount_minor,
            }
            for one in result.alternatives
        ]
        assert listed == alternatives


def test_e2_names_both_accounts_in_its_trace_and_tells_both_spouses() -> None:
    result = allocate(pair(183000, 600, 1000), given.PLANS)
    told = [step.result.split()[0] for step in result.trace]
    assert told == ["VOUCHER_LEG", "SPOUSE_LEG", "SPOUSE_NOTICE", "PATIENT_REST"]
    step = result.trace[1]
    assert step.source and step.text.zh_hant and step.inputs["left_by_own"] == "CNY 1,281.00"
    assert result.totals[0].in_funder_currency == hk_cents(160000)


def test_before_the_rules_of_pairing_are_known_a_person_decides() -> None:
    facts = pair(183000, 600, 1000)
    plan = given.PLANS.find(given.VOUCHER_PLAN)
    assert plan is not None
    keys = {k: v for k, v in plan.parameters.items() if not k.startswith("spouse.")}
    silent = plan.model_copy(update={"parameters": keys})
    result = allocate(facts, given.PLANS.replacing([silent]))
    assert [fault.code for fault in result.faults] == ["RULE_NEEDS_PERSON"]
    assert [one.spouse for one in result.alternatives] == [False]


def pair(amount: int, own: int, spouse: int, rate: str = "0.9150") -> BillFacts:
    asked = {"fen": amount, "own_hkd": own, "spouse_hkd": spouse, "rate": rate}
    return paired_facts({"input": asked})


RATES = st.integers(5000, 15000).map(lambda n: f"{n // 10000}.{n % 10000:04d}")
PAIRS = st.builds(pair, st.integers(1, 900_000), st.integers(0, 8000), st.integers(0, 8000), RATES)


@settings(max_examples=150, deadline=None)
@hypothesis_given(PAIRS)
def test_two_accounts_conserve_the_bill_and_stay_in_their_balances(facts: BillFacts) -> None:
    result = allocate(facts, given.PLANS)
    assert not result.faults and conserved(result, facts)
    own, spouse = result.voucher_uses
    assert own.amount + spouse.amount == result.of(FunderKind.VOUCHER)
    assert fen(0) <= own.amount and fen(0) <= spouse.amount
    assert hk_cents(0) <= own.balance_after and hk_cents(0) <= spouse.balance_after
    if spouse.dollars:
        assert own.balance_after == hk_cents(0)


@settings(max_examples=100, deadline=None)
@hypothesis_given(PAIRS, st.integers(1, 500))
def test_more_in_an_account_never_lowers_what_vouchers_pay(facts: BillFacts, more: int) -> None:
    paid = allocate(facts, given.PLANS).of(FunderKind.VOUCHER)
    assert facts.spouse is not None and facts.spouse.balance is not None
    richer = facts.spouse.model_copy(
        update={"balance": facts.spouse.balance + hk_cents(100 * more)}
    )
    assert paid <= paid_by(facts.model_copy(update={"spouse": richer}))


def paid_by(facts: BillFacts) -> Any:
    return allocate(facts, given.PLANS).of(FunderKind.VOUCHER)


def test_flooring_the_dollars_of_both_at_once_pays_another_fen() -> None:
    """A twin that floors once and shares the dollars out pays 183 fen of 274 for two dollars."""
    worth = half_up(Decimal(2 * 100) * Decimal("0.9150"))
    assert worth == 183
    assert paid_by(pair(274, 1, 10)) == fen(92 + 92)


def test_a_twin_that_takes_the_spouse_first_leaves_the_own_account_untouched() -> None:
    twin = min(2000, 1000) * Decimal("91.5") + min(2000 - 1000, 600) * Decimal("91.5")
    result = allocate(pair(91500, 600, 1000), given.PLANS)
    assert result.voucher_uses[0].dollars == 600 and result.voucher_uses[1].dollars == 400
    assert half_up(twin) == 146400
    assert allocate(
        pair(91500, 600, 1000).model_copy(update={"own_dollars": 0}), given.PLANS
    ).refused


def test_what_is_asked_of_the_own_vouchers_leaves_the_rest_in_the_account() -> None:
    facts = paired_facts({"input": {"fen": 183000, "own_hkd": 600, "own_dollars": 100}})
    step = allocate(facts, given.PLANS).trace[0]
    assert step.inputs["asked_dollars"] == "100"
    assert step.inputs["balance_after"] == "HKD 500.00"
    assert "left_by_earlier" not in step.inputs
    whole = paired_facts({"input": {"fen": 183000, "own_hkd": 600}})
    assert "asked_dollars" not in allocate(whole, given.PLANS).trace[0].inputs


def test_the_spouse_before_the_own_account_is_told_what_that_one_has_left() -> None:
    asked = {"fen": 183000, "own_hkd": 600, "spouse_hkd": 1000, "own_dollars": 100}
    (fault,) = allocate(paired_facts({"input": asked}), given.PLANS).faults
    assert fault.code == "SPOUSE_BEFORE_OWN" and "HKD 500.00" in fault.text.en


def test_the_sentence_of_a_paired_choice_names_both_accounts() -> None:
    asked = {"fen": 183000, "own_hkd": 600, "spouse_hkd": 1000, "own_dollars": 100}
    (paired,) = allocate(paired_facts({"input": asked}), given.PLANS).alternatives
    assert paired.spouse and "the own and then the spouse's: CNY 1,464.00" in paired.text.en


def test_less_than_a_dollar_in_the_own_account_does_not_hold_the_spouse_back() -> None:
    facts = pair(183000, 600, 1000)
    facts = facts.model_copy(update={"voucher_balance": hk_cents(60099)})
    own, spouse = allocate(facts, given.PLANS).voucher_uses
    assert own.balance_after == hk_cents(99) and spouse.dollars == 1000


def test_a_dollar_in_the_own_account_comes_before_the_spouses() -> None:
    own = VoucherLeg(dollars=0, amount=fen(0), balance_after=hk_cents(100))
    left = spouse_leg(fen(10000), own, hk_cents(50000), given.rate())
    assert (left.dollars, left.balance_after) == (0, hk_cents(50000))
