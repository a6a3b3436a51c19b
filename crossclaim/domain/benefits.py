"""A plan's benefit schedule: which line falls under which benefit, and how far it is payable."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from crossclaim.domain.allocation import BillFacts, Fault, TraceStep
from crossclaim.domain.eligibility import local_day
from crossclaim.domain.money import ConversionRate, Money, half_up, hk_cents
from crossclaim.domain.plan import PlanAt
from crossclaim.domain.sentences import Reason
from crossclaim.domain.spread import RULE as SPREAD_RULE
from crossclaim.domain.spread import in_number_order, largest_remainder
from crossclaim.domain.submission import ChargeLine, SurgeryClass
from crossclaim.domain.trace import Quoted, fault, quoted, traced

COUNTS = frozenset({"nights", "days"})
"""How a per-day benefit counts a stay: nights, or days with the first and the last."""


class Payable(NamedTuple):
    """``payable`` (HKD) is what exclusions and limits leave of ``claimed`` (CNY)."""

    line: int
    claimed: Money
    converted: Money
    payable: Money
    reasons: list[str]


class Schedule(NamedTuple):
    """The schedule applied to one bill, lines in the order of their numbers."""

    lines: list[Payable]
    trace: list[TraceStep]
    faults: list[Fault]


class Limit(NamedTuple):
    """``amount`` (HK cents) for all lines of a benefit; None: not limited. ``keys``: its rules."""

    amount: int | None
    keys: list[str]
    base: int
    """HK cents the limit is applied to, after the benefit's own co-insurance."""
    inputs: dict[str, str]


def payable_lines(
    facts: BillFacts, plan: PlanAt, rate: ConversionRate, claimed: dict[int, Money]
) -> Schedule:
    """Exclusions and the limits of each benefit. Raises RuleMissing for a value the bill needs."""
    faults = _missing_classes(facts.bill.lines, plan)
    if faults:
        return Schedule(lines=[], trace=[], faults=faults)
    bill = in_number_order(facts.bill.lines)
    converted = {line.number: rate.to_hk_cents(claimed[line.number]) for line in bill}
    done: dict[int, Payable] = {}
    steps: dict[int, TraceStep] = {}
    benefit_of = plan.derived(_benefit_by_category)
    refused_encounter = not _direct(facts, plan)
    for line in bill:
        step = _refusal(line, facts, plan, benefit_of, refused_encounter)
        if step is not None:
            steps[line.number] = step
            done[line.number] = _nothing(line, claimed, converted, step)
    of_benefit: dict[str, list[ChargeLine]] = {}
    for line in bill:
        if line.number not in done:
            of_benefit.setdefault(benefit_of[line.category], []).append(line)
    for benefit in plan.derived(_shares_last):
        lines = of_benefit.get(benefit, [])
        for group in _groups(benefit, lines, plan):
            limit = _limit(benefit, group, facts, plan, converted, done)
            rules, stated = quoted(plan, limit.keys), _stated(benefit, limit, rate)
            for line, part in zip(group, _cut(group, limit, converted), strict=True):
                done[line.number] = _limited(line, part, claimed, converted)
                steps[line.number] = _step(done[line.number], rules, stated)
    order = [line.number for line in bill]
    return Schedule(lines=[done[n] for n in order], trace=[steps[n] for n in order], faults=[])


def _missing_classes(lines: Iterable[ChargeLine], plan: PlanAt) -> list[Fault]:
    """A benefit by class of surgery cannot be judged without the class: ask, never assume."""
    by_class = plan.derived(_categories_by_class)
    allowed = ", ".join(SurgeryClass)
    return [
        fault(
            Reason.SURGERY_CLASS_MISSING,
            f"/lines/{index}/surgery_class",
            line=line.number,
            allowed=allowed,
        )
        for index, line in enumerate(lines)
        if line.surgery_class is None and line.category in by_class
    ]


def _categories_by_class(plan: PlanAt) -> frozenset[str]:
    return frozenset(
        category
        for benefit in plan.under("benefits")
        if plan.under(f"benefits.{benefit}.per_surgery")
        for category in plan.codes(f"benefits.{benefit}.categories")
    )


