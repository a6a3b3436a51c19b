"""What a counter of a cover means where nobody stated it: the plan says so, never the code."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from crossclaim.domain.cover import Cover
from crossclaim.domain.plan import PlanAt, RuleMissing

PREFIX = "unstated_use"
BENEFITS = "benefits"


class UnstatedUse(StrEnum):
    """``ask``: the bill waits for an answer. ``forecast_none``: a forecast takes it that nothing
    was used, which its trace marks as assumed; the insurer's own decision binds."""

    ASK = "ask"
    FORECAST_NONE = "forecast_none"


NEEDS = {
    "deductible": "deductible.per_year",
    "annual_limit": "annual_limit",
    "lifetime_limit": "lifetime_limit",
}
"""What a plan says it of → the key whose value is used up."""
_OF_BENEFIT = frozenset(
    {"limit", "lifetime_limit", "days_limit", "visits_per_day", "visits_per_year"}
)
ASKED = frozenset({"deductible", "annual_limit"})
"""A submission has a member that answers these, so that only these can be asked for."""


NAMES = (*NEEDS, BENEFITS)


def key_of(name: str) -> str:
    return f"{PREFIX}.{name}"


def words_of(name: str) -> frozenset[str]:
    """What a plan may say."""
    words = frozenset(word.value for word in UnstatedUse)
    return words if name in ASKED else words - {UnstatedUse.ASK.value}


def counted(keys: Iterable[str]) -> dict[str, list[str]]:
    """What a plan with these keys must say it of → the keys whose values are used up."""
    found: dict[str, list[str]] = {}
    names = {key: name for name, key in NEEDS.items()}
    for key in keys:
        parts = key.split(".")
        if key in names:
            found.setdefault(names[key], []).append(key)
        elif len(parts) == 3 and parts[0] == BENEFITS and parts[2] in _OF_BENEFIT:
            found.setdefault(BENEFITS, []).append(key)
    return found


def asked(plan: PlanAt, cover: Cover, name: str, counter: str) -> bool:
    """True when somebody must state the counter first. Raises RuleMissing when the plan does not
    say what it means that nobody did, and when it asks for what no submission can state."""
    if cover.stated(counter):
        return False
    key = key_of(name)
    asks = plan.code(key) == UnstatedUse.ASK
    if asks and name not in ASKED:
        raise RuleMissing(f"{plan.plan}:{key}", plan.on, "asks for what no submission states")
    return asks


def count_before(plan: PlanAt, cover: Cover, name: str, counter: str) -> int:
    """What stands of a counter that is not asked for. Raises RuleMissing."""
    asked(plan, cover, name, counter)
    return cover.counters().of(counter)
