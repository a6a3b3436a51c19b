"""What a letter of guarantee says beside its limit: last day, conditions, what it excludes.

Conditions are codes. Those that the rules know are judged; any other is shown to the window and to
the insurer, and judged by people.
"""

from __future__ import annotations

from datetime import date

from crossclaim.domain.allocation import BillFacts, Frozen

ENCOUNTER_CLASS, ADMITTED_BY = "encounter-class", "admitted-by"


class GuaranteeTerms(Frozen):
    last_day: date | None = None
    """Of care that it covers."""
    conditions: tuple[str, ...] = ()
    exclusions: tuple[str, ...] = ()
    """Charge categories."""


def unmet(facts: BillFacts, terms: GuaranteeTerms) -> str:
    """The first condition that the visit does not meet; empty: it meets those that are known."""
    for condition in terms.conditions:
        name, _, value = condition.partition(":")
        if name == ENCOUNTER_CLASS and facts.episode.visit.encounter_class.value != value:
            return condition
        if name == ADMITTED_BY and facts.admitted_on is not None:
            last = day_of(value)
            if last is not None and facts.admitted_on > last:
                return condition
    return ""


def day_of(value: str) -> date | None:
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None


def outside(facts: BillFacts, terms: GuaranteeTerms) -> frozenset[int]:
    """Numbers of the lines that the letter does not cover: excluded, or after its last day."""
    return frozenset(
        line.number
        for line in facts.bill.lines
        if line.category.value in terms.exclusions
        or (terms.last_day is not None and line.service_date > terms.last_day)
    )
