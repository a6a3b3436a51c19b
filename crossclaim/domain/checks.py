"""Asks every check of a funder, so that all faults of a bill come back at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

from crossclaim.domain.allocation import Fault
from crossclaim.domain.plan import PlanAt, RuleMissing
from crossclaim.domain.sentences import Reason
from crossclaim.domain.trace import fault

Facts = TypeVar("Facts")


def faults_found(
    checks: Iterable[Callable[[Facts, PlanAt], Iterator[Fault]]],
    facts: Facts,
    plan: PlanAt,
    pointer: str,
) -> list[Fault]:
    """What the checks find, in their order. One whose rule the plan lacks is for a person: its
    fault points at ``pointer``, and the other checks go on.
    """
    found: list[Fault] = []
    for check in checks:
        try:
            found.extend(check(facts, plan))
        except RuleMissing as missing:
            words = {"rule": missing.rule, "on": missing.on}
            found.append(fault(Reason.RULE_NEEDS_PERSON, pointer, **words))
    return found