def _benefit_by_category(plan: PlanAt) -> dict[str, str]:
    return {
        category: benefit
        for benefit in plan.under("benefits")
        for category in plan.codes(f"benefits.{benefit}.categories")
    }


def _shares_last(plan: PlanAt) -> list[str]:
    """Benefits that are a share of another one are judged after it."""
    return sorted(
        plan.under("benefits"),
        key=lambda benefit: plan.find(f"benefits.{benefit}.share_of") is not None,
    )


def _direct(facts: BillFacts, plan: PlanAt) -> bool:
    allowed = plan.codes("direct_billing.encounter_classes")
    return facts.episode.visit.encounter_class.value in allowed


def _refusal(
    line: ChargeLine,
    facts: BillFacts,
    plan: PlanAt,
    benefit_of: dict[str, str],
    refused_encounter: bool,
) -> TraceStep | None:
    """Why a line is not payable at all: excluded, another kind of visit, or no benefit."""
    category = line.category.value
    key = f"exclusions.{category}"
    excluded = plan.find(key) is not None
    if not excluded and not refused_encounter and category in benefit_of:
        return None
    words = {"line": line.number, "category": category}
    if excluded:
        return traced(plan, [key], Reason(plan.code(key)), "", inputs=words, words=words)
    if refused_encounter:
        encounter = facts.episode.visit.encounter_class.value
        key = "direct_billing.encounter_classes"
        reason = Reason.NOT_DIRECT_ENCOUNTER
        return traced(plan, [key], reason, "", inputs=words, words={"encounter": encounter})
    return traced(plan, ["benefits"], Reason.NO_BENEFIT, "", inputs=words, words=words)


def _nothing(
    line: ChargeLine, claimed: dict[int, Money], converted: dict[int, Money], step: TraceStep
) -> Payable:
    return Payable(
        line=line.number,
        claimed=claimed[line.number],
        converted=converted[line.number],
        payable=hk_cents(0),
        reasons=[step.result],
    )


def _limit(
    benefit: str,
    lines: list[ChargeLine],
    facts: BillFacts,
    plan: PlanAt,
    converted: dict[int, Money],
    done: dict[int, Payable],
) -> Limit:
    """The tightest limit that the plan states for a benefit."""
    here = f"benefits.{benefit}"
    base = sum(converted[line.number].amount_minor for line in lines)
    limits: list[Limit] = []
    keys: list[str] = []
    if plan.find(f"{here}.coinsurance"):
        base -= half_up(base * plan.ratio(f"{here}.coinsurance"))
        keys = [f"{here}.coinsurance"]
    if plan.find(f"{here}.per_day"):
        limits.append(_per_day(here, lines, facts, plan, base))
    if plan.find(f"{here}.limit"):
        amount = plan.amount(f"{here}.limit").amount_minor
        limits.append(Limit(amount=amount, keys=[f"{here}.limit"], base=base, inputs={}))
    if plan.under(f"{here}.per_surgery"):
        limits.append(_per_surgery(here, lines, plan, base))
    if plan.find(f"{here}.share_of"):
        limits.append(_share(here, facts, plan, done, base))
    known = [limit for limit in limits if limit.amount is not None]
    tightest = min(known, key=lambda limit: limit.amount or 0) if known else None
    if tightest is None:
        return Limit(amount=None, keys=keys or [f"{here}.categories"], base=base, inputs={})
    return tightest._replace(keys=[*tightest.keys, *keys])


def _per_day(
    here: str, lines: list[ChargeLine], facts: BillFacts, plan: PlanAt, base: int
) -> Limit:
    """A day's amount × days: those billed, never more than the stay has or the plan allows."""
    counts = plan.code(f"{here}.counts")
    billed = sum(line.quantity for line in lines)
    days = min(billed, plan.count(f"{here}.days_limit"))
    stay = stay_length(facts, counts)
    if stay is not None:
        days = min(days, stay)
    keys = [f"{here}.per_day", f"{here}.days_limit", f"{here}.counts"]
    amount = days * plan.amount(keys[0]).amount_minor
    inputs = {"billed": str(billed), "stay": "unknown" if stay is None else str(stay)}
    return Limit(amount=amount, keys=keys, base=base, inputs=inputs | {"days": str(days)})


