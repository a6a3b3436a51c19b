"""Waiting periods of basic insurance: from which day a late or lapsed enrolment is covered."""

from __future__ import annotations

import calendar
from datetime import date

from crossclaim.domain.allocation import Frozen
from crossclaim.domain.insured import Enrolment
from crossclaim.domain.plan import PlanAt

MOST_COUNTS = frozenset({"total", "variable"})
"""Whether the most months hold for the whole waiting or for the part that grows with the lapse."""


class Waiting(Frozen):
    """``months`` of waiting; ``covered_from`` is the first day with benefits."""

    months: int
    covered_from: date


def months_later(start: date, months: int) -> date:
    """The same day so many months later, or the last day of a shorter month."""
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(start.day, last))


def waiting_of(enrolment: Enrolment, plan: PlanAt) -> Waiting:
    """The waiting of an enrolment that is exempt or whose missed years are stated.

    Raises RuleMissing when the enrolment window is needed and not known.
    """
    months = _months(enrolment, plan)
    return Waiting(months=months, covered_from=months_later(enrolment.paid_on, months))


def _months(enrolment: Enrolment, plan: PlanAt) -> int:
    if is_exempt(enrolment, plan):
        return 0
    missed = enrolment.missed_years or 0
    if missed == 0 and not is_late(enrolment, plan):
        return 0
    fixed = plan.count("waiting.fixed")
    if missed == 0:
        return fixed
    variable, most = missed * plan.count("waiting.per_missed_year"), plan.count("waiting.most")
    if plan.code("waiting.most_counts") == "variable":
        return fixed + min(variable, most)
    return min(fixed + variable, most)


def is_exempt(enrolment: Enrolment, plan: PlanAt) -> bool:
    """True for a group that the plan lets in without waiting."""
    return enrolment.exempt is not None and enrolment.exempt in plan.codes("waiting.exempt")


def is_late(enrolment: Enrolment, plan: PlanAt) -> bool:
    """As stated, else by the window of the insurance year; both its days count as in time."""
    if enrolment.late is not None:
        return enrolment.late
    opens = date.fromisoformat(plan.code("enrolment.opens"))
    closes = date.fromisoformat(plan.code("enrolment.closes"))
    return not opens <= enrolment.paid_on <= closes
