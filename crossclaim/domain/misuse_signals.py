"""Signs of misuse in a claim's charges, by a plan's figures; each is a question, no answer."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date

from crossclaim.domain.allocation import Frozen, TraceStep
from crossclaim.domain.plan import PlanAt
from crossclaim.domain.sentences_review import ReviewReason
from crossclaim.domain.submission import ChargeLine, SurgeryClass
from crossclaim.domain.trace import traced

Signal = tuple[ReviewReason, TraceStep]

_LEVELS = [
    SurgeryClass.MINOR,
    SurgeryClass.INTERMEDIATE,
    SurgeryClass.MAJOR,
    SurgeryClass.COMPLEX,
]


class ReviewFacts(Frozen):
    """What was charged, and for which diagnoses (ICD-10)."""

    lines: list[ChargeLine]
    diagnoses: list[str] = []


def signals(facts: ReviewFacts, plan: PlanAt) -> Iterator[Signal]:
    """Raises RuleMissing where the plan says that nobody has stated a value."""
    yield from _unlikely_units(facts, plan)
    yield from _pairs(facts, plan)
    yield from _above_norm(facts, plan)
    yield from _goods(facts, plan)


def _unlikely_units(facts: ReviewFacts, plan: PlanAt) -> Iterator[Signal]:
    """Units of one category on one day, over all its lines."""
    units: dict[tuple[str, date], int] = defaultdict(int)
    for line in facts.lines:
        units[line.category.value, line.service_date] += line.quantity
    for (category, day), count in units.items():
        key = f"units.per_day.{category}"
        if plan.find(key) is not None and count > (most := plan.count(key)):
            words = {"units": count, "category": category, "day": day, "most": most}
            reason = ReviewReason.UNITS_UNLIKELY
            yield reason, traced(plan, [key], reason, count, words=words)


def _pairs(facts: ReviewFacts, plan: PlanAt) -> Iterator[Signal]:
    """Two items on one day that exclude each other."""
    days: dict[date, set[str]] = defaultdict(set)
    for line in facts.lines:
        days[line.service_date].add(line.code.lower())
    for name in plan.under("pairs"):
        key = f"pairs.{name}"
        items = plan.codes(key)
        for day, charged in days.items():
            if charged.issuperset(items):
                first, *others = items
                words = {"first": first, "second": ", ".join(others), "day": day}
                reason = ReviewReason.ITEMS_EXCLUDE
                yield reason, traced(plan, [key], reason, name, words=words)


def _above_norm(facts: ReviewFacts, plan: PlanAt) -> Iterator[Signal]:
    """The class of a surgeon's fee above the highest that any of the diagnoses has as its norm;
    a diagnosis without a norm allows any."""
    keys = [_norm_of(code, plan) for code in facts.diagnoses]
    known = [key for key in keys if key is not None]
    if not known or len(known) < len(keys):
        return
    norm = max(known, key=lambda key: _LEVELS.index(SurgeryClass(plan.code(key))))
    highest = SurgeryClass(plan.code(norm))
    for line in facts.lines:
        level = line.surgery_class
        if level is not None and _LEVELS.index(level) > _LEVELS.index(highest):
            words = {"line": line.number, "level": level.value, "norm": highest.value}
            reason = ReviewReason.LEVEL_ABOVE_NORM
            yield reason, traced(plan, [norm], reason, level.value, words=words)


def _norm_of(diagnosis: str, plan: PlanAt) -> str | None:
    """The rule of the diagnosis' category, its code before the point."""
    key = f"norms.{diagnosis.partition('.')[0].lower()}"
    return key if plan.find(key) is not None else None


def _goods(facts: ReviewFacts, plan: PlanAt) -> Iterator[Signal]:
    """An item that the list knows as goods, charged in a category of services."""
    if plan.find("goods.items") is None or plan.find("goods.services") is None:
        return
    items, services = plan.codes("goods.items"), plan.codes("goods.services")
    for line in facts.lines:
        if line.code.lower() in items and line.category.value in services:
            reason = ReviewReason.GOODS_AS_SERVICE
            keys, words = ["goods.items", "goods.services"], {"line": line.number}
            yield reason, traced(plan, keys, reason, line.number, words=words)
