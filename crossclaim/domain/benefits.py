"""A plan's benefit schedule: which line falls under which benefit, and how far it is payable."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import StrEnum

from crossclaim.domain.accumulators import Use, days_in, visits_in, visits_on
from crossclaim.domain.allocation import BillFacts, Fault, Frozen, TraceStep
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
from crossclaim.domain.money import Money, hk_cents
from crossclaim.domain.plan import PlanAt
from crossclaim.domain.rates import RateMissing, RateUsed, charge_rate
from crossclaim.domain.sentences import Reason
from crossclaim.domain.sentences_insurer import InsurerReason
from crossclaim.domain.spread import RULE as SPREAD_RULE
from crossclaim.domain.spread import in_number_order, largest_remainder
from crossclaim.domain.submission import ChargeLine, SurgeryClass
from crossclaim.domain.trace import fault, traced

__all__ = ["COUNTS", "Payable", "Schedule", "payable_lines"]


class Payable(Frozen):
    """``payable`` (HKD) is what exclusions and limits leave of ``claimed`` (CNY)."""

    line: int
    claimed: Money
    converted: Money
    payable: Money
    reasons: list[str]
    benefit: str = ""
    """The benefit that the line falls under; empty when it is refused."""


class Schedule(Frozen):
    """The schedule applied to one bill, lines in the order of their numbers."""

    lines: list[Payable] = []
    trace: list[TraceStep] = []
    faults: list[Fault] = []
    use: Use = {}
    """Days and visits that the bill uses."""


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
        self.converted = {n: rates[n].rate.to_hk_cents(claimed[n]) for n in rates}
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
            payable=hk_cents(0),
            reasons=[step.result.split()[0]],
        )

    def pay(self, line: ChargeLine, part: int, group: Group, limit: Limit) -> None:
        capped = part < self.converted[line.number].amount_minor
        self.done[line.number] = Payable(
            line=line.number,
            claimed=self.claimed[line.number],
            converted=self.converted[line.number],
            payable=hk_cents(part),
            reasons=[Reason.CAPPED.value] if capped else [],
            benefit=group.benefit,
        )
        self.steps[line.number] = self._step(line, group.benefit, limit)

    def _step(self, line: ChargeLine, benefit: str, limit: Limit) -> TraceStep:
        found, rate = self.done[line.number], self.rates[line.number]
        facts: dict[str, object] = {
            "line": found.line,
            "benefit": benefit,
            "claimed": found.claimed,
            "rate": rate.rate.cny_per_hkd,
            "converted": found.converted,
            "limit": "none" if limit.amount is None else hk_cents(limit.amount),
            "spread": SPREAD_RULE,
        }
        if rate.forecast:
            facts["rate_forecast_of"] = rate.basis.value
        return traced(
            self.plan,
            limit.keys,
            Reason.CAPPED if found.reasons else Reason.PAYABLE,
            found.payable,
            inputs=facts | limit.inputs,
            words={"line": found.line, "amount": found.payable},
            assumed=rate.forecast or limit.assumed,
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
    benefit_of = _benefit_by_category(plan)
    faults = [
        *_missing_classes(facts.bill.lines, plan),
        *cover_faults(facts, plan, cover, benefit_of),
    ]
    rates, missing = _rates(facts, plan, cover)
    faults += missing
    if faults:
        return Schedule(faults=faults)
    bill = _Bill(facts, plan, cover, claimed, rates)
    refused = _refused_encounter(facts, plan, cover)
    for line in bill.lines:
        step = _refusal(line, plan, cover, benefit_of, refused)
        if step is not None:
            bill.refuse(line, step)
    for benefit in _shares_last(plan):
        lines = [
            line
            for line in bill.lines
            if line.number not in bill.done and benefit_of.get(line.category.value) == benefit
        ]
        _judge_benefit(bill, benefit, lines)
    order = [line.number for line in bill.lines]
    return Schedule(
        lines=[bill.done[n] for n in order],
        trace=[bill.steps[n] for n in order],
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
        weights = [bill.converted[line.number].amount_minor for line in members]
        for line, part in zip(members, largest_remainder(limit.payable, weights), strict=True):
            bill.pay(line, part, group, limit)
        taken += limit.payable
        bill.count(days_in(bill.year, benefit), limit.days)
        if visits:
            bill.count(visits_in(bill.year, benefit), 1)
            bill.count(visits_on(members[0].service_date, benefit), 1)


def _rates(facts: BillFacts, plan: PlanAt, cover: Cover) -> tuple[dict[int, RateUsed], list[Fault]]:
    """The rate of each line; a day whose rate nobody gave is asked for once."""
    found: dict[int, RateUsed] = {}
    missing: dict[str, Fault] = {}
    for line in facts.bill.lines:
        try:
            found[line.number] = charge_rate(plan, cover.rates, line.service_date)
        except RateMissing as gone:
            words = {"basis": gone.basis.value, "day": gone.day}
            one = fault(InsurerReason.RATE_NOT_STATED, place(facts, cover), **words)
            missing[one.text.en] = one
    return found, list(missing.values())


def _missing_classes(lines: Iterable[ChargeLine], plan: PlanAt) -> Iterator[Fault]:
    """A benefit by class of surgery cannot be judged without the class: ask, never assume."""
    by_class = {
        category
        for benefit in plan.under("benefits")
        if plan.under(f"benefits.{benefit}.per_surgery")
        for category in plan.codes(f"benefits.{benefit}.categories")
    }
    allowed = ", ".join(SurgeryClass)
    for index, line in enumerate(lines):
        if line.category.value in by_class and line.surgery_class is None:
            place_of = f"/lines/{index}/surgery_class"
            words = {"line": line.number, "allowed": allowed}
            yield fault(Reason.SURGERY_CLASS_MISSING, place_of, **words)


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
    key = f"exclusions.{line.category.value}"
    words = {"line": line.number, "category": line.category.value}
    if plan.find(key) is not None:
        return traced(plan, [key], Reason(plan.code(key)), "", inputs=words, words=words)
    benefit = benefit_of.get(line.category.value)
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