def stay_length(facts: BillFacts, counts: str) -> int | None:
    """Nights or days of the stay so far, at least one; None when no admission is known."""
    if facts.admitted_on is None:
        return None
    end: date = facts.discharged_on or local_day(facts.bill.issued_at)
    nights = max(1, (end - facts.admitted_on).days)
    return nights if counts == "nights" else max(1, (end - facts.admitted_on).days + 1)


def _groups(benefit: str, lines: list[ChargeLine], plan: PlanAt) -> list[list[ChargeLine]]:
    """Lines that share one limit: all of a benefit, or those of one operation (one day)."""
    if not plan.under(f"benefits.{benefit}.per_surgery"):
        return [lines] if lines else []
    days = sorted({line.service_date for line in lines})
    return [[line for line in lines if line.service_date == day] for day in days]


def _per_surgery(here: str, lines: list[ChargeLine], plan: PlanAt, base: int) -> Limit:
    """Lines of one operation share the limit of its highest class."""
    classes = {line.surgery_class for line in lines if line.surgery_class is not None}
    limits = {f"{here}.per_surgery.{c.value}": c for c in sorted(classes)}
    key = max(limits, key=lambda k: plan.amount(k).amount_minor)
    keys = [key, f"{here}.one_operation"]
    return Limit(amount=plan.amount(key).amount_minor, keys=keys, base=base, inputs={})


def _share(here: str, facts: BillFacts, plan: PlanAt, done: dict[int, Payable], base: int) -> Limit:
    """A share of what is payable for all lines of another benefit, half up to the cent."""
    other = plan.code(f"{here}.share_of")
    categories = plan.codes(f"benefits.{other}.categories")
    of = sum(
        done[line.number].payable.amount_minor
        for line in facts.bill.lines
        if line.category.value in categories and line.number in done
    )
    ratio = plan.ratio(f"{here}.share")
    keys = [f"{here}.share", f"{here}.share_of"]
    inputs = {"of_payable": str(hk_cents(of)), "rounding": "half_up"}
    return Limit(amount=half_up(of * ratio), keys=keys, base=base, inputs=inputs)


def _cut(lines: list[ChargeLine], limit: Limit, converted: dict[int, Money]) -> list[int]:
    whole = limit.base if limit.amount is None else min(limit.base, limit.amount)
    return largest_remainder(whole, [converted[line.number].amount_minor for line in lines])


def _limited(
    line: ChargeLine, part: int, claimed: dict[int, Money], converted: dict[int, Money]
) -> Payable:
    number, whole = line.number, converted[line.number]
    if part == whole.amount_minor:
        return Payable(number, claimed[number], whole, whole, [])
    return Payable(number, claimed[number], whole, hk_cents(part), [_CAPPED])


_CAPPED = Reason.CAPPED.value


def _stated(benefit: str, limit: Limit, rate: ConversionRate) -> dict[str, str]:
    """The inputs of a step, in their order; those of the line itself are put in by line."""
    return {
        "line": "",
        "benefit": benefit,
        "claimed": "",
        "rate": str(rate.cny_per_hkd),
        "converted": "",
        "limit": "none" if limit.amount is None else str(hk_cents(limit.amount)),
        "spread": SPREAD_RULE,
    } | limit.inputs


def _step(line: Payable, rules: Quoted, stated: dict[str, str]) -> TraceStep:
    number, payable = str(line.line), str(line.payable)
    converted = payable if line.payable is line.converted else str(line.converted)
    own = {"line": number, "claimed": str(line.claimed), "converted": converted}
    reason = Reason.CAPPED if line.reasons else Reason.PAYABLE
    return rules.step(reason, payable, {"line": number, "amount": payable}, stated | own)
