"""The voucher's link in the chain of funders: own account first, then the spouse's."""

from __future__ import annotations

from crossclaim.domain.allocation import BillFacts, FunderTotal, TraceStep, share_of
from crossclaim.domain.chain import Left, LegAnswer, Part, first_claimed
from crossclaim.domain.combination import plan_unknown
from crossclaim.domain.money import ConversionRate, Currency, Money, fen, hk_cents, total
from crossclaim.domain.plan import PlanAt, PlanSet
from crossclaim.domain.sentences import Reason
from crossclaim.domain.spouse import (
    asked_faults,
    own_leg,
    spouse_faults,
    spouse_leg,
    spouse_steps,
    voucher_uses,
)
from crossclaim.domain.spread import RULE as SPREAD_RULE
from crossclaim.domain.spread import largest_remainder
from crossclaim.domain.submission import FunderKind
from crossclaim.domain.trace import traced
from crossclaim.domain.voucher import VoucherLeg, service_day, voucher_faults
from crossclaim.domain.voucher_reward import reward_steps


def carry_voucher(facts: BillFacts, plans: PlanSet, left: Left) -> LegAnswer:
    """What vouchers pay of what is left."""
    claimed = first_claimed(facts, FunderKind.VOUCHER)
    assert claimed is not None, "only claimed funders have a link"
    index, coverage = claimed
    dated = plans.find(coverage.plan) if coverage.plan else plans.of_funder(FunderKind.VOUCHER)
    if dated is None or dated.funder is not FunderKind.VOUCHER:
        return LegAnswer(faults=[plan_unknown(index, coverage)])
    plan = dated.on(service_day(facts))
    faults = [*voucher_faults(facts, plan), *spouse_faults(facts, plan)]
    amount = total(left.values(), Currency.CNY)
    balance, rate = facts.voucher_balance, facts.voucher_rate
    if balance is not None and rate is not None:
        faults += asked_faults(facts, amount, balance, rate)
    if faults or balance is None or rate is None:
        return LegAnswer(rules=[plan.used], faults=faults)
    own = own_leg(amount, balance, rate, facts.own_dollars)
    steps = [_own_step(facts, plan, rate, balance, own, amount)]
    steps += reward_steps(dated, plan, facts, own.dollars)
    if facts.spouse is None:
        part = _part(left, own.dollars, own.amount, steps)
        return LegAnswer(parts=[part], rules=[plan.used], rate=rate)
    second = spouse_leg(amount, own, facts.spouse.balance or hk_cents(0), rate)
    steps += spouse_steps(amount, plan, rate, own, second)
    part = _part(left, own.dollars + second.dollars, own.amount + second.amount, steps)
    uses = voucher_uses(own, second)
    return LegAnswer(parts=[part], rules=[plan.used], rate=rate, voucher_uses=uses)


def _own_step(
    facts: BillFacts,
    plan: PlanAt,
    rate: ConversionRate,
    balance: Money,
    leg: VoucherLeg,
    amount: Money,
) -> TraceStep:
    more: dict[str, object] = {}
    if amount != facts.bill.total:
        more["left_by_earlier"] = amount
    if facts.own_dollars is not None:
        more["asked_dollars"] = facts.own_dollars
    return traced(
        plan,
        ["rounding.dollars", "rounding.fen", "amounts.face_value"],
        Reason.VOUCHER_LEG,
        leg.amount,
        inputs={
            "bill": facts.bill.total,
            "balance": balance,
            "rate": rate.cny_per_hkd,
            "rate_source": rate.source,
            "rate_as_of": rate.as_of.isoformat(),
            "fx_basis": plan.fx_basis,
            "balance_after": leg.balance_after,
            "spread": SPREAD_RULE,
            **more,
        },
        words={"dollars": leg.dollars, "amount": leg.amount},
    )


def _part(left: Left, dollars: int, amount: Money, steps: list[TraceStep]) -> Part:
    """Both accounts' dollars together: the hospital is owed them by the one scheme."""
    numbers = sorted(left)
    parts = largest_remainder(amount.amount_minor, [left[n].amount_minor for n in numbers])
    shares = [
        share_of(number, FunderKind.VOUCHER, fen(part))
        for number, part in zip(numbers, parts, strict=True)
    ]
    summed = FunderTotal(
        funder=FunderKind.VOUCHER,
        amount=amount,
        in_funder_currency=hk_cents(100 * dollars),
    )
    return Part(total=summed, shares=shares, trace=steps)
