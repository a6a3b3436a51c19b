"""The insurer's part of a bill: what it pays the hospital now, what it owes the patient later."""

from __future__ import annotations

from crossclaim.domain.adjudication import Adjudication, adjudicate
from crossclaim.domain.allocation import BillFacts, Fault, Frozen, TraceStep
from crossclaim.domain.money import ConversionRate, Currency, Money, fen, half_up, hk_cents, total
from crossclaim.domain.plan import PlanAt, Unknown
from crossclaim.domain.sentences import Reason
from crossclaim.domain.spread import RULE as SPREAD_RULE
from crossclaim.domain.spread import fill
from crossclaim.domain.trace import plain, traced

PAYEES = frozenset({"hospital", "patient"})
"""Who is paid when there was no guarantee; a plan states which."""


class InsurerLeg(Frozen):
    """``direct`` and ``later`` in CNY, each with what the insurer itself counts (HKD)."""

    direct: Money
    direct_benefit: Money
    later: Money
    later_benefit: Money
    direct_limit: Money | None
    shares: dict[int, Money]
    """Line number → CNY of the direct part."""
    reasons: dict[int, list[str]]
    trace: list[TraceStep]
    faults: list[Fault]


class Split(Frozen):
    """A benefit cut at the direct limit, in both currencies."""

    direct: Money
    direct_benefit: Money
    later: Money
    later_benefit: Money


def split_benefit(benefit: Money, limit: Money | None, rate: ConversionRate, room: Money) -> Split:
    """HKD → fen, never above ``room`` (CNY). The later part is the converted whole minus the direct
    part, so that the two always add up."""
    whole = min(rate.to_fen(benefit), room)
    direct_benefit = benefit if limit is None else min(benefit, limit)
    direct = min(rate.to_fen(direct_benefit), whole)
    return Split(
        direct=direct,
        direct_benefit=direct_benefit,
        later=whole - direct,
        later_benefit=benefit - direct_benefit,
    )


def insurer_leg(
    facts: BillFacts, plan: PlanAt, rate: ConversionRate, left: dict[int, Money]
) -> InsurerLeg:
    """Adjudicates what earlier funders left, applies the guarantee, converts, lays it on the lines.

    Raises RuleMissing when the plan lacks a value that the bill needs.
    """
    judged = adjudicate(facts, plan, rate, left)
    if judged.faults:
        return _nothing(judged.faults)
    benefit, limit, steps, reasons = _guaranteed(facts, plan, judged.benefit)
    payable = [line.payable.amount_minor > 0 for line in judged.lines]
    eligible = [line.claimed for line, yes in zip(judged.lines, payable, strict=True) if yes]
    split = split_benefit(benefit, limit, rate, total(eligible, Currency.CNY))
    steps += _conversion_steps(facts, plan, rate, benefit, split)
    parts = fill(
        split.direct.amount_minor,
        [line.benefit.amount_minor for line in judged.lines],
        [line.claimed.amount_minor if line.payable.amount_minor else 0 for line in judged.lines],
    )
    return InsurerLeg(
        direct=split.direct,
        direct_benefit=split.direct_benefit,
        later=split.later,
        later_benefit=split.later_benefit,
        direct_limit=limit,
        shares={line.line: fen(p) for line, p in zip(judged.lines, parts, strict=True)},
        reasons=_reasons(judged, [r.value for r in reasons]),
        trace=[*judged.trace, *steps],
        faults=[],
    )


def _nothing(faults: list[Fault]) -> InsurerLeg:
    zero = fen(0)
    return InsurerLeg(
        direct=zero,
        direct_benefit=hk_cents(0),
        later=zero,
        later_benefit=hk_cents(0),
        direct_limit=None,
        shares={},
        reasons={},
        trace=[],
        faults=faults,
    )


def _reasons(judged: Adjudication, more: list[str]) -> dict[int, list[str]]:
    return {
        line.line: line.reasons + (more if line.payable.amount_minor else [])
        for line in judged.lines
    }


def _guaranteed(
    facts: BillFacts, plan: PlanAt, benefit: Money
) -> tuple[Money, Money | None, list[TraceStep], list[Reason]]:
    """The benefit and the direct limit under the guarantee, or under the rule for none."""
    limit = facts.guarantee_limit
    if limit is None:
        return _without_guarantee(plan, benefit)
    if limit >= benefit:
        return benefit, limit, [], []
    words = {"limit": limit, "amount": limit}
    inputs: dict[str, object] = {"benefit": benefit, "guarantee_limit": limit}
    step = plain("guarantee:limit", plan.on, Reason.GUARANTEE_LIMIT, limit, inputs, **words)
    return benefit, limit, [step], [Reason.GUARANTEE_LIMIT]


def _without_guarantee(
    plan: PlanAt, benefit: Money
) -> tuple[Money, Money | None, list[TraceStep], list[Reason]]:
    key, to = "guarantee.without_ratio", "guarantee.without_payee"
    rule = plan.find(key)
    inputs: dict[str, object] = {"benefit": benefit, "guarantee": "none"}
    if rule is None or isinstance(rule.value, Unknown):
        step = traced(plan, [key], Reason.GUARANTEE_MISSING, hk_cents(0), inputs=inputs)
        return hk_cents(0), hk_cents(0), [step], [Reason.GUARANTEE_MISSING]
    ratio = plan.ratio(key)
    reduced = hk_cents(half_up(benefit.amount_minor * ratio))
    limit = None if plan.code(to) == "hospital" else hk_cents(0)
    words = {"ratio": f"{ratio:.0%}", "amount": reduced}
    step = traced(plan, [key, to], Reason.WITHOUT_GUARANTEE, reduced, inputs=inputs, words=words)
    return reduced, limit, [step], [Reason.WITHOUT_GUARANTEE]


def _conversion_steps(
    facts: BillFacts, plan: PlanAt, rate: ConversionRate, benefit: Money, split: Split
) -> list[TraceStep]:
    whole = split.direct + split.later
    inputs: dict[str, object] = {
        "fx_basis": plan.fx_basis,
        "rate": rate.cny_per_hkd,
        "rate_source": rate.source,
        "rate_as_of": rate.as_of.isoformat(),
        "benefit": benefit,
        "rounding": "half_up",
    }
    on = plan.on
    steps = [
        plain(
            f"{plan.plan}:fx_basis",
            on,
            Reason.CONVERTED,
            whole,
            inputs,
            benefit=benefit,
            amount=whole,
        ),
        plain(
            f"spread:{SPREAD_RULE}",
            on,
            Reason.SPREAD,
            split.direct,
            {"weights": "benefit of each line", "bill": facts.bill.number},
            amount=split.direct,
        ),
    ]
    if split.later > fen(0):
        later: dict[str, object] = {"whole": whole, "direct": split.direct}
        amount = split.later
        rule = "guarantee:later_reimbursement"
        steps.append(plain(rule, on, Reason.LATER_REIMBURSEMENT, amount, later, amount=amount))
    return steps
