"""The insurer's link in the chain of funders: its plan, its rate, its leg, laid on the lines."""

from __future__ import annotations

from crossclaim.domain.allocation import BillFacts, FunderTotal, share_of
from crossclaim.domain.chain import Left, LegAnswer, Part, first_claimed
from crossclaim.domain.combination import first_day, plan_unknown
from crossclaim.domain.insurer_leg import InsurerLeg, insurer_leg
from crossclaim.domain.money import fen
from crossclaim.domain.plan import PlanSet, RuleMissing
from crossclaim.domain.sentences import Reason
from crossclaim.domain.submission import CoverageClaimed, FunderKind
from crossclaim.domain.trace import fault


def carry_insurer(facts: BillFacts, plans: PlanSet, left: Left) -> LegAnswer:
    """What the first insurer claimed pays of what is left."""
    claimed = first_claimed(facts, FunderKind.INSURER)
    assert claimed is not None, "only claimed funders have a link"
    index, coverage = claimed
    dated = plans.find(coverage.plan) if coverage.plan else None
    if dated is None or dated.funder is not FunderKind.INSURER:
        return LegAnswer(faults=[plan_unknown(index, coverage)])
    plan = dated.on(first_day(facts))
    rate, pointer = facts.insurer_rate, f"/episode/coverages/{index}"
    if rate is None:
        found = fault(Reason.INSURER_RATE_NOT_STATED, pointer)
        return LegAnswer(rules=[plan.used], faults=[found])
    try:
        leg = insurer_leg(facts, plan, rate, left)
    except RuleMissing as missing:
        words = {"rule": missing.rule, "on": missing.on}
        found = fault(Reason.RULE_NEEDS_PERSON, f"{pointer}/plan", **words)
        return LegAnswer(rules=[plan.used], faults=[found])
    if leg.faults:
        return LegAnswer(rules=[plan.used], faults=leg.faults)
    part = _part(facts, leg, coverage)
    later: list[FunderTotal] = []
    if leg.later > fen(0):
        update = {"amount": leg.later, "in_funder_currency": leg.later_benefit}
        later.append(part.total.model_copy(update=update))
    return LegAnswer(
        parts=[part],
        rules=[plan.used],
        rate=rate,
        later=later,
        direct_limit=leg.direct_limit,
        cover_use=leg.use,
    )


def _part(facts: BillFacts, leg: InsurerLeg, coverage: CoverageClaimed) -> Part:
    shares = [
        share_of(
            line.number,
            FunderKind.INSURER,
            leg.shares[line.number],
            coverage.organisation,
            leg.reasons[line.number],
        )
        for line in facts.bill.lines
    ]
    summed = FunderTotal(
        funder=FunderKind.INSURER,
        organisation=coverage.organisation,
        amount=leg.direct,
        in_funder_currency=leg.direct_benefit,
    )
    return Part(total=summed, shares=shares, trace=leg.trace)
