"""The link of several insurers in the chain of funders, each with its own cover."""

from __future__ import annotations

from collections.abc import Sequence

from crossclaim.domain.allocation import BillFacts, FunderTotal, Share
from crossclaim.domain.chain import Left, LegAnswer, Link, Part
from crossclaim.domain.cover import Cover
from crossclaim.domain.dual_cover import InsurerPart, insurers_legs
from crossclaim.domain.money import fen
from crossclaim.domain.plan import PlanSet
from crossclaim.domain.submission import FunderKind


def insurers_link(covers: Sequence[Cover]) -> Link:
    """Judges a bill under these covers; stands in the chain instead of the single insurer's link.

    The first insurer's rate and direct limit are those of the answer.
    """

    def carry(facts: BillFacts, plans: PlanSet, left: Left) -> LegAnswer:
        found = insurers_legs(facts, covers, plans, left)
        rules = [part.used for part in found.parts]
        if found.faults:
            return LegAnswer(rules=rules, faults=found.faults)
        parts = [(part, _part(facts, part)) for part in found.parts]
        return LegAnswer(
            parts=[one for _, one in parts],
            rules=rules,
            rate=found.parts[0].leg.rate if found.parts else None,
            later=[_later(part, one) for part, one in parts if part.leg.later > fen(0)],
            direct_limit=found.parts[0].leg.direct_limit if found.parts else None,
        )

    return Link(FunderKind.INSURER, carry, every=True)


def _part(facts: BillFacts, part: InsurerPart) -> Part:
    shares = [
        Share(
            line=line.number,
            funder=FunderKind.INSURER,
            organisation=part.organisation,
            amount=part.leg.shares[line.number],
            reasons=part.leg.reasons[line.number],
        )
        for line in facts.bill.lines
    ]
    summed = FunderTotal(
        funder=FunderKind.INSURER,
        organisation=part.organisation,
        amount=part.leg.direct,
        in_funder_currency=part.leg.direct_benefit,
    )
    return Part(total=summed, shares=shares, trace=part.leg.trace)


def _later(part: InsurerPart, direct: Part) -> FunderTotal:
    update = {"amount": part.leg.later, "in_funder_currency": part.leg.later_benefit}
    return direct.total.model_copy(update=update)
