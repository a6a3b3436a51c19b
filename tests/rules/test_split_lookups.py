"""What a split answers about its insurers, and how its answers are put together."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from pydantic import ValidationError

from crossclaim.domain.allocate import allocate
from crossclaim.domain.allocation import (
    AllocationResult,
    Alternative,
    CoverTerms,
    FunderTotal,
    Sentence,
    TraceStep,
)
from crossclaim.domain.chain import LegAnswer, Link
from crossclaim.domain.money import ConversionRate, Currency, Money, avos, fen, hk_cents
from crossclaim.domain.submission import FunderKind
from tests.rules import facts as given
from tests.rules.test_combination import laid_on

MOMENT = datetime(2026, 3, 9, tzinfo=UTC)


def rate(text: str, currency: Currency = Currency.HKD) -> ConversionRate:
    return ConversionRate(
        cny_per_hkd=Decimal(text), source="central parity", as_of=MOMENT, currency=currency
    )


def part(organisation: str, own: Money | None) -> FunderTotal:
    return FunderTotal(
        funder=FunderKind.INSURER,
        organisation=organisation,
        amount=fen(1),
        in_funder_currency=own,
    )


def result(**more: object) -> AllocationResult:
    return AllocationResult.model_validate({"total": fen(1), **more})


def test_a_split_never_changes_under_who_reads_it() -> None:
    with pytest.raises(ValidationError):
        result().total = fen(2)  # type: ignore[misc]


def test_nothing_is_assumed_and_nobody_is_a_spouse_unless_it_is_said() -> None:
    text = Sentence(en="", zh_hant="", zh_hans="")
    step = TraceStep(rule="r", on=date(2026, 3, 9), inputs={}, result="", text=text)
    assert step.assumption is False
    assert Alternative.model_fields["spouse"].default is False


def test_an_insurers_rate_is_its_covers_own_or_else_the_splits() -> None:
    own, whole = rate("0.9150"), rate("0.9000")
    found = result(covers=[CoverTerms(organisation="a", plan="p", rate=own)], rate=whole)
    assert found.rate_of("a") == own and found.rate_of("b") == whole
    assert result().rate_of("a") is None


def test_an_insurer_counts_in_what_its_part_says_else_its_rate_else_hong_kong_dollars() -> None:
    macao = rate("0.8900", Currency.MOP)
    assert result(totals=[part("a", avos(1))]).counted_in("a") is Currency.MOP
    assert result(later_reimbursement=part("a", avos(1))).counted_in("a") is Currency.MOP
    both = result(totals=[part("a", avos(1))], later_reimbursement=part("a", hk_cents(1)))
    assert both.counted_in("a") is Currency.MOP, "the direct part comes first"
    assert result(totals=[part("b", avos(1))]).counted_in("a") is Currency.HKD
    assert result(totals=[part("a", None)], rate=macao).counted_in("a") is Currency.MOP
    assert result(rate=macao).counted_in("a") is Currency.MOP
    assert result(totals=[part("a", hk_cents(1))], rate=macao).counted_in("a") is Currency.HKD


def answering(funder: FunderKind, limit: int | None, its: ConversionRate | None) -> Link:
    said = LegAnswer(direct_limit=None if limit is None else hk_cents(limit), rate=its)
    return Link(funder, lambda facts, plans, left: said)


def test_rate_and_limit_of_a_split_are_the_first_insurers() -> None:
    facts = laid_on("voucher", "insurer")
    dollars, first, second = rate("0.9100"), rate("0.9200"), rate("0.9300")
    links = [
        answering(FunderKind.VOUCHER, None, dollars),
        answering(FunderKind.INSURER, 100, first),
        answering(FunderKind.INSURER, 200, second),
    ]
    found = allocate(facts, given.PLANS, links)
    assert (found.rate, found.direct_limit) == (first, hk_cents(100))
    without = [
        answering(FunderKind.VOUCHER, None, dollars),
        answering(FunderKind.PAY_LATER, None, second),
    ]
    found = allocate(laid_on("voucher", "pay_later"), given.PLANS, without)
    assert (found.rate, found.direct_limit) == (dollars, None)


def test_the_patients_part_says_why_it_is_his_and_what_others_paid() -> None:
    """E5: the room of CNY 3,600.00 is capped, the surgeon's fee loses the whole's reductions."""
    found = allocate(given.inpatient_facts(), given.PLANS)
    mine = {s.line: s for s in found.shares if s.funder is FunderKind.PATIENT}
    assert "CAPPED" in mine[1].reasons and "CAPPED" not in mine[2].reasons
    (step,) = (one for one in found.trace if one.rule == "allocation:patient")
    assert step.inputs == {"bill": "CNY 51,850.50", "insurer": "CNY 31,040.33"}


def test_a_line_that_costs_the_patient_nothing_names_no_reason() -> None:
    facts = given.with_lines(
        given.voucher_facts(), [given.line(1, "consultation", 91500, date(2025, 10, 14))]
    )
    found = allocate(facts, given.PLANS)
    (mine,) = (s for s in found.shares if s.funder is FunderKind.PATIENT)
    assert (mine.amount, mine.reasons) == (fen(0), [])
