"""Deliberately naive ways to compute the same figures go red on the same promises and oracles."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Decimal

import pytest

from crossclaim.domain.allocate import allocate
from crossclaim.domain.allocation import AllocationResult
from crossclaim.domain.money import fen, half_up, hk_cents
from crossclaim.domain.submission import FunderKind
from tests.rules import facts as given
from tests.rules.test_properties import (
    never_negative_never_above,
    voucher_never_above_balance_or_bill,
)
from tests.rules.test_scenarios import conserved


def rewritten(
    result: AllocationResult, funder: FunderKind, per_line: dict[int, int]
) -> AllocationResult:
    """The same split with one funder's lines computed by a twin, its total left as it was."""
    shares = [
        s.model_copy(update={"amount": fen(per_line[s.line])}) if s.funder is funder else s
        for s in result.shares
    ]
    return result.model_copy(update={"shares": shares})


def test_rounding_each_line_for_itself_loses_fen() -> None:
    payable = {1: 225000, 2: 98361, 3: 1967213, 4: 688525, 5: 688525, 6: 901694, 7: 0, 8: 0}
    lost = 0
    for limit in range(3000000, 3000020):
        facts = given.inpatient_facts(limit)
        result = allocate(facts, given.PLANS)
        share = Decimal(limit) / Decimal(4569318)
        twin = {n: half_up(half_up(c * share) * Decimal("0.9150")) for n, c in payable.items()}
        assert conserved(result, facts)
        lost += not conserved(rewritten(result, FunderKind.INSURER, twin), facts)
    assert lost


def test_whole_dollars_line_by_line_lose_a_dollar() -> None:
    facts = given.voucher_facts()
    twin = sum(given.rate().whole_dollars_in(one.amount) for one in facts.bill.lines)
    assert twin == 1404
    leg = allocate(facts, given.PLANS).totals[0]
    assert leg.in_funder_currency == hk_cents(140500)


def test_half_even_rounding_pays_another_fen_for_vouchers() -> None:
    worth = Decimal(1187 * 100) * Decimal("0.9150")
    assert int(worth.quantize(Decimal(1), rounding=ROUND_HALF_EVEN)) != 108611
    facts = given.with_lines(
        given.voucher_facts(),
        [given.line(1, "consultation", 108640, given.voucher_facts().bill.issued_at.date())],
    )
    assert allocate(facts, given.PLANS).of(FunderKind.VOUCHER) == fen(108611)


def test_binary_floats_get_the_residue_wrong() -> None:
    wrong = [
        cents
        for cents in range(1, 20000)
        if round(cents * 0.915) != half_up(cents * Decimal("0.9150"))
    ]
    assert wrong
    for cents in wrong[:20]:
        assert given.rate().to_fen(hk_cents(cents)) == fen(half_up(cents * Decimal("0.9150")))


@pytest.mark.parametrize("dollars", [1406, 3501])
def test_rounding_dollars_up_or_past_the_balance_breaks_the_vouchers_promise(dollars: int) -> None:
    facts = given.voucher_facts()
    result = allocate(facts, given.PLANS)
    worth = fen(half_up(dollars * 100 * Decimal("0.9150")))
    leg = result.totals[0].model_copy(
        update={"in_funder_currency": hk_cents(100 * dollars), "amount": worth}
    )
    twin = result.model_copy(update={"totals": [leg, *result.totals[1:]]})
    assert voucher_never_above_balance_or_bill(result, facts)
    assert not (voucher_never_above_balance_or_bill(twin, facts) and conserved(twin, facts))


def test_co_insurance_before_the_deductible_gives_another_figure() -> None:
    facts = given.inpatient_facts()
    plan = given.PLANS.find(given.INSURER_PLAN)
    assert plan is not None
    twin = given.with_value(plan, "order", ("coinsurance", "deductible", "annual_limit"))
    other = allocate(facts, given.PLANS.replacing([twin]))
    assert other.of(FunderKind.INSURER) == fen(3030833)
    assert allocate(facts, given.PLANS).of(FunderKind.INSURER) == fen(3104033)


def test_converting_both_parts_of_a_benefit_for_themselves_loses_a_fen() -> None:
    lost = [
        limit
        for limit in range(3000000, 3000100)
        if given.rate().to_fen(hk_cents(limit)) + given.rate().to_fen(hk_cents(3392386 - limit))
        != fen(3104033)
    ]
    assert lost
    for limit in lost[:5]:
        result = allocate(given.inpatient_facts(limit), given.PLANS)
        later = result.later_reimbursement
        assert later is not None
        assert result.of(FunderKind.INSURER) + later.amount == fen(3104033)


def test_a_share_below_zero_breaks_the_promise_of_limits() -> None:
    facts = given.inpatient_facts()
    result = allocate(facts, given.PLANS)
    twin = {s.line: s.amount.amount_minor for s in result.shares if s.funder is FunderKind.PATIENT}
    twin[2] -= 1_000_000
    assert never_negative_never_above(result, facts)
    assert not never_negative_never_above(rewritten(result, FunderKind.PATIENT, twin), facts)
