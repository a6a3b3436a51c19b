"""What the pooled fund of basic insurance pays of a bill: deductible, ratio, limits, in that order.

Rules and their sources are in the plan files of each city. Every sum is rounded once, half up to
the fen, and then laid on the lines by largest remainder, so that their order changes nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from crossclaim.domain.allocation import Frozen, TraceStep
from crossclaim.domain.basic_contribution import late_contribution
from crossclaim.domain.basic_facts import BasicFacts, BasicLeg, BasicLine
from crossclaim.domain.basic_faults import basic_faults, waits
from crossclaim.domain.basic_rules import (
    group_key,
    key_for,
    limit_key,
    limits,
    share,
    wanted_key,
)
from crossclaim.domain.money import Money, fen, half_up
from crossclaim.domain.plan import PlanAt, Unit
from crossclaim.domain.sentences_basic import BasicReason
from crossclaim.domain.spread import RULE as SPREAD_RULE
from crossclaim.domain.spread import largest_remainder
from crossclaim.domain.trace import plain, traced
from crossclaim.domain.waiting import waiting_of

__all__ = ["basic_faults", "basic_leg"]


class _Part(Frozen):
    """What one rule gives for some of the lines, before any limit."""

    by_line: dict[int, int]
    """Line number → fen."""
    deducted: int = 0
    reasons: list[str]
    trace: list[TraceStep]

    @property
    def computed(self) -> int:
        return sum(self.by_line.values())


def basic_leg(facts: BasicFacts, plan: PlanAt) -> BasicLeg:
    """The pooled fund's part of a bill, line by line; with faults it is nothing.

    ``plan`` holds the values of ``facts.on``. Never above what is eligible, nor above what any
    limit leaves, nor below zero.
    """
    faults = basic_faults(facts, plan)
    if faults:
        return BasicLeg(fund=fen(0), computed=fen(0), faults=faults)
    parts = _parts(facts, plan)
    computed = sum(part.computed for part in parts)
    fund, capped, limit_steps = _limited(facts, plan, computed)
    weights = dict.fromkeys(sorted(line.number for line in facts.lines), 0)
    for part in parts:
        weights |= part.by_line
    shares = dict(zip(weights, largest_remainder(fund, list(weights.values())), strict=True))
    outside, reasons = _outside(facts, plan)
    for part in parts:
        for number in part.by_line:
            reasons[number] += part.reasons + capped
    steps = [*_waited(facts, plan), *outside, *(s for part in parts for s in part.trace)]
    return BasicLeg(
        fund=fen(fund),
        shares={number: fen(amount) for number, amount in shares.items()},
        reasons=reasons,
        computed=fen(computed),
        used={period: used + fen(fund) for period, used in facts.used.items()},
        deductible_used=_deductible_used(facts, parts),
        trace=[*steps, *limit_steps, _fund_step(facts, plan, fund, computed)],
    )


def _parts(facts: BasicFacts, plan: PlanAt) -> list[_Part]:
    """The general consultation fee where the plan has a share of its own for it, then the rest."""
    fee = group_key(facts, plan, "general_consult_fee")
    fees = [line for line in facts.lines if fee is not None and line.general_consult_fee]
    rest = [line for line in facts.lines if fee is None or not line.general_consult_fee]
    parts = [_consult_fee(plan, fee, fees)] if fee is not None and fees else []
    return [*parts, _ordinary(facts, plan, rest)] if rest else parts


def _consult_fee(plan: PlanAt, key: str, lines: Sequence[BasicLine]) -> _Part:
    eligible, ratio = _eligible(lines), plan.ratio(key)
    amount = half_up(eligible * ratio)
    words = {"eligible": fen(eligible), "ratio": ratio, "amount": fen(amount)}
    reason = BasicReason.BASIC_CONSULT_FEE
    step = traced(plan, [key], reason, fen(amount), words=words, inputs={"eligible": fen(eligible)})
    return _Part(by_line=_over(lines, amount), reasons=[reason.value], trace=[step])


def _ordinary(facts: BasicFacts, plan: PlanAt, lines: Sequence[BasicLine]) -> _Part:
    eligible = _eligible(lines)
    deducted, steps = _deductible(facts, plan, eligible)
    shared, more = _shared(facts, plan, eligible, deducted)
    by_line = _over(lines, shared)
    reasons = [BasicReason.BASIC_DEDUCTIBLE.value] if deducted else []
    reasons.append(BasicReason.BASIC_RATIO.value)
    return _Part(by_line=by_line, deducted=deducted, reasons=reasons, trace=steps + more)


def _deductible(facts: BasicFacts, plan: PlanAt, eligible: int) -> tuple[int, list[TraceStep]]:
    """What the deductible takes: of a stay the whole, of a year what is left of it."""
    key = key_for(facts, plan, "deductible")
    if key is None:
        return 0, []
    per_year = plan.rule(key).unit is Unit.CNY_PER_YEAR
    used = facts.deductible_used if per_year and facts.deductible_used else fen(0)
    left = max(0, (plan.amount(key) - used).amount_minor)
    taken = min(left, eligible)
    inputs = {"eligible": fen(eligible), "used_before": used}
    words = {"amount": fen(taken)}
    reason = BasicReason.BASIC_DEDUCTIBLE
    return taken, [traced(plan, [key], reason, fen(taken), words=words, inputs=inputs)]


def _shared(
    facts: BasicFacts, plan: PlanAt, eligible: int, deducted: int
) -> tuple[int, list[TraceStep]]:
    """The fund's share in fen. Where a plan pays another ratio above an amount, that amount is
    counted on the eligible costs, the deductible comes off the part below, and each of the two
    parts is rounded, so that the steps add up."""
    ratio, keys = share(facts, plan, wanted_key(facts, plan, "ratio"))
    above_key, border_key = key_for(facts, plan, "above_ratio"), f"{facts.care.value}.above.from"
    border = eligible if above_key is None else plan.amount(border_key).amount_minor
    if above_key is None or eligible <= border:
        below = eligible - deducted
        return half_up(below * ratio), [_ratio_step(plan, keys, below, ratio)]
    upper, more = share(facts, plan, above_key)
    below = max(0, border - deducted)
    above = eligible - deducted - below
    steps = [
        _ratio_step(plan, keys, below, ratio),
        _ratio_step(plan, [*more, border_key], above, upper),
    ]
    return half_up(below * ratio) + half_up(above * upper), steps


def _ratio_step(plan: PlanAt, keys: list[str], eligible: int, ratio: Decimal) -> TraceStep:
    amount = fen(half_up(eligible * ratio))
    words = {"eligible": fen(eligible), "ratio": ratio, "amount": amount}
    reason = BasicReason.BASIC_RATIO
    return traced(plan, keys, reason, amount, words=words, inputs={"eligible": fen(eligible)})


def _limited(
    facts: BasicFacts, plan: PlanAt, computed: int
) -> tuple[int, list[str], list[TraceStep]]:
    """What every limit leaves of the computed amount, the reason when one bites, the steps."""
    stated, periods = limits(facts, plan)
    if not periods:
        key = stated.key
        return computed, [], [traced(plan, [key], BasicReason.BASIC_NO_LIMIT, fen(computed))]
    fund, steps = computed, []
    for period in periods:
        key = limit_key(facts, plan, period)
        limit, used = plan.amount(key), facts.used[period]
        left = max(fen(0), limit - used)
        bites = computed > left.amount_minor
        reason = BasicReason.BASIC_CAPPED if bites else BasicReason.BASIC_WITHIN_LIMIT
        fund = min(fund, left.amount_minor)
        words = {"limit": limit, "left": left}
        inputs = {"computed": fen(computed), "used_before": used}
        steps.append(traced(plan, [key, stated.key], reason, left, words=words, inputs=inputs))
    return fund, [BasicReason.BASIC_CAPPED.value] if fund < computed else [], steps


def _outside(facts: BasicFacts, plan: PlanAt) -> tuple[list[TraceStep], dict[int, list[str]]]:
    """What lies outside the catalogue; the reasons of every line begin here."""
    steps: list[TraceStep] = []
    reasons: dict[int, list[str]] = {line.number: [] for line in facts.lines}
    reason = BasicReason.BASIC_OUT_OF_SCOPE
    for line in sorted(facts.lines, key=lambda line: line.number):
        outside = line.amount.amount_minor - (line.eligible.amount_minor if line.eligible else 0)
        if outside:
            amount = fen(outside)
            step = plain("basic:eligible", plan.on, reason, amount, line=line.number, amount=amount)
            steps.append(step)
            reasons[line.number].append(reason.value)
    return steps, reasons


def _waited(facts: BasicFacts, plan: PlanAt) -> list[TraceStep]:
    enrolment = facts.insured.enrolment
    if enrolment is None or not waits(facts, plan):
        return []
    waiting = waiting_of(enrolment, plan)
    if not waiting.months:
        return []
    keys = ["waiting.fixed", "waiting.per_missed_year", "waiting.most", "waiting.most_counts"]
    words = {"months": waiting.months, "since": waiting.covered_from}
    inputs = {"paid_on": enrolment.paid_on, "missed_years": enrolment.missed_years}
    reason = BasicReason.BASIC_WAITED
    waited = traced(plan, keys, reason, waiting.covered_from, words=words, inputs=inputs)
    return [*late_contribution(enrolment, plan), waited]


def _fund_step(facts: BasicFacts, plan: PlanAt, fund: int, computed: int) -> TraceStep:
    inputs: dict[str, object] = {
        "computed": fen(computed),
        "care": facts.care.value,
        "groups": " ".join(facts.insured.groups),
        "level": facts.level.value if facts.level else "-",
        "spread": SPREAD_RULE,
    }
    rule = f"{plan.plan}:{facts.care.value}"
    return plain(rule, plan.on, BasicReason.BASIC_FUND, fen(fund), inputs, amount=fen(fund))


def _deductible_used(facts: BasicFacts, parts: Sequence[_Part]) -> Money | None:
    if facts.deductible_used is None:
        return None
    return facts.deductible_used + fen(sum(part.deducted for part in parts))


def _eligible(lines: Sequence[BasicLine]) -> int:
    return sum(line.eligible.amount_minor for line in lines if line.eligible is not None)


def _over(lines: Sequence[BasicLine], amount: int) -> dict[int, int]:
    """An amount laid on lines by what is eligible of each, in the order of their numbers."""
    ordered = sorted(lines, key=lambda line: line.number)
    weights = [line.eligible.amount_minor if line.eligible else 0 for line in ordered]
    parts = largest_remainder(amount, weights)
    return {line.number: part for line, part in zip(ordered, parts, strict=True)}
