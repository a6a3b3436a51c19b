"""How far one benefit of a plan is payable: per day, visit, operation, stay, year and lifetime.

Amounts are hundredths of what the plan counts in. Of the limits that a plan states for a benefit
the tightest holds.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from enum import StrEnum
from operator import attrgetter
from typing import NamedTuple

from crossclaim.domain.accumulators import (
    days_in,
    paid_ever,
    paid_in,
    paid_of_stay,
    visits_in,
    visits_on,
)
from crossclaim.domain.allocation import BillFacts
from crossclaim.domain.cover import Cover
from crossclaim.domain.eligibility import local_day
from crossclaim.domain.money import Money, half_up
from crossclaim.domain.plan import PlanAt, Unit
from crossclaim.domain.sentences_insurer import InsurerReason
from crossclaim.domain.submission import ChargeLine
from crossclaim.domain.unstated_use import BENEFITS, count_before

COUNTS = frozenset({"nights", "days"})
"""How a per-day benefit counts a stay: nights, or days with the first and the last."""
VISIT_RULES = ("per_visit", "copay", "visits_per_day", "visits_per_year")
"""A benefit with one of these is judged visit by visit: the lines of one day on one bill."""


class Limit(NamedTuple):
    """``amount`` for all lines of a group; None: not limited. ``keys``: its rules."""

    amount: int | None
    keys: list[str]
    base: int
    """What the limit is applied to, after the benefit's own co-insurance."""
    copay: int = 0
    """The patient's fixed part of a visit, taken off what the limit leaves."""
    days: int = 0
    """Days that a per-day limit counted."""
    inputs: dict[str, str] = {}
    assumed: bool = False
    """It rests on a counter that nobody stated."""

    @property
    def payable(self) -> int:
        left = self.base if self.amount is None else min(self.base, self.amount)
        return max(0, left - self.copay)


class Group(NamedTuple):
    """Lines of one benefit that share a limit, and what the bill has for the benefit so far."""

    benefit: str
    lines: list[ChargeLine]
    base: int
    """Of the lines, in the plan's currency."""
    taken: int
    """Payable for earlier groups of the benefit on this bill."""

    def key(self, name: str) -> str:
        return f"benefits.{self.benefit}.{name}"


class Judging(NamedTuple):
    """What every limit looks at."""

    facts: BillFacts
    plan: PlanAt
    cover: Cover
    year: int
    use: Mapping[str, int]
    """Days and visits that the bill used so far."""
    payable: Mapping[int, Money]
    """Line number → what is payable of the lines judged before."""

    def before(self, counter: str) -> int:
        """What was used of a benefit before the bill. Raises RuleMissing."""
        return count_before(self.plan, self.cover, BENEFITS, counter)


def by_visit(plan: PlanAt, benefit: str) -> bool:
    return any(plan.find(f"benefits.{benefit}.{name}") for name in VISIT_RULES)


def visit_refused(of: Judging, group: Group) -> tuple[StrEnum, str] | None:
    """Why a visit is not payable at all, with the rule: too many on its day or in its year."""
    day = group.lines[0].service_date
    counters = {
        "visits_per_day": (InsurerReason.VISIT_PER_DAY, visits_on(day, group.benefit)),
        "visits_per_year": (InsurerReason.VISIT_PER_YEAR, visits_in(of.year, group.benefit)),
    }
    for name, (reason, counter) in counters.items():
        key = group.key(name)
        if of.plan.find(key) is None:
            continue
        if of.before(counter) + of.use.get(counter, 0) >= of.plan.count(key):
            return reason, key
    return None


def tightest(of: Judging, group: Group) -> Limit:
    """The tightest limit that the plan states for a benefit."""
    base, keys = group.base, []
    coinsurance, copay = group.key("coinsurance"), group.key("copay")
    if of.plan.find(coinsurance):
        base -= half_up(base * of.plan.ratio(coinsurance))
        keys = [coinsurance]
    stated = _limits(of, group._replace(base=base))
    limits = [limit for limit in stated if limit.amount is not None]
    found = min(limits, key=attrgetter("amount")) if limits else None
    fixed = 0
    if of.plan.find(copay):
        fixed, keys = of.plan.amount(copay).amount_minor, [*keys, copay]
    if found is None:
        keys = keys or [group.key("categories")]
        return Limit(amount=None, keys=keys, base=base, copay=fixed)
    days = max(limit.days for limit in limits)
    return found._replace(keys=[*found.keys, *keys], copay=fixed, days=days)


