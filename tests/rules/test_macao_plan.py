"""Promises of a plan in patacas for any bill: conserved in RMB, counted in MOP, never in HKD."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crossclaim.domain.allocate import allocate
from crossclaim.domain.allocation import AllocationResult, BillFacts
from crossclaim.domain.money import (
    ConversionRate,
    Currency,
    CurrencyMismatch,
    Money,
    avos,
    counted,
    fen,
    hk_cents,
    total,
)
from crossclaim.domain.party import AnswerState, ClaimAnswer
from crossclaim.domain.reconcile import reconcile_with_decision
from crossclaim.domain.submission import BillSubmission, EpisodeSubmission, FunderKind
from crossclaim.plans.loader import load_plans

PLANS = load_plans(demonstration=True)
EXAMPLE: dict[str, Any] = json.loads(
    (Path(__file__).parents[2] / "examples" / "macao-resident.json").read_text("utf-8")
)
EPISODE = EpisodeSubmission.model_validate(EXAMPLE["episode"])
BILL = BillSubmission.model_validate(EXAMPLE["bill"])
FEN = st.integers(0, 5_000) | st.integers(0, 90_000_000)


def rate(text: str = "0.8880", currency: Currency = Currency.MOP) -> ConversionRate:
    moment = datetime(2026, 3, 2, tzinfo=UTC)
    return ConversionRate(
        cny_per_hkd=Decimal(text), source="a test", as_of=moment, currency=currency
    )


def facts(amounts: list[int] | None = None, **changes: Any) -> BillFacts:
    """The example's bill, its lines charged with other amounts."""
    lines = BILL.lines
    if amounts is not None:
        money = [fen(amount) for amount in amounts]
        lines = [
            line.model_copy(update={"quantity": 1, "unit_price": one, "amount": one})
            for line, one in zip(lines, money, strict=True)
        ]
    summed = total((line.amount for line in lines), Currency.CNY)
    return BillFacts(
        episode=EPISODE,
        bill=BILL.model_copy(update={"lines": lines, "total": summed}),
        consents=[],
        admitted_on=date(2026, 3, 24),
        discharged_on=date(2026, 3, 27),
        **{
            "guarantee_limit": avos(1_800_000),
            "insurer_rate": rate(),
            "deductible_used": avos(0),
            "annual_benefit_used": avos(0),
            **changes,
        },
    )


def insurer_of(result: AllocationResult) -> list[Money]:
    """What the insurer counts, now and later."""
    part = result.insurer("lotus-macao")
    assert part is not None and part.in_funder_currency is not None
    later = result.later_of("lotus-macao")
    own = [part.in_funder_currency]
    if later is not None and later.in_funder_currency is not None:
        own.append(later.in_funder_currency)
    return own


def test_the_example_is_split_as_derived_by_hand() -> None:
    result = allocate(facts(), PLANS)
    assert result.of(FunderKind.INSURER) == fen(1_598_400)
    assert result.of(FunderKind.PATIENT) == fen(1_601_600)
    assert insurer_of(result) == [avos(1_800_000), avos(320_901)]
    assert result.later_reimbursement is not None
    assert result.later_reimbursement.amount == fen(284_960)


@settings(max_examples=100)
@given(
    st.lists(FEN, min_size=6, max_size=6),
    st.integers(5_000, 15_000),
    st.integers(0, 9_000_000),
)
def test_any_bill_is_conserved_in_rmb_and_counted_in_patacas(
    amounts: list[int], per_unit: int, limit: int
) -> None:
    asked = facts(
        amounts, insurer_rate=rate(f"{per_unit / 10_000:.4f}"), guarantee_limit=avos(limit)
    )
    result = allocate(asked, PLANS)
    assert result.faults == []
    summed = total((share.amount for share in result.shares), Currency.CNY)
    assert summed == asked.bill.total == total((t.amount for t in result.totals), Currency.CNY)
    own = insurer_of(result)
    assert {one.currency for one in own} == {Currency.MOP}
    assert own[0] <= avos(limit) and total(own, Currency.MOP) <= avos(40_000_000)
    assert "HKD" not in " ".join(step.result for step in result.trace)


def test_a_rate_of_hong_kong_dollars_is_no_rate_of_this_plan() -> None:
    result = allocate(facts(insurer_rate=rate("0.9150", Currency.HKD)), PLANS)
    assert {fault.code for fault in result.faults} == {"RATE_NOT_STATED"}
    naive = facts(insurer_rate=rate("0.9150"))
    assert allocate(naive, PLANS).of(FunderKind.INSURER) != allocate(facts(), PLANS).of(
        FunderKind.INSURER
    ), "a twin that takes any rate would pay another sum without a word"


def test_a_guarantee_in_another_currency_is_never_compared() -> None:
    with pytest.raises(CurrencyMismatch):
        allocate(facts(guarantee_limit=hk_cents(1_800_000)), PLANS)


@settings(max_examples=50)
@given(st.integers(0, 4_000_000))
def test_a_decision_in_patacas_is_laid_over_the_forecast_to_the_last_fen(benefit: int) -> None:
    forecast = allocate(facts(), PLANS)
    decision = ClaimAnswer(
        reference="CL-1", state=AnswerState.PARTIAL, claim_number="LM-C-1", benefit=avos(benefit)
    )
    settled = reconcile_with_decision(forecast, decision)
    shares = total((share.amount for share in settled.result.shares), Currency.CNY)
    assert shares == forecast.total
    assert settled.difference == counted(benefit - 2_120_901, Currency.MOP)


def test_a_decision_in_hong_kong_dollars_cannot_be_laid_over_it() -> None:
    forecast = allocate(facts(), PLANS)
    decision = ClaimAnswer(
        reference="CL-1", state=AnswerState.PARTIAL, claim_number="LM-C-1", benefit=hk_cents(100)
    )
    with pytest.raises(CurrencyMismatch):
        reconcile_with_decision(forecast, decision)
