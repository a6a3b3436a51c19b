"""When basic insurance pays nothing of a bill, and which facts must be asked for first."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from crossclaim.domain.allocation import Fault
from crossclaim.domain.basic_facts import BasicFacts, Care, Period
from crossclaim.domain.basic_rules import (
    filing_counts,
    group_key,
    key_for,
    limit_key,
    limits,
    needs_level,
    needs_retired,
    needs_tier,
    share,
    wanted_key,
)
from crossclaim.domain.checks import faults_found
from crossclaim.domain.insured import Insurance, InsuredStatus
from crossclaim.domain.plan import PlanAt, Unit
from crossclaim.domain.sentences_basic import BasicReason
from crossclaim.domain.trace import fault
from crossclaim.domain.waiting import is_exempt, waiting_of


def basic_faults(facts: BasicFacts, plan: PlanAt) -> list[Fault]:
    """Every refusal, question and rule without a value; empty when the fund may pay."""
    found = faults_found(_CHECKS, facts, plan, "/basic")
    if any(one.code == BasicReason.BASIC_FACT_NOT_STATED for one in found):
        return found  # Which rules hold is not known before the facts are.
    return found + faults_found(_RULES, facts, plan, "/basic")


Check = Callable[[BasicFacts, PlanAt], Iterator[Fault]]


def asked(name: str) -> Fault:
    """A question to the submitter: a rule needs this fact."""
    return fault(BasicReason.BASIC_FACT_NOT_STATED, f"/basic/{name}", fact=name)


def _status(facts: BasicFacts, plan: PlanAt) -> Iterator[Fault]:
    if facts.insured.status is not InsuredStatus.ACTIVE:
        yield fault(BasicReason.INSURED_STATUS, "/basic/insured/status", on=facts.on)


def _waiting(facts: BasicFacts, plan: PlanAt) -> Iterator[Fault]:
    if not waits(facts, plan):
        return
    enrolment = facts.insured.enrolment
    if enrolment is None:
        yield asked("insured/enrolment")
        return
    if enrolment.missed_years is None and not is_exempt(enrolment, plan):
        yield asked("insured/enrolment/missed_years")
        return
    waiting = waiting_of(enrolment, plan)
    if facts.on < waiting.covered_from:
        words = {"months": waiting.months, "since": waiting.covered_from}
        yield fault(BasicReason.BASIC_WAITING_PERIOD, "/basic/insured/enrolment", **words)


def waits(facts: BasicFacts, plan: PlanAt) -> bool:
    """True when the plan has waiting periods for the person's insurance."""
    if plan.find("waiting.groups") is None:
        return False
    return any(group in plan.codes("waiting.groups") for group in facts.insured.groups)


def _group(facts: BasicFacts, plan: PlanAt) -> Iterator[Fault]:
    insured = facts.insured
    if insured.insurance is Insurance.EMPLOYEE:
        if insured.retired is None and needs_retired(facts, plan):
            yield asked("insured/retired")
    elif insured.tier is None and needs_tier(facts, plan):
        yield asked("insured/tier")
    if facts.level is None and needs_level(facts, plan):
        yield asked("level")


def _institution(facts: BasicFacts, plan: PlanAt) -> Iterator[Fault]:
    if facts.care is not Care.OUTPATIENT or plan.find("scope.contracted_groups") is None:
        return
    bound = plan.codes("scope.contracted_groups")
    if not any(group in bound for group in facts.insured.groups):
        return
    if facts.contracted is None:
        yield asked("contracted")
    elif not facts.contracted:
        yield fault(BasicReason.BASIC_NOT_CONTRACTED, "/basic/contracted")


def _elsewhere(facts: BasicFacts, plan: PlanAt) -> Iterator[Fault]:
    stated = plan.find(f"{facts.care.value}.elsewhere_less") is not None
    if facts.elsewhere is None and stated:
        yield asked("elsewhere")
    if stated and facts.elsewhere and facts.filed is None and filing_counts(facts, plan):
        yield asked("filed")


def _lines(facts: BasicFacts, plan: PlanAt) -> Iterator[Fault]:
    for index, line in enumerate(facts.lines):
        pointer = f"/basic/lines/{index}/eligible"
        if line.eligible is None:
            yield fault(BasicReason.BASIC_ELIGIBLE_NOT_STATED, pointer, line=line.number)
        elif not 0 <= line.eligible.amount_minor <= line.amount.amount_minor:
            words = {"line": line.number, "eligible": line.eligible, "amount": line.amount}
            yield fault(BasicReason.BASIC_ELIGIBLE_ABOVE_LINE, pointer, **words)


def _ratios(facts: BasicFacts, plan: PlanAt) -> Iterator[Fault]:
    """Asks for nothing; a ratio that the bill needs and the plan lacks raises."""
    fee = group_key(facts, plan, "general_consult_fee")
    if fee is not None and any(line.general_consult_fee for line in facts.lines):
        plan.ratio(fee)
    if any(not (line.general_consult_fee and fee) for line in facts.lines):
        share(facts, plan, wanted_key(facts, plan, "ratio"))
    deductible = key_for(facts, plan, "deductible")
    if deductible is not None:
        plan.amount(deductible)
        per_year = plan.rule(deductible).unit is Unit.CNY_PER_YEAR
        if per_year and facts.deductible_used is None:
            yield asked("deductible_used")


def _limits(facts: BasicFacts, plan: PlanAt) -> Iterator[Fault]:
    _, periods = limits(facts, plan)
    for period in periods:
        if period is Period.QUARTER and facts.disease_class is None:
            yield asked("disease_class")
            continue
        plan.amount(limit_key(facts, plan, period))
        if period not in facts.used:
            yield asked(f"used/{period.value}")


_CHECKS: tuple[Check, ...] = (_status, _waiting, _group, _institution, _elsewhere, _lines)
_RULES: tuple[Check, ...] = (_ratios, _limits)