def _limits(of: Judging, group: Group) -> Iterator[Limit]:
    plan = of.plan
    if plan.find(group.key("per_day")):
        yield _per_day(of, group)
    if plan.find(group.key("per_visit")):
        key = group.key("per_visit")
        yield Limit(amount=plan.amount(key).amount_minor, keys=[key], base=group.base)
    if plan.find(group.key("limit")):
        yield _used_up(of, group, "limit")
    if plan.find(group.key("lifetime_limit")):
        yield _used_up(of, group, "lifetime_limit")
    if plan.under(group.key("per_surgery")):
        yield _per_surgery(of, group)
    if plan.find(group.key("share_of")):
        yield _share(of, group)


def _used_up(of: Judging, group: Group, name: str) -> Limit:
    """A limit that bills use up: in a stay, a policy year or a lifetime."""
    key = group.key(name)
    match of.plan.rule(key).unit:
        case Unit.HKD_PER_STAY | Unit.MOP_PER_STAY:
            counter = paid_of_stay(of.facts.episode.visit.number, group.benefit)
        case Unit.HKD_PER_LIFETIME | Unit.MOP_PER_LIFETIME:
            counter = paid_ever(group.benefit)
        case _:
            counter = paid_in(of.year, group.benefit)
    used = of.before(counter) + group.taken
    return Limit(
        amount=max(0, of.plan.amount(key).amount_minor - used),
        keys=[key],
        base=group.base,
        inputs={"used": str(of.plan.money(used))} if used else {},
        assumed=not of.cover.stated(counter),
    )


def _per_day(of: Judging, group: Group) -> Limit:
    """A day's amount × days: those billed, never more than the stay has or the year leaves."""
    keys = [group.key(name) for name in ("per_day", "days_limit", "counts")]
    counter = days_in(of.year, group.benefit)
    billed = sum(line.quantity for line in group.lines)
    left = max(0, of.plan.count(keys[1]) - of.before(counter))
    days = min(billed, left)
    stay = stay_length(of.facts, of.plan.code(keys[2]))
    if stay is not None:
        days = min(days, stay)
    inputs = {"billed": str(billed), "stay": "unknown" if stay is None else str(stay)}
    return Limit(
        amount=days * of.plan.amount(keys[0]).amount_minor,
        keys=keys,
        base=group.base,
        days=days,
        inputs=inputs | {"days": str(days)},
        assumed=not of.cover.stated(counter),
    )


def stay_length(facts: BillFacts, counts: str) -> int | None:
    """Nights or days of the stay so far, at least one; None when no admission is known."""
    if facts.admitted_on is None:
        return None
    end: date = facts.discharged_on or local_day(facts.bill.issued_at)
    nights = max(1, (end - facts.admitted_on).days)
    return nights if counts == "nights" else max(1, (end - facts.admitted_on).days + 1)


def _per_surgery(of: Judging, group: Group) -> Limit:
    """Lines of one operation share the limit of its highest class."""
    classes = {line.surgery_class for line in group.lines if line.surgery_class is not None}
    limits = {group.key(f"per_surgery.{c.value}"): c for c in sorted(classes)}
    key = max(limits, key=lambda k: of.plan.amount(k).amount_minor)
    amount = of.plan.amount(key).amount_minor
    return Limit(amount=amount, keys=[key, group.key("one_operation")], base=group.base)


def _share(of: Judging, group: Group) -> Limit:
    """A share of what is payable for all lines of another benefit, half up to the cent."""
    other = of.plan.code(group.key("share_of"))
    categories = of.plan.codes(f"benefits.{other}.categories")
    whole = sum(
        of.payable[line.number].amount_minor
        for line in of.facts.bill.lines
        if line.category.value in categories and line.number in of.payable
    )
    keys = [group.key("share"), group.key("share_of")]
    inputs = {"of_payable": str(of.plan.money(whole)), "rounding": "half_up"}
    amount = half_up(whole * of.plan.ratio(keys[0]))
    return Limit(amount=amount, keys=keys, base=group.base, inputs=inputs)
