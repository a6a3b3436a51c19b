"""What an insurer's plan pays of a bill, line by line, in Hong Kong cents.

Each line is converted at the frozen rate, limited by its benefit, then deductible, co-insurance
and annual limit are taken from the whole in the order that the plan states. Every spread over
lines is by largest remainder, so that lines add up to the whole.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from crossclaim.domain.allocation import BillFacts, Fault, TraceStep
from crossclaim.domain.benefits import Payable, payable_lines
from crossclaim.domain.money import ConversionRate, Money, half_up, hk_cents, total
from crossclaim.domain.money import Currency as _Currency
from crossclaim.domain.plan import PlanAt
from crossclaim.domain.sentences import Reason
from crossclaim.domain.spread import RULE as SPREAD_RULE
from crossclaim.domain.spread import largest_remainder
from crossclaim.domain.trace import traced


class LineBenefit(NamedTuple):
    """One line's way from the charge to the benefit."""

    line: int
    claimed: Money
    """CNY that earlier funders left of the line."""
    converted: Money
    """HKD."""
    payable: Money
    """HKD after exclusions and the limits of its benefit."""
    benefit: Money
    """HKD after deductible, co-insurance and annual limit."""
    reasons: list[str]


class Adjudication(NamedTuple):
    """Σ benefits of lines = ``benefit`` = payable − deductible − co-insurance − above the limit."""

    lines: list[LineBenefit]
    payable: Money
    benefit: Money
    trace: list[TraceStep]
    faults: list[Fault]


def adjudicate(
    facts: BillFacts, plan: PlanAt, rate: ConversionRate, left: dict[int, Money] | None = None
) -> Adjudication:
    """The plan's benefit for a bill, before any limit of a guarantee.

    ``left`` is what earlier funders leave of each line (CNY), the whole line when absent. Raises
    RuleMissing when the plan lacks a value that the bill needs.
    """
    claimed = left or {line.number: line.amount for line in facts.bill.lines}
    found = payable_lines(facts, plan, rate, claimed)
    steps = list(found.trace)
    benefit = total([line.payable for line in found.lines], _Currency.HKD)
    reasons: list[Reason] = []
    for name in plan.codes("order"):
        reduced, step = _REDUCTIONS[name](facts, plan, benefit)
        if reduced < benefit:
            reasons.append(Reason(name.upper()))
        steps.append(step)
        benefit = reduced
    lines = _with_benefit(found.lines, benefit, reasons)
    return Adjudication(
        lines=lines,
        payable=total([line.payable for line in lines], _Currency.HKD),
        benefit=benefit,
        trace=steps,
        faults=found.faults,
    )


def _with_benefit(lines: list[Payable], benefit: Money, reasons: list[Reason]) -> list[LineBenefit]:
    parts = largest_remainder(benefit.amount_minor, [line.payable.amount_minor for line in lines])
    more = [reason.value for reason in reasons]
    return [
        LineBenefit(
            line.line,
            line.claimed,
            line.converted,
            line.payable,
            hk_cents(part),
            line.reasons + more if line.payable.amount_minor > 0 else line.reasons,
        )
        for line, part in zip(lines, parts, strict=True)
    ]


def _deductible(facts: BillFacts, plan: PlanAt, benefit: Money) -> tuple[Money, TraceStep]:
    whole = plan.amount("deductible.per_year")
    used = facts.deductible_used or hk_cents(0)
    left = max(whole - used, hk_cents(0))
    taken = min(left, benefit)
    step = traced(
        plan,
        ["deductible.per_year", "order"],
        Reason.DEDUCTIBLE,
        taken,
        inputs={"payable": benefit, "deductible_used": facts.deductible_used or "not stated"},
        assumed=facts.deductible_used is None,
        words={"amount": taken},
    )
    return benefit - taken, step


def _coinsurance(facts: BillFacts, plan: PlanAt, benefit: Money) -> tuple[Money, TraceStep]:
    ratio = plan.ratio("coinsurance.ratio")
    taken = hk_cents(half_up(benefit.amount_minor * ratio))
    step = traced(
        plan,
        ["coinsurance.ratio", "order"],
        Reason.COINSURANCE,
        taken,
        inputs={"base": benefit, "rounding": "half_up", "spread": SPREAD_RULE},
        words={"amount": taken},
    )
    return benefit - taken, step


def _annual_limit(facts: BillFacts, plan: PlanAt, benefit: Money) -> tuple[Money, TraceStep]:
    used = facts.annual_benefit_used or hk_cents(0)
    left = max(plan.amount("annual_limit") - used, hk_cents(0))
    allowed = min(benefit, left)
    step = traced(
        plan,
        ["annual_limit", "order"],
        Reason.ANNUAL_LIMIT,
        allowed,
        inputs={"benefit": benefit, "used": facts.annual_benefit_used or "not stated"},
        assumed=facts.annual_benefit_used is None,
        words={"amount": allowed},
    )
    return allowed, step


_REDUCTIONS: dict[str, Callable[[BillFacts, PlanAt, Money], tuple[Money, TraceStep]]] = {
    "deductible": _deductible,
    "coinsurance": _coinsurance,
    "annual_limit": _annual_limit,
}
REDUCTIONS = frozenset(_REDUCTIONS)
"""Names that a plan's ``order`` may use."""
