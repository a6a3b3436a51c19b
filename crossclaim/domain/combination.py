"""Which funders a bill may be laid on together, and in which order they pay.

The order is data (``funder-order.yaml``) and asked for only when more than one funder is claimed.
What a funder excludes stands in its own plan: vouchers with basic insurance in
``voucher-ehcv-gba:combination.not_with``, international lines of basic insurance in
``basic-insurance-exclusions:excluded_channels``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple

from crossclaim.domain.allocation import BillFacts, Fault, RuleUsed, TraceStep
from crossclaim.domain.chain import Link
from crossclaim.domain.combination_sentences import CombinationReason
from crossclaim.domain.money import fen
from crossclaim.domain.plan import PlanAt, PlanSet, RuleMissing
from crossclaim.domain.sentences import Reason
from crossclaim.domain.submission import CoverageClaimed, FunderKind
from crossclaim.domain.trace import fault, traced
from crossclaim.domain.voucher import service_day

ORDER_PLAN = "funder-order"
BASIC_EXCLUSIONS = "basic-insurance-exclusions"
"""Id of the plan that says what basic insurance never pays."""


class Order(NamedTuple):
    """The links that a bill runs through. ``rules`` and ``steps`` are empty for a single funder."""

    links: tuple[Link, ...]
    rules: tuple[RuleUsed, ...] = ()
    steps: tuple[TraceStep, ...] = ()
    faults: tuple[Fault, ...] = ()


def first_day(facts: BillFacts) -> date:
    """The day whose rules hold for a bill: admission, else the day of the service."""
    return facts.admitted_on or service_day(facts)


def plan_unknown(index: int, coverage: CoverageClaimed) -> Fault:
    """No active plan of this funder under the name that the coverage gives."""
    words = {"plan": coverage.plan or "-", "funder": coverage.funder.value}
    return fault(Reason.PLAN_UNKNOWN, f"/episode/coverages/{index}/plan", **words)


def ordered(facts: BillFacts, plans: PlanSet, links: Sequence[Link]) -> Order:
    """The links of the funders that are claimed and may carry something, by the plan's order."""
    barred = {FunderKind.BASIC_INSURANCE} if _international_rule(facts, plans) else set()
    claimed = {coverage.funder for _, coverage in facts.claimed} - barred
    asked = tuple(link for link in links if link.funder in claimed)
    dated = plans.find(ORDER_PLAN)
    on = first_day(facts)
    plan = dated.on(on) if dated is not None else None
    chosen = _chosen(facts, plan) if plan is not None else Order(links=asked)
    if len({link.funder for link in asked}) < 2:
        return chosen._replace(links=asked)
    try:
        if plan is None:
            raise RuleMissing(f"{ORDER_PLAN}:order", on)
        found = _by_plan(plan, asked)
        return found._replace(steps=chosen.steps + found.steps)
    except RuleMissing as missing:
        words = {"rule": missing.rule, "on": missing.on}
        wrong = fault(Reason.RULE_NEEDS_PERSON, "/episode/coverages", **words)
        return Order(links=asked, faults=(wrong,))


def _chosen(facts: BillFacts, plan: PlanAt) -> Order:
    """That the patient left coverages of the episode out for this bill, and by which rule."""
    if len(facts.claimed) == len(facts.episode.coverages):
        return Order(links=())
    names = " ".join(coverage.funder.value for _, coverage in facts.claimed)
    reason = CombinationReason.FUNDERS_CHOSEN
    step = traced(plan, ["episode_of_service"], reason, names or "none")
    return Order(links=(), rules=(plan.used,), steps=(step,))


def _by_plan(plan: PlanAt, asked: tuple[Link, ...]) -> Order:
    order = plan.codes("order")
    for link in asked:
        if link.funder.value not in order:
            why = f"does not name {link.funder.value}"
            raise RuleMissing(f"{plan.plan}:order", plan.on, why)
    links = tuple(sorted(asked, key=lambda link: order.index(link.funder.value)))
    names = list(dict.fromkeys(link.funder.value for link in links))
    keys = ["order", *(f"carries.{name}" for name in names)]
    step = traced(plan, keys, CombinationReason.FUNDER_ORDER, " ".join(names))
    return Order(links=links, rules=(plan.used,), steps=(step,))


def coverage_faults(facts: BillFacts, links: Sequence[Link]) -> Iterator[Fault]:
    """Coverages that no link judges, and more insurers than links: a person decides."""
    joined = {link.funder for link in links}
    claimed = facts.claimed
    international = facts.episode.visit.channel == "international"
    with_voucher = any(c.funder is FunderKind.VOUCHER for _, c in claimed)
    insurers = sum(c.funder is FunderKind.INSURER for _, c in claimed)
    judging = [link for link in links if link.funder is FunderKind.INSURER]
    if insurers > max(1, len(judging)) and not any(link.every for link in judging):
        yield fault(Reason.DUAL_COVER_NEEDS_PERSON, "/episode/coverages")
    for index, coverage in claimed:
        basic = coverage.funder is FunderKind.BASIC_INSURANCE
        settled = coverage.funder in joined or coverage.funder is FunderKind.PATIENT
        if not settled and not (basic and (international or with_voucher)):
            place = f"/episode/coverages/{index}/funder"
            yield fault(Reason.FUNDER_NEEDS_PERSON, place, funder=coverage.funder.value)


def remarks(facts: BillFacts, plans: PlanSet) -> tuple[list[RuleUsed], list[TraceStep]]:
    """Basic insurance never pays an international-medical line; the trace says so."""
    plan = _international_rule(facts, plans)
    if plan is None:
        return [], []
    inputs: dict[str, object] = {
        "channel": facts.episode.visit.channel,
        "lines": len(facts.bill.lines),
    }
    reason = Reason.BASIC_NOT_COVERED_INTERNATIONAL
    return [plan.used], [traced(plan, ["excluded_channels"], reason, fen(0), inputs=inputs)]


def _international_rule(facts: BillFacts, plans: PlanSet) -> PlanAt | None:
    """The plan that bars basic insurance from this visit's channel; None when it may carry."""
    return fund_barred(facts.episode.visit.channel, first_day(facts), plans)


def fund_barred(channel: str, on: date, plans: PlanSet) -> PlanAt | None:
    """The plan by which basic insurance pays nothing through a channel on a day."""
    dated = plans.find(BASIC_EXCLUSIONS)
    if dated is None:
        return None
    plan = dated.on(on)
    rule = plan.find("excluded_channels")
    if rule is None or not isinstance(rule.value, tuple):
        return None
    return plan if channel in rule.value else None
