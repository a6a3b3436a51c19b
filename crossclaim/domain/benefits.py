"""A plan's benefit schedule: which line falls under which benefit, and how far it is payable."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from crossclaim.domain.accumulators import Use, days_in, visits_in, visits_on
from crossclaim.domain.allocation import BillFacts, Fault, TraceStep
from crossclaim.domain.conditions import cover_faults, not_covered, place
from crossclaim.domain.cover import Claiming, Cover
from crossclaim.domain.limits import (
    COUNTS,
    Group,
    Judging,
    Limit,
    by_visit,
    tightest,
    visit_refused,
)
from crossclaim.domain.money import Money
from crossclaim.domain.plan import PlanAt
from crossclaim.domain.rates import RateMissing, RateUsed, charge_rate
from crossclaim.domain.sentences import Reason
from crossclaim.domain.sentences_insurer import InsurerReason
from crossclaim.domain.spread import RULE as SPREAD_RULE
from crossclaim.domain.spread import in_number_order, largest_remainder
from crossclaim.domain.submission import ChargeLine, SurgeryClass
from crossclaim.domain.trace import Quoted, fault, quoted, traced

__all__ = ["COUNTS", "Payable", "Schedule", "payable_lines"]


class Payable(NamedTuple):
    """``payable`` is what exclusions and limits leave of ``claimed`` (CNY)."""

    line: int
    claimed: Money
    converted: Money
    payable: Money
    reasons: list[str]
    benefit: str = ""
    """The benefit that the line falls under; empty when it is refused."""


class Schedule(NamedTuple):
    """The schedule applied to one bill, lines in the order of their numbers."""

    lines: list[Payable]
    trace: list[TraceStep]
    faults: list[Fault]
    use: Use
    """Days and visits that the bill uses."""


_CAPPED = Reason.CAPPED.value


class _Said(NamedTuple):
    """What the steps of all lines of a group say alike; those of the line itself are put in."""

    rules: Quoted
    inputs: dict[str, str]
    assumed: bool


def _said(plan: PlanAt, benefit: str, limit: Limit) -> _Said:
    inputs = {
        "line": "",
        "benefit": benefit,
        "claimed": "",
        "rate": "",
        "converted": "",
        "limit": "none" if limit.amount is None else str(plan.money(limit.amount)),
        "spread": SPREAD_RULE,
    }
    return _Said(quoted(plan, limit.keys), inputs | limit.inputs, limit.assumed)


class _Bill:
    """One bill on its way through the schedule; it lives for one call of ``payable_lines``."""

    def __init__(
        self,
        facts: BillFacts,
        plan: PlanAt,
        cover: Cover,
        claimed: dict[int, Money],
        rates: dict[int, RateUsed],
    ) -> None:
        self.facts = facts
        self.plan = plan
        self.cover = cover
        self.claimed = claimed
        self.rates = rates
        self.lines = in_number_order(facts.bill.lines)
        self.converted = {n: rates[n].rate.from_fen(claimed[n]) for n in rates}
        self.year = cover.year_on(plan.on)
        self.done: dict[int, Payable] = {}
        self.steps: dict[int, TraceStep] = {}
        self.use: Use = {}

    def judging(self) -> Judging:
        payable = {number: line.payable for number, line in self.done.items()}
        return Judging(self.facts, self.plan, self.cover, self.year, self.use, payable)

    def refuse(self, line: ChargeLine, step: TraceStep) -> None:
        self.steps[line.number] = step
        self.done[line.number] = Payable(
            line=line.number,
            claimed=self.claimed[line.number],
            converted=self.converted[line.number],
            payable=self.plan.money(0),
            reasons=[step.result.split()[0]],
        )

    def pay(self, line: ChargeLine, part: int, benefit: str, said: _Said) -> None:
        number = line.number
        whole, claimed, rate = self.converted[number], self.claimed[number], self.rates[number]
        capped = part < whole.amount_minor
        payable = self.plan.money(part) if capped else whole
        reasons = [_CAPPED] if capped else []
        self.done[number] = Payable(number, claimed, whole, payable, reasons, benefit)
        text, figure = str(number), str(payable)
        own = {
            "line": text,
            "claimed": str(claimed),
            "rate": str(rate.rate.cny_per_hkd),
            "converted": str(whole) if capped else figure,
        }
        inputs = said.inputs | own
        if rate.forecast:
            inputs["rate_forecast_of"] = rate.basis.value
        self.steps[number] = said.rules.step(
            Reason.CAPPED if capped else Reason.PAYABLE,
            figure,
            {"line": text, "amount": figure},
            inputs,
            rate.forecast or said.assumed,
        )

    def count(self, counter: str, more: int) -> None:
        if more:
            self.use[counter] = self.use.get(counter, 0) + more


def payable_lines(
    facts: BillFacts, plan: PlanAt, cover: Cover, claimed: dict[int, Money]
) -> Schedule:
    """Exclusions, conditions and the limits of each benefit.

    Raises RuleMissing for a value the bill needs.
    """
    benefit_of = plan.derived(_benefit_by_category)
    faults = [
        *_missing_classes(facts.bill.lines, plan),
        *cover_faults(facts, plan, cover, benefit_of),
    ]
    rates, missing = _rates(facts, plan, cover)
    faults += missing
    if faults:
        return Schedule(lines=[], trace=[], faults=faults, use={})
    bill = _Bill(facts, plan, cover, claimed, rates)
    refused = _refused_encounter(facts, plan, cover)
    for line in bill.lines:
        step = _refusal(line, plan, cover, benefit_of, refused)
        if step is not None:
            bill.refuse(line, step)
    of_benefit: dict[str, list[ChargeLine]] = {}
    for line in bill.lines:
        if line.number not in bill.done:
            of_benefit.setdefault(benefit_of[line.category], []).append(line)
    for benefit in plan.derived(_shares_last):
        if benefit in of_benefit:
            _judge_benefit(bill, benefit, of_benefit[benefit])
    order = [line.number for line in bill.lines]
    return Schedule(
        lines=[bill.done[n] for n in order],
        trace=[bill.steps[n] for n in order],
        faults=[],
        use=bill.use,
    )


def _judge_benefit(bill: _Bill, benefit: str, lines: list[ChargeLine]) -> None:
    """Group by group, so that a limit of the year is shared by the visits of one bill."""
    visits, taken = by_visit(bill.plan, benefit), 0
    for members in _groups(benefit, lines, bill.plan, visits):
        base = sum(bill.converted[line.number].amount_minor for line in members)
        group = Group(benefit, members, base, taken)
        judging = bill.judging()
        refused = visit_refused(judging, group) if visits else None
        if refused is not None:
            reason, key = refused
            for line in members:
                words = {"line": line.number, "on": line.service_date}
                step = traced(bill.plan, [key], reason, "", inputs=words, words=words)
                bill.refuse(line, step)
            continue
        limit = tightest(judging, group)
        said = _said(bill.plan, benefit, limit)
        weights = [bill.converted[line.number].amount_minor for line in members]
        for line, part in zip(members, largest_remainder(limit.payable, weights), strict=True):
            bill.pay(line, part, benefit, said)
        taken += limit.payable
        bill.count(days_in(bill.year, benefit), limit.days)
        if visits:
            bill.count(visits_in(bill.year, benefit), 1)
            bill.count(visits_on(members[0].service_date, benefit), 1)


def _rates(facts: BillFacts, plan: PlanAt, cover: Cover) -> tuple[dict[int, RateUsed], list[Fault]]:
    """The rate of each line; a day whose rate nobody gave is asked for once."""
    by_day: dict[date, RateUsed] = {}
    missing: list[Fault] = []
    for day in dict.fromkeys([line.service_date for line in facts.bill.lines]):
        try:
            by_day[day] = charge_rate(plan, cover.rates, day)
        except RateMissing as gone:
            words = {"basis": gone.basis.value, "day": gone.day}
            reason = InsurerReason.RATE_NOT_STATED
            missing.append(fault(reason, place(facts, cover), **words))
    if missing:
        return {}, missing
    return {line.number: by_day[line.service_date] for line in facts.bill.lines}, []


def _missing_classes(lines: Iterable[ChargeLine], plan: PlanAt) -> Iterator[Fault]:
    """A benefit by class of surgery cannot be judged without the class: ask, never assume."""
    by_class = plan.derived(_categories_by_class)
    allowed = ", ".join(SurgeryClass)
    for index, line in enumerate(lines):
        if line.surgery_class is None and line.category in by_class:
            place_of = f"/lines/{index}/surgery_class"
            words = {"line": line.number, "allowed": allowed}
            yield fault(Reason.SURGERY_CLASS_MISSING, place_of, **words)


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


_ENCOUNTERS = {
    Claiming.DIRECT: ("direct_billing.encounter_classes", Reason.NOT_DIRECT_ENCOUNTER),
    Claiming.REIMBURSEMENT: (
        "reimbursement.encounter_classes",
        InsurerReason.NOT_COVERED_ENCOUNTER,
    ),
}


def _refused_encounter(
    facts: BillFacts, plan: PlanAt, cover: Cover
) -> tuple[str, StrEnum, str] | None:
    """The rule, when the plan does not pay this kind of visit to who asks."""
    key, reason = _ENCOUNTERS[cover.claiming]
    encounter = facts.episode.visit.encounter_class.value
    return None if encounter in plan.codes(key) else (key, reason, encounter)


def _refusal(
    line: ChargeLine,
    plan: PlanAt,
    cover: Cover,
    benefit_of: dict[str, str],
    refused: tuple[str, StrEnum, str] | None,
) -> TraceStep | None:
    """Why a line is not payable at all: excluded, not covered then, another visit, no benefit."""
    category = line.category
    key = f"exclusions.{category}"
    words = {"line": line.number, "category": category}
    if plan.find(key) is not None:
        return traced(plan, [key], Reason(plan.code(key)), "", inputs=words, words=words)
    benefit = benefit_of.get(category)
    step = not_covered(line, plan, cover, benefit)
    if step is not None:
        return step
    if refused is not None:
        key, reason, encounter = refused
        return traced(plan, [key], reason, "", inputs=words, words={"encounter": encounter})
    if benefit is None:
        return traced(plan, ["benefits"], Reason.NO_BENEFIT, "", inputs=words, words=words)
    return None


def _groups(
    benefit: str, lines: list[ChargeLine], plan: PlanAt, visits: bool
) -> list[list[ChargeLine]]:
    """Lines that share one limit: all of a benefit, or those of one operation or visit (a day)."""
    if not visits and not plan.under(f"benefits.{benefit}.per_surgery"):
        return [lines] if lines else []
    days = sorted({line.service_date for line in lines})
    return [[line for line in lines if line.service_date == day] for day in days]
