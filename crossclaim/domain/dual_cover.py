"""Several insurers of one bill: the second pays on what the first left, and never above cost.

What an insurer has confirmed is locked; the others are computed anew on what it leaves.
"""

from __future__ import annotations

from collections.abc import Sequence

from crossclaim.domain.adjudication import Adjudication, adjudicate_cover, use_of
from crossclaim.domain.allocation import BillFacts, Fault, Frozen, RuleUsed
from crossclaim.domain.conditions import place
from crossclaim.domain.cover import Claiming, Confirmed, Cover
from crossclaim.domain.insurer_leg import InsurerLeg, cover_leg, refused_leg
from crossclaim.domain.money import Currency, Money, fen, total
from crossclaim.domain.plan import PlanAt, PlanSet, RuleMissing
from crossclaim.domain.sentences import Reason
from crossclaim.domain.sentences_insurer import InsurerReason
from crossclaim.domain.spread import fill
from crossclaim.domain.submission import FunderKind
from crossclaim.domain.trace import fault, plain
from crossclaim.domain.voucher import service_day


class InsurerPart(Frozen):
    """One insurer's leg of a bill."""

    organisation: str | None
    used: RuleUsed
    leg: InsurerLeg


class InsurersLegs(Frozen):
    """In the order in which they pay. With ``faults`` no part counts."""

    parts: list[InsurerPart]
    left: dict[int, Money]
    """Line number → CNY that no insurer pays in the end."""
    faults: list[Fault]


def insurers_legs(
    facts: BillFacts, covers: Sequence[Cover], plans: PlanSet, left: dict[int, Money]
) -> InsurersLegs:
    """Every insurer's leg on ``left``, what funders before insurers leave of each line (CNY)."""
    faults = _order_faults(facts, covers)
    if faults:
        return InsurersLegs(parts=[], left=left, faults=faults)
    day = facts.admitted_on or service_day(facts)
    parts: list[InsurerPart] = []
    rooms = dict(left)
    before: list[Cover] = []
    for cover in sorted(covers, key=lambda one: one.rank or 0):
        dated = plans.find(cover.plan)
        if dated is None or dated.funder is not FunderKind.INSURER:
            words = {"plan": cover.plan, "funder": FunderKind.INSURER.value}
            faults.append(fault(Reason.PLAN_UNKNOWN, f"{place(facts, cover)}/plan", **words))
            continue
        plan = dated.on(day)
        leg = _leg(facts, plan, cover, left, rooms, before)
        faults += leg.faults
        parts.append(InsurerPart(organisation=cover.organisation, used=plan.used, leg=leg))
        rooms = {line: room - leg.carried(line) for line, room in rooms.items()}
        before = [*before, cover]
    return InsurersLegs(parts=parts, left=rooms, faults=faults)


def _order_faults(facts: BillFacts, covers: Sequence[Cover]) -> list[Fault]:
    """With more than one insurer somebody must have said which pays first."""
    ranks = [cover.rank for cover in covers]
    if len(covers) > 1 and (None in ranks or len(set(ranks)) < len(ranks)):
        return [fault(Reason.DUAL_COVER_NEEDS_PERSON, "/episode/coverages")]
    return []


def _leg(
    facts: BillFacts,
    plan: PlanAt,
    cover: Cover,
    left: dict[int, Money],
    rooms: dict[int, Money],
    before: list[Cover],
) -> InsurerLeg:
    pointer = place(facts, cover)
    if cover.claiming is Claiming.REIMBURSEMENT:
        unstated = [first for first in before if first.confirmed is None]
        reason = InsurerReason.OTHER_INSURER_STATEMENT_MISSING
        faults = [fault(reason, pointer, organisation=o.organisation or o.plan) for o in unstated]
        if faults:
            return refused_leg(faults)
    try:
        if cover.confirmed is not None:
            return _confirmed_leg(facts, plan, cover, cover.confirmed, left, rooms)
        return cover_leg(facts, plan, cover, left, rooms if before else None)
    except RuleMissing as missing:
        words = {"rule": missing.rule, "on": missing.on}
        return refused_leg([fault(Reason.RULE_NEEDS_PERSON, f"{pointer}/plan", **words)])


def confirmed_as(leg: InsurerLeg) -> Confirmed:
    """A leg as its insurer confirms it without a change."""
    lines = {line: leg.carried(line).amount_minor for line in leg.shares}
    return Confirmed(
        benefit=leg.direct_benefit + leg.later_benefit,
        paid=leg.whole,
        direct=leg.direct,
        direct_benefit=leg.direct_benefit,
        lines=lines,
    )


def _confirmed_leg(
    facts: BillFacts,
    plan: PlanAt,
    cover: Cover,
    confirmed: Confirmed,
    left: dict[int, Money],
    rooms: dict[int, Money],
) -> InsurerLeg:
    """The locked amount on the lines; our own adjudication gives weights and counters only."""
    room, name = total(rooms.values(), Currency.CNY), cover.organisation or cover.plan
    if room < confirmed.paid:
        words = {"organisation": name, "paid": confirmed.paid, "left": room}
        return refused_leg(
            [fault(InsurerReason.CONFIRMED_ABOVE_COST, place(facts, cover), **words)]
        )
    judged = adjudicate_cover(facts, plan, cover, left)
    numbers = list(rooms)
    weights = _weights(judged, confirmed, numbers)
    space = [rooms[number].amount_minor for number in numbers]
    direct = fill(confirmed.direct.amount_minor, weights, space)
    later = confirmed.paid - confirmed.direct
    rest = [whole - part for whole, part in zip(space, direct, strict=True)]
    after = fill(later.amount_minor, weights, rest)
    use = use_of(judged, confirmed.benefit)
    inputs: dict[str, object] = {"paid": confirmed.paid, "direct": confirmed.direct}
    words = {"organisation": name, "benefit": confirmed.benefit}
    step = plain(
        "dual_cover:confirmed",
        plan.on,
        InsurerReason.CONFIRMED_LOCKED,
        confirmed.paid,
        inputs,
        **words,
    )
    reason = InsurerReason.CONFIRMED_LOCKED.value
    return InsurerLeg(
        direct=confirmed.direct,
        direct_benefit=confirmed.direct_benefit,
        later=later,
        later_benefit=confirmed.benefit - confirmed.direct_benefit,
        direct_limit=confirmed.direct_benefit,
        shares={number: fen(part) for number, part in zip(numbers, direct, strict=True)},
        reasons={number: [reason] for number in numbers},
        trace=[step],
        faults=[],
        later_shares={number: fen(part) for number, part in zip(numbers, after, strict=True)},
        use=use,
        after=cover.counters().plus(use),
    )


def _weights(judged: Adjudication, confirmed: Confirmed, numbers: list[int]) -> list[int]:
    """As the insurer laid its benefit on the lines, else as we would have."""
    if any(confirmed.lines.get(number, 0) > 0 for number in numbers):
        return [max(0, confirmed.lines.get(number, 0)) for number in numbers]
    ours = {line.line: line.benefit.amount_minor for line in judged.lines}
    return [ours.get(number, 0) for number in numbers]
