"""Finds the value of a basic insurance plan that holds for a person's group and a hospital's level.

The narrowest statement wins: the person's own group before the whole insurance, the hospital's
level before ``any``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from crossclaim.domain.basic_facts import BasicFacts, Period
from crossclaim.domain.plan import PlanAt, Rule, RuleMissing

ANY_LEVEL = "any"
FILED = "filed"
PERIODS = frozenset(period.value for period in Period)


def key_for(facts: BasicFacts, plan: PlanAt, name: str) -> str | None:
    """The key of ``care.name.group.level`` that holds, or None when the plan states none."""
    return next((key for key in _candidates(facts, name) if plan.find(key) is not None), None)


def _candidates(facts: BasicFacts, name: str) -> Iterator[str]:
    levels = (facts.level.value, ANY_LEVEL) if facts.level else (ANY_LEVEL,)
    for group in facts.insured.groups:
        for level in levels:
            yield f"{facts.care.value}.{name}.{group}.{level}"


def wanted_key(facts: BasicFacts, plan: PlanAt, name: str) -> str:
    """Like ``key_for``; raises RuleMissing when the plan states none."""
    key = key_for(facts, plan, name)
    if key is None:
        narrowest = next(_candidates(facts, name))
        raise RuleMissing(f"{plan.plan}:{narrowest}", plan.on)
    return key


def group_key(facts: BasicFacts, plan: PlanAt, name: str) -> str | None:
    """The key of ``care.name.group`` that holds, or None."""
    keys = (f"{facts.care.value}.{name}.{group}" for group in facts.insured.groups)
    return next((key for key in keys if plan.find(key) is not None), None)


def share(facts: BasicFacts, plan: PlanAt, key: str) -> tuple[Decimal, list[str]]:
    """The fund's ratio under a key with the points that change it, and all keys that were used.

    Points are added for the person's own group and taken off for care elsewhere that no filing
    spares; the sum stays between 0 and 1.
    """
    ratio, keys = plan.ratio(key), [key]
    extra = f"{facts.care.value}.extra.{facts.insured.groups[0]}"
    if plan.find(extra) is not None:
        ratio, keys = ratio + plan.ratio(extra), [*keys, extra]
    less = f"{facts.care.value}.elsewhere_less"
    if facts.elsewhere and plan.find(less) is not None:
        if facts.filed and filing_counts(facts, plan):
            keys = [*keys, f"{facts.care.value}.elsewhere_spared"]
        else:
            ratio, keys = ratio - plan.ratio(less), [*keys, less]
    return max(Decimal(0), min(Decimal(1), ratio)), keys


def filing_counts(facts: BasicFacts, plan: PlanAt) -> bool:
    """True when the plan tells care elsewhere that was filed from care that was not."""
    key = f"{facts.care.value}.elsewhere_spared"
    return plan.find(key) is not None and FILED in plan.codes(key)


def limits(facts: BasicFacts, plan: PlanAt) -> tuple[Rule, Sequence[Period]]:
    """Which limits the plan has for this care and group. Raises RuleMissing when it does not say:
    no limit at all must be stated too."""
    key = group_key(facts, plan, "limits")
    if key is None:
        raise RuleMissing(f"{plan.plan}:{facts.care.value}.limits", plan.on)
    return plan.rule(key), [Period(word) for word in plan.codes(key)]


def limit_key(facts: BasicFacts, plan: PlanAt, period: Period) -> str:
    """The key of a limit's amount; one of a quarter is stated by class of disease."""
    if period is Period.QUARTER:
        return f"{facts.care.value}.{period.value}.{facts.disease_class}"
    return wanted_key(facts, plan, period.value)


def needs_level(facts: BasicFacts, plan: PlanAt) -> bool:
    """True when the plan tells hospital levels apart for this care."""
    return any(
        key.startswith(f"{facts.care.value}.") and key.rsplit(".", 1)[-1].startswith("level-")
        for key in plan.rules
    )


def needs_tier(facts: BasicFacts, plan: PlanAt) -> bool:
    """True when the plan tells residents apart for this care."""
    head = f"{facts.care.value}."
    return any(key.startswith(head) and ".resident-" in key for key in plan.rules)


def needs_retired(facts: BasicFacts, plan: PlanAt) -> bool:
    """True when the plan tells the retired from those in service for this care."""
    head = f"{facts.care.value}."
    named = ({"retired", "in-service"} & set(key.split(".")) for key in plan.rules
             if key.startswith(head))  # fmt: skip
    return any(named)
