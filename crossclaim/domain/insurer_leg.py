"""The insurer's part of a bill: what it pays the hospital now, what it owes the patient later."""

from __future__ import annotations

from crossclaim.domain.accumulators import Accumulators, Use
from crossclaim.domain.adjudication import Adjudication, adjudicate_cover, use_of
from crossclaim.domain.allocation import BillFacts, Fault, Frozen, TraceStep
from crossclaim.domain.conditions import place
from crossclaim.domain.cover import Cover, cover_of
from crossclaim.domain.guarantee import PAYEES, guaranteed
from crossclaim.domain.money import ConversionRate, Currency, Money, counted, fen, total
from crossclaim.domain.plan import PlanAt
from crossclaim.domain.rates import RateMissing, RateUsed, benefit_rate
from crossclaim.domain.sentences import Reason
from crossclaim.domain.sentences_insurer import InsurerReason
from crossclaim.domain.spread import RULE as SPREAD_RULE
from crossclaim.domain.spread import fill
from crossclaim.domain.trace import fault, plain

__all__ = [
    "PAYEES",
    "InsurerLeg",
    "Split",
    "cover_leg",
    "insurer_leg",
    "refused_leg",
    "split_benefit",
]


class InsurerLeg(Frozen):
    """``direct`` and ``later`` in CNY, each with what the insurer itself counts."""

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
    later_shares: dict[int, Money] = {}
    """Line number → CNY of the later part: the patient pays it now and gets it back."""
    use: Use = {}
    """What the bill adds to the member's counters."""
    after: Accumulators = Accumulators()
    """The member's counters after the bill."""
    rate: ConversionRate | None = None

    @property
    def whole(self) -> Money:
        """CNY that the insurer pays in the end."""
        return self.direct + self.later

    def carried(self, line: int) -> Money:
        """CNY of a line that the insurer pays in the end."""
        return self.shares.get(line, fen(0)) + self.later_shares.get(line, fen(0))


class Split(Frozen):
    """A benefit cut at the direct limit, in both currencies."""

    direct: Money
    direct_benefit: Money
    later: Money
    later_benefit: Money


def split_benefit(benefit: Money, limit: Money | None, rate: ConversionRate, room: Money) -> Split:
    """The plan's currency → fen, never above ``room`` (CNY). The later part is the converted whole
    minus the direct part, so that the two always add up."""
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
    """The part of a bill's only insurer, whose cover is told by the bill's facts.

    Raises RuleMissing when the plan lacks a value that the bill needs.
    """
    return cover_leg(facts, plan, cover_of(facts, plan.plan, rate), left)


def cover_leg(
    facts: BillFacts,
    plan: PlanAt,
    cover: Cover,
    claimed: dict[int, Money],
    rooms: dict[int, Money] | None = None,
) -> InsurerLeg:
    """Adjudicates what other funders than insurers left, applies the guarantee, converts, spreads.

    ``rooms`` is what an insurer that pays before this one left of each line (CNY): this one's
    benefit is its own on ``claimed``, then no more than that. Raises RuleMissing.
    """
    judged = adjudicate_cover(facts, plan, cover, claimed)
    if judged.faults:
        return refused_leg(judged.faults, plan.currency)
    try:
        used = benefit_rate(plan, cover.rates)
    except RateMissing as gone:
        words = {"basis": gone.basis.value, "day": gone.day}
        missing = fault(InsurerReason.RATE_NOT_STATED, place(facts, cover), **words)
        return refused_leg([missing], plan.currency)
    found = guaranteed(facts, plan, cover, judged.benefit)
    benefit, steps, reasons = found.benefit, [*found.steps], [*found.reasons]
    room_of = [_room(judged, number, rooms) for number in range(len(judged.lines))]
    room = total(room_of, Currency.CNY)
    if rooms is not None and used.rate.from_fen(room) < benefit:
        benefit = used.rate.from_fen(room)
        steps.append(_other_first(plan, found.benefit, room, benefit))
        reasons.append(InsurerReason.OTHER_INSURER_FIRST)
    limit, on = found.limit, plan.on
    apart = _apart(judged, found.outside)
    if apart and limit is not None:
        limit = _inside(judged, apart, min(benefit, limit))
        numbers = ", ".join(str(n) for n in sorted(apart))
        reason = InsurerReason.GUARANTEE_OUTSIDE
        step = plain("guarantee:outside", on, reason, limit, {}, lines=numbers, amount=limit)
        steps.append(step)
    split = split_benefit(benefit, limit, used.rate, room)
    steps += _conversion_steps(facts, plan, used, benefit, split)
    direct_room = [
        fen(0) if line.line in apart else room
        for line, room in zip(judged.lines, room_of, strict=True)
    ]
    split = _no_more_than(split, total(direct_room, Currency.CNY))
    direct, later = _spread(judged, split, direct_room, room_of)
    use = use_of(judged, benefit)
    return InsurerLeg(
        direct=split.direct,
        direct_benefit=split.direct_benefit,
        later=split.later,
        later_benefit=split.later_benefit,
        direct_limit=limit,
        shares=direct,
        reasons=_reasons(judged, [r.value for r in reasons], apart),
        trace=[*judged.trace, *steps],
        faults=[],
        later_shares=later,
        use=use,
        after=cover.counters().plus(use),
        rate=used.rate,
    )


