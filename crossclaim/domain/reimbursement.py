"""A patient's claim with papers: visits judged one after the other, then paid out in RMB.

Each bill is judged by the rules and the rate of its own day, and on what the bills listed before it
have used. The benefit is fixed at approval in what the plan counts in; RMB follow at the plan's
payout rate.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

from crossclaim.domain.accumulators import Accumulators
from crossclaim.domain.adjudication import LineBenefit, adjudicate_cover, use_of
from crossclaim.domain.allocation import BillBenefit, BillFacts, Fault, Frozen, TraceStep
from crossclaim.domain.conditions import place
from crossclaim.domain.cover import Claiming, Cover
from crossclaim.domain.guarantee import guaranteed
from crossclaim.domain.money import Currency, Money, counted, fen, total
from crossclaim.domain.plan import FxBasis, Plan, PlanAt, RuleMissing
from crossclaim.domain.rates import PAYOUT_BASIS, RateMissing, Rates, charge_rate, payout_basis
from crossclaim.domain.sentences import Reason
from crossclaim.domain.sentences_insurer import InsurerReason
from crossclaim.domain.spread import fill, largest_remainder
from crossclaim.domain.trace import fault, plain
from crossclaim.domain.voucher import service_day


class Reimbursement(Frozen):
    """With ``faults`` nothing is decided. ``after``: the member's counters after the claim."""

    bills: list[BillBenefit]
    benefit: Money
    eligible: Money
    after: Accumulators
    trace: list[TraceStep]
    faults: list[Fault]


class Payout(Frozen):
    """RMB for an approved claim."""

    amount: Money
    by_bill: dict[str, Money]
    drift: Money
    """CNY, paid − what the benefit was worth at the rates it was judged with."""
    kept_by_patient: Money
    """CNY of the claimed bills that the plan does not pay."""
    trace: list[TraceStep]


def reimburse(
    bills: Sequence[BillFacts],
    plan: Plan,
    cover: Cover,
    left: Mapping[str, dict[int, Money]] = MappingProxyType({}),
) -> Reimbursement:
    """Judges a claim's bills in the order in which they are listed; every fault comes at once.

    ``left``: bill number → line → CNY that funders other than insurers left; whole lines if absent.
    """
    cover = cover.model_copy(update={"claiming": Claiming.REIMBURSEMENT})
    before = cover.counters()
    faults = _claim_faults(bills, cover)
    judged: list[BillBenefit] = []
    steps: list[TraceStep] = []
    for facts in bills:
        at = plan.on(facts.admitted_on or service_day(facts))
        whole = {line.number: line.amount for line in facts.bill.lines}
        claimed = left.get(facts.bill.number, whole)
        try:
            found = _judge(facts, at, cover, claimed)
        except RuleMissing as missing:
            words = {"rule": missing.rule, "on": missing.on}
            faults.append(fault(Reason.RULE_NEEDS_PERSON, f"{place(facts, cover)}/plan", **words))
            continue
        faults += found.faults
        if found.benefit is not None:
            cover = cover.model_copy(update={"used": found.after})
            judged.append(found.benefit)
            steps += found.trace
    if faults:
        judged = []
    return Reimbursement(
        bills=judged,
        benefit=total((one.benefit for one in judged), plan.currency),
        eligible=total((one.eligible for one in judged), Currency.CNY),
        after=before if faults else cover.counters(),
        trace=steps,
        faults=faults,
    )


def pay_out(approved: Reimbursement, plan: PlanAt, rates: Rates) -> Payout:
    """RMB of an approved claim at the plan's payout rate, never above the eligible charges.

    Raises RateMissing when the rate of that moment was not given: here no forecast will do.
    """
    basis = payout_basis(plan)
    worth = total((one.forecast for one in approved.bills), Currency.CNY)
    if basis is FxBasis.SERVICE_DATE:
        amount, rate = worth, "of each day"
    else:
        found = rates.of(basis, plan.on)
        if found is None:
            raise RateMissing(basis, plan.on)
        amount, rate = found.to_fen(approved.benefit), str(found.cny_per_hkd)
    amount = min(amount, approved.eligible)
    parts = fill(
        amount.amount_minor,
        [one.benefit.amount_minor for one in approved.bills],
        [one.eligible.amount_minor for one in approved.bills],
    )
    claimed = total((one.claimed for one in approved.bills), Currency.CNY)
    inputs: dict[str, object] = {"rate": rate, "at_charge_rates": worth, "rounding": "half_up"}
    words = {
        "benefit": approved.benefit,
        "amount": amount,
        "basis": basis.value,
        "eligible": approved.eligible,
    }
    step = plain(
        f"{plan.plan}:{PAYOUT_BASIS}", plan.on, InsurerReason.PAID_OUT, amount, inputs, **words
    )
    return Payout(
        amount=amount,
        by_bill={one.bill: fen(part) for one, part in zip(approved.bills, parts, strict=True)},
        drift=amount - worth,
        kept_by_patient=claimed - amount,
        trace=[step],
    )


