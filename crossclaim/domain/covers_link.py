"""The link of all insurers of a bill, each on its own cover, in the order of their ranks.

It takes the place of the link of a bill's only insurer when more is known of the covers, or when
there are several.
"""

from __future__ import annotations

from collections.abc import Sequence

from crossclaim.domain.allocation import BillFacts, CoverTerms, Fault, FunderTotal, share_of
from crossclaim.domain.chain import Left, LegAnswer, Link, Part
from crossclaim.domain.combination import plan_unknown
from crossclaim.domain.cover import Cover
from crossclaim.domain.dual_cover import InsurerPart, insurers_legs
from crossclaim.domain.money import fen
from crossclaim.domain.plan import PlanSet
from crossclaim.domain.submission import FunderKind


def covers_link(covers: Sequence[Cover]) -> Link:
    """Every insurer claimed on a bill. What is not known of a cover its plan asks for."""

    def carry(facts: BillFacts, plans: PlanSet, left: Left) -> LegAnswer:
        asked, faults = _asked(facts, covers)
        if faults:
            return LegAnswer(faults=faults)
        found = insurers_legs(facts, asked, plans, left)
        rules = [part.used for part in found.parts]
        if found.faults:
            return LegAnswer(rules=rules, faults=found.faults)
        legs = [part.leg for part in found.parts]
        return LegAnswer(
            parts=[_part(facts, part) for part in found.parts],
            rules=rules,
            rate=next((leg.rate for leg in legs if leg.rate is not None), None),
            later=[_later(part) for part in found.parts if part.leg.later > fen(0)],
            direct_limit=legs[0].direct_limit if legs else None,
            covers=[_terms(part) for part in found.parts],
        )

    return Link(FunderKind.INSURER, carry, every=True)


def _asked(facts: BillFacts, covers: Sequence[Cover]) -> tuple[list[Cover], list[Fault]]:
    """The covers of the insurers that this bill is laid on."""
    known = {(cover.plan, cover.organisation): cover for cover in covers}
    asked: list[Cover] = []
    faults: list[Fault] = []
    for index, claimed in facts.claimed:
        if claimed.funder is not FunderKind.INSURER:
            continue
        if claimed.plan is None:
            faults.append(plan_unknown(index, claimed))
            continue
        bare = Cover(plan=claimed.plan, organisation=claimed.organisation)
        asked.append(known.get((claimed.plan, claimed.organisation), bare))
    return asked, faults


def _part(facts: BillFacts, part: InsurerPart) -> Part:
    leg = part.leg
    shares = [
        share_of(
            line.number,
            FunderKind.INSURER,
            leg.shares.get(line.number, fen(0)),
            part.organisation,
            leg.reasons.get(line.number),
        )
        for line in facts.bill.lines
    ]
    summed = FunderTotal(
        funder=FunderKind.INSURER,
        organisation=part.organisation,
        amount=leg.direct,
        in_funder_currency=leg.direct_benefit,
    )
    return Part(total=summed, shares=shares, trace=leg.trace)


def _terms(part: InsurerPart) -> CoverTerms:
    leg = part.leg
    return CoverTerms(
        organisation=part.organisation,
        plan=part.used.plan,
        rate=leg.rate,
        direct_limit=leg.direct_limit,
        use=leg.use,
    )


def _later(part: InsurerPart) -> FunderTotal:
    return FunderTotal(
        funder=FunderKind.INSURER,
        organisation=part.organisation,
        amount=part.leg.later,
        in_funder_currency=part.leg.later_benefit,
    )