def refused_leg(faults: list[Fault], currency: Currency = Currency.HKD) -> InsurerLeg:
    """No part at all: the bill cannot be judged as it is."""
    zero, nothing = fen(0), counted(0, currency)
    return InsurerLeg(
        direct=zero,
        direct_benefit=nothing,
        later=zero,
        later_benefit=nothing,
        direct_limit=None,
        shares={},
        reasons={},
        trace=[],
        faults=faults,
    )


def _room(judged: Adjudication, index: int, rooms: dict[int, Money] | None) -> Money:
    """The most that the insurer may carry of a line (CNY): nothing of one that is not payable."""
    line = judged.lines[index]
    if line.payable.amount_minor == 0:
        return fen(0)
    return line.claimed if rooms is None else min(line.claimed, rooms[line.line])


def _apart(judged: Adjudication, outside: frozenset[int]) -> frozenset[int]:
    """Of the lines that the letter does not cover, those that something is paid of."""
    return frozenset(n.line for n in judged.lines if n.line in outside and n.benefit.amount_minor)


def _inside(judged: Adjudication, apart: frozenset[int], most: Money) -> Money:
    """What of the benefit stands on lines that the letter covers, up to ``most``."""
    inside = (line.benefit for line in judged.lines if line.line not in apart)
    return min(total(inside, most.currency), most)


def _no_more_than(split: Split, room: Money) -> Split:
    """Never more fen to the hospital than the covered lines hold, by whatever rounding."""
    direct = min(split.direct, room)
    later = split.later + split.direct - direct
    return split.model_copy(update={"direct": direct, "later": later})


def _spread(
    judged: Adjudication, split: Split, direct_rooms: list[Money], rooms: list[Money]
) -> tuple[dict[int, Money], dict[int, Money]]:
    """Both parts over the lines: direct first, later in the room that is left."""
    weights = [line.benefit.amount_minor for line in judged.lines]
    room = [amount.amount_minor for amount in rooms]
    direct = fill(split.direct.amount_minor, weights, [r.amount_minor for r in direct_rooms])
    left = [whole - part for whole, part in zip(room, direct, strict=True)]
    later = fill(split.later.amount_minor, weights, left)
    numbers = [line.line for line in judged.lines]
    return (
        {number: fen(part) for number, part in zip(numbers, direct, strict=True)},
        {number: fen(part) for number, part in zip(numbers, later, strict=True)},
    )


def _reasons(judged: Adjudication, more: list[str], apart: frozenset[int]) -> dict[int, list[str]]:
    found = {
        line.line: line.reasons + (more if line.payable.amount_minor else [])
        for line in judged.lines
    }
    for number in apart:
        found[number] = [*found[number], InsurerReason.GUARANTEE_OUTSIDE.value]
    return found


def _other_first(plan: PlanAt, own: Money, room: Money, benefit: Money) -> TraceStep:
    inputs: dict[str, object] = {"own_benefit": own, "left_by_first": room}
    words = {"amount": benefit, "left": room}
    return plain(
        "dual_cover:left", plan.on, InsurerReason.OTHER_INSURER_FIRST, benefit, inputs, **words
    )


def _conversion_steps(
    facts: BillFacts, plan: PlanAt, used: RateUsed, benefit: Money, split: Split
) -> list[TraceStep]:
    whole, on = split.direct + split.later, plan.on
    inputs: dict[str, object] = {
        "fx_basis": used.basis.value,
        "rate": used.rate.cny_per_hkd,
        "rate_source": used.rate.source,
        "rate_as_of": used.rate.as_of.isoformat(),
        **({"rate_fixed_by": used.rate.fixed_by} if used.rate.fixed_by else {}),
        "benefit": benefit,
        "rounding": "half_up",
    }
    words = {"benefit": benefit, "amount": whole}
    step = plain(f"{plan.plan}:fx_basis", on, Reason.CONVERTED, whole, inputs, **words)
    spread: dict[str, object] = {"weights": "benefit of each line", "bill": facts.bill.number}
    amount = split.direct
    steps = [
        step.model_copy(update={"assumption": used.forecast}),
        plain(f"spread:{SPREAD_RULE}", on, Reason.SPREAD, amount, spread, amount=amount),
    ]
    if split.later > fen(0):
        later: dict[str, object] = {"whole": whole, "direct": split.direct}
        amount = split.later
        rule = "guarantee:later_reimbursement"
        steps.append(plain(rule, on, Reason.LATER_REIMBURSEMENT, amount, later, amount=amount))
    return steps