class _Judged(NamedTuple):
    benefit: BillBenefit | None
    after: Accumulators
    trace: list[TraceStep]
    faults: list[Fault]


def _claim_faults(bills: Sequence[BillFacts], cover: Cover) -> list[Fault]:
    """A bill stands once; who pays before this insurer has stated what it paid of each bill."""
    faults: list[Fault] = []
    numbers = [facts.bill.number for facts in bills]
    for number in sorted({one for one in numbers if numbers.count(one) > 1}):
        faults.append(fault(InsurerReason.BILL_CLAIMED_TWICE, "/bills", bill=number))
    stated = {(one.organisation, one.bill) for one in cover.statements}
    for organisation in cover.other_insurers:
        if any((organisation, number) not in stated for number in numbers):
            reason = InsurerReason.OTHER_INSURER_STATEMENT_MISSING
            faults.append(fault(reason, "/statements", organisation=organisation))
    return faults


def _judge(facts: BillFacts, plan: PlanAt, cover: Cover, claimed: dict[int, Money]) -> _Judged:
    judged = adjudicate_cover(facts, plan, cover, claimed)
    faults = [*judged.faults, *_statement_faults(facts, cover, claimed)]
    if faults:
        return _Judged(None, cover.counters(), [], faults)
    found = guaranteed(facts, plan, cover, judged.benefit)
    rooms = _rooms(facts, cover, judged.lines)
    days = {line.number: line.service_date for line in facts.bill.lines}
    rates = {n: charge_rate(plan, cover.rates, day).rate for n, day in days.items()}
    benefit, steps = found.benefit, [*judged.trace, *found.steps]
    reasons = [r for line in judged.lines for r in line.reasons] + [r.value for r in found.reasons]
    if cover.statements:
        most = total((rates[n].from_fen(room) for n, room in rooms.items()), plan.currency)
        if most < benefit:
            benefit, reason = most, InsurerReason.OTHER_INSURER_FIRST
            words = {"amount": most, "left": total(rooms.values(), Currency.CNY)}
            steps.append(plain("dual_cover:left", plan.on, reason, most, {}, **words))
            reasons.append(reason.value)
    weights = [line.benefit.amount_minor for line in judged.lines]
    parts = largest_remainder(benefit.amount_minor, weights) if any(weights) else [0] * len(weights)
    worth = [
        min(rates[line.line].to_fen(counted(part, benefit.currency)), rooms[line.line])
        for line, part in zip(judged.lines, parts, strict=True)
    ]
    told: dict[str, object] = {"bill": facts.bill.number, "amount": benefit}
    rule = f"{plan.plan}:benefits"
    steps.append(
        plain(rule, plan.on, InsurerReason.VISIT_BENEFIT, benefit, {"plan": plan.plan}, **told)
    )
    one = BillBenefit(
        bill=facts.bill.number,
        claimed=total((line.claimed for line in judged.lines), Currency.CNY)
        - _stated(facts, cover),
        eligible=total(rooms.values(), Currency.CNY),
        benefit=benefit,
        forecast=total(worth, Currency.CNY),
        reasons=list(dict.fromkeys(reasons)),
    )
    after = cover.counters().plus(use_of(judged, benefit))
    return _Judged(one, after, steps, [])


def _statement_faults(facts: BillFacts, cover: Cover, claimed: dict[int, Money]) -> Iterator[Fault]:
    """Other insurers cannot have paid more than the bill."""
    paid, whole = _stated(facts, cover), total(claimed.values(), Currency.CNY)
    if whole < paid:
        names = (one.organisation for one in cover.statements if one.bill == facts.bill.number)
        words = {"organisation": ", ".join(names), "paid": paid, "bill": whole}
        yield fault(InsurerReason.STATEMENT_ABOVE_COST, "/statements", **words)


def _stated(facts: BillFacts, cover: Cover) -> Money:
    """CNY that other insurers state to have paid of the bill."""
    number = facts.bill.number
    return total((one.paid for one in cover.statements if one.bill == number), Currency.CNY)


def _rooms(facts: BillFacts, cover: Cover, lines: list[LineBenefit]) -> dict[int, Money]:
    """CNY that other insurers left of each line that the plan pays; their payments lie on all lines
    in proportion, as their statements do not name lines."""
    claimed = [line.claimed.amount_minor for line in lines]
    paid = fill(_stated(facts, cover).amount_minor, claimed, claimed)
    return {
        line.line: line.claimed - fen(part) if line.payable.amount_minor else fen(0)
        for line, part in zip(lines, paid, strict=True)
    }
