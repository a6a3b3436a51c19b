"""What is taken of a whole bill's payable amount, in the order that a plan states."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import NamedTuple

from crossclaim.domain.accumulators import deductible_of, paid_ever, paid_in
from crossclaim.domain.allocation import BillFacts, Fault, TraceStep
from crossclaim.domain.conditions import in_network, place, scale_key
from crossclaim.domain.cover import Cover
from crossclaim.domain.money import Money, half_up
from crossclaim.domain.plan import PlanAt
from crossclaim.domain.sentences import Reason
from crossclaim.domain.sentences_insurer import InsurerReason
from crossclaim.domain.spread import RULE as SPREAD_RULE
from crossclaim.domain.trace import fault, traced
from crossclaim.domain.unstated_use import asked


class Reduction(NamedTuple):
    """What is left of the benefit, why, and the step that says so; or what must be told first."""

    left: Money
    reason: StrEnum
    step: TraceStep | None
    question: Fault | None = None


class Whole(NamedTuple):
    """What every reduction looks at. ``benefit``: what is left so far."""

    facts: BillFacts
    plan: PlanAt
    cover: Cover
    benefit: Money

    @property
    def year(self) -> int:
        return self.cover.year_on(self.plan.on)

    def used(self, counter: str) -> tuple[Money, object, bool]:
        """What was used before, how a trace prints it, and whether that is only assumed."""
        amount = self.cover.counters().amount(counter, self.plan.currency)
        stated = self.cover.stated(counter)
        return amount, amount if stated else "not stated", not stated

    def question(self, name: str, counter: str) -> Fault | None:
        """Of a counter that nobody stated, where the plan asks for it and the answer matters."""
        nothing = self.plan.money(0)
        if self.benefit == nothing or not asked(self.plan, self.cover, name, counter):
            return None
        return fault(_QUESTIONS[name], place(self.facts, self.cover), plan=self.plan.plan)


_QUESTIONS: dict[str, InsurerReason] = {
    "deductible": InsurerReason.DEDUCTIBLE_USED_NOT_STATED,
    "annual_limit": InsurerReason.BENEFIT_USED_NOT_STATED,
}
"""What is asked for, as ``unstated_use.ASKED`` says."""


def reduced(name: str, whole: Whole) -> Reduction:
    """Applies one step of a plan's order. Raises RuleMissing."""
    return _REDUCTIONS[name](whole)


def _deductible(of: Whole) -> Reduction:
    counter = deductible_of(of.year)
    if question := of.question("deductible", counter):
        return Reduction(of.benefit, Reason.DEDUCTIBLE, None, question)
    used, told, assumed = of.used(counter)
    left = max(of.plan.amount("deductible.per_year") - used, of.plan.money(0))
    taken = min(left, of.benefit)
    step = traced(
        of.plan,
        ["deductible.per_year", "order"],
        Reason.DEDUCTIBLE,
        taken,
        inputs={"payable": of.benefit, "deductible_used": told},
        assumed=assumed,
        words={"amount": taken},
    )
    return Reduction(of.benefit - taken, Reason.DEDUCTIBLE, step)


def _coinsurance(of: Whole) -> Reduction:
    taken = of.plan.money(half_up(of.benefit.amount_minor * of.plan.ratio("coinsurance.ratio")))
    step = traced(
        of.plan,
        ["coinsurance.ratio", "order"],
        Reason.COINSURANCE,
        taken,
        inputs={"base": of.benefit, "rounding": "half_up", "spread": SPREAD_RULE},
        words={"amount": taken},
    )
    return Reduction(of.benefit - taken, Reason.COINSURANCE, step)


def _limited(of: Whole, key: str, counter: str, reason: StrEnum) -> Reduction:
    if question := of.question(key, counter):
        return Reduction(of.benefit, reason, None, question)
    used, told, assumed = of.used(counter)
    left = max(of.plan.amount(key) - used, of.plan.money(0))
    allowed = min(of.benefit, left)
    step = traced(
        of.plan,
        [key, "order"],
        reason,
        allowed,
        inputs={"benefit": of.benefit, "used": told},
        assumed=assumed,
        words={"amount": allowed},
    )
    return Reduction(allowed, reason, step)


def _annual_limit(of: Whole) -> Reduction:
    return _limited(of, "annual_limit", paid_in(of.year), Reason.ANNUAL_LIMIT)


def _lifetime_limit(of: Whole) -> Reduction:
    return _limited(of, "lifetime_limit", paid_ever(), InsurerReason.LIFETIME_LIMIT)


def _share(of: Whole, key: str, reason: StrEnum, **inputs: object) -> Reduction:
    """A share of the benefit, half up to the cent."""
    ratio = of.plan.ratio(key)
    left = of.plan.money(half_up(of.benefit.amount_minor * ratio))
    step = traced(
        of.plan,
        [key, "order"],
        reason,
        left,
        inputs={"base": of.benefit, "rounding": "half_up", **inputs},
        words={"ratio": f"{ratio:.0%}", "amount": left, **inputs},
    )
    return Reduction(left, reason, step)


def _pre_existing(of: Whole) -> Reduction:
    key = scale_key(of.plan, of.year)
    if key is None or of.cover.pre_existing is False:
        return Reduction(of.benefit, InsurerReason.PRE_EXISTING, None)
    return _share(of, key, InsurerReason.PRE_EXISTING, year=of.year)


def _network(of: Whole) -> Reduction:
    if in_network(of.facts, of.plan):
        return Reduction(of.benefit, InsurerReason.OUT_OF_NETWORK, None)
    hospital = of.facts.episode.hospital
    return _share(of, "network.outside_ratio", InsurerReason.OUT_OF_NETWORK, hospital=hospital)


_REDUCTIONS: dict[str, Callable[[Whole], Reduction]] = {
    "deductible": _deductible,
    "coinsurance": _coinsurance,
    "annual_limit": _annual_limit,
    "lifetime_limit": _lifetime_limit,
    "pre_existing": _pre_existing,
    "network": _network,
}
REDUCTIONS = frozenset(_REDUCTIONS)
"""Names that a plan's ``order`` may use."""
NEEDS = {
    "deductible": "deductible.per_year",
    "coinsurance": "coinsurance.ratio",
    "annual_limit": "annual_limit",
    "lifetime_limit": "lifetime_limit",
    "pre_existing": "pre_existing.year_1",
    "network": "network.outside_ratio",
}
"""The value that a step of the order rests on."""
