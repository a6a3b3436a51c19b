"""What an insurer's plan pays of a bill, line by line, in what the plan counts in.

Each line is converted at the plan's rate, limited by its benefit, then what the plan takes of the
whole (deductible, co-insurance, limits of the year and the lifetime) follows in the order that it
states. Every spread over lines is by largest remainder, so that lines add up to the whole.
"""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from crossclaim.domain.accumulators import (
    Use,
    deductible_of,
    paid_ever,
    paid_in,
    paid_of_stay,
)
from crossclaim.domain.allocation import BillFacts, Fault, TraceStep
from crossclaim.domain.benefits import Payable, payable_lines
from crossclaim.domain.cover import Cover, cover_of
from crossclaim.domain.money import ConversionRate, Money, counted, total
from crossclaim.domain.plan import PlanAt
from crossclaim.domain.reductions import REDUCTIONS, Whole, reduced
from crossclaim.domain.spread import largest_remainder

__all__ = ["REDUCTIONS", "Adjudication", "LineBenefit", "adjudicate", "adjudicate_cover", "use_of"]


class LineBenefit(NamedTuple):
    """One line's way from the charge to the benefit."""

    line: int
    claimed: Money
    """CNY that earlier funders left of the line."""
    converted: Money
    """In the plan's currency, as all that follows."""
    payable: Money
    """After exclusions and the limits of its benefit."""
    benefit: Money
    """After deductible, co-insurance and annual limit."""
    reasons: list[str]
    falls_under: str = ""
    """The plan's benefit; empty when the line is refused."""


class Adjudication(NamedTuple):
    """Σ benefits of lines = ``benefit`` = payable − deductible − co-insurance − above the limit."""

    lines: list[LineBenefit]
    payable: Money
    benefit: Money
    trace: list[TraceStep]
    faults: list[Fault]
    use: Use
    """Deductible, days and visits that the bill uses; ``use_of`` adds what is paid."""
    year: int
    visit: str


def adjudicate(
    facts: BillFacts, plan: PlanAt, rate: ConversionRate, left: dict[int, Money] | None = None
) -> Adjudication:
    """The plan's benefit for a bill of its only insurer, before any limit of a guarantee.

    ``left`` is what earlier funders leave of each line (CNY), the whole line when absent. Raises
    RuleMissing when the plan lacks a value that the bill needs.
    """
    return adjudicate_cover(facts, plan, cover_of(facts, plan.plan, rate), left)


def adjudicate_cover(
    facts: BillFacts, plan: PlanAt, cover: Cover, left: dict[int, Money] | None = None
) -> Adjudication:
    """The same under one of several covers. Raises RuleMissing."""
    claimed = left or {line.number: line.amount for line in facts.bill.lines}
    found = payable_lines(facts, plan, cover, claimed)
    steps = list(found.trace)
    benefit = total([line.payable for line in found.lines], plan.currency)
    reasons: list[StrEnum] = []
    faults, taken = list(found.faults), 0
    for name in plan.codes("order") if not found.faults else ():
        less = reduced(name, Whole(facts, plan, cover, benefit))
        if less.question is not None:
            faults.append(less.question)
        if less.left < benefit:
            reasons.append(less.reason)
        if less.step is not None:
            steps.append(less.step)
        if name == "deductible":
            taken = (benefit - less.left).amount_minor
        benefit = less.left
    lines = _with_benefit(found.lines, benefit, reasons)
    year = cover.year_on(plan.on)
    return Adjudication(
        lines=lines,
        payable=total([line.payable for line in lines], plan.currency),
        benefit=benefit,
        trace=steps,
        faults=faults,
        use=found.use | ({deductible_of(year): taken} if taken else {}),
        year=year,
        visit=facts.episode.visit.number,
    )


def use_of(judged: Adjudication, paid: Money) -> Use:
    """What the bill adds to the member's counters when the insurer pays ``paid`` of it."""
    use = dict(judged.use)
    whole = [paid_in(judged.year), paid_ever()]
    use |= dict.fromkeys(whole, paid.amount_minor)
    weights = [line.benefit.amount_minor for line in judged.lines]
    parts = largest_remainder(paid.amount_minor, weights) if any(weights) else [0] * len(weights)
    by_benefit: dict[str, int] = {}
    for line, part in zip(judged.lines, parts, strict=True):
        by_benefit[line.falls_under] = by_benefit.get(line.falls_under, 0) + part
    for benefit, amount in by_benefit.items():
        if benefit:
            use[paid_in(judged.year, benefit)] = amount
            use[paid_ever(benefit)] = amount
            use[paid_of_stay(judged.visit, benefit)] = amount
    return {counter: count for counter, count in sorted(use.items()) if count}


def _with_benefit(
    lines: list[Payable], benefit: Money, reasons: list[StrEnum]
) -> list[LineBenefit]:
    parts = largest_remainder(benefit.amount_minor, [line.payable.amount_minor for line in lines])
    more = [reason.value for reason in reasons]
    return [
        LineBenefit(
            line.line,
            line.claimed,
            line.converted,
            line.payable,
            counted(part, benefit.currency),
            line.reasons + more if line.payable.amount_minor > 0 else line.reasons,
            line.benefit,
        )
        for line, part in zip(lines, parts, strict=True)
    ]
