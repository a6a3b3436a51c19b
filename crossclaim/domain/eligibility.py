"""Whether a person has a right on a day: age, documents, permission to stay, lead times."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta, timezone

from crossclaim.domain.plan import PlanAt
from crossclaim.domain.submission import IdentityDocument

REGION_TIME = timezone(timedelta(hours=8))
"""Hong Kong, Macao and the mainland keep UTC+8 all year."""


def local_day(moment: datetime) -> date:
    """The calendar day of a moment at the window."""
    return moment.astimezone(REGION_TIME).date()


def birthday(born: date, age: int) -> date:
    """The day on which an age is reached; born on 29 February: 1 March of a common year."""
    try:
        return born.replace(year=born.year + age)
    except ValueError:
        return date(born.year + age, 3, 1)


def has_age(born: date, age: int, on: date) -> bool:
    """True from the birthday itself on."""
    return on >= birthday(born, age)


def accepted_documents(
    documents: Sequence[IdentityDocument], accepted: Sequence[str]
) -> list[IdentityDocument]:
    return [document for document in documents if document.type.value in accepted]


def permit_holds(document: IdentityDocument, on: date) -> bool:
    """A stay permission holds through its last day; a document without one has no end."""
    return document.valid_until is None or on <= document.valid_until


def working_days_between(start: date, end: date, closed: frozenset[date]) -> int:
    """Days after ``start`` up to and including ``end``, without weekends and ``closed`` days."""
    span = (start + timedelta(days=n) for n in range(1, (end - start).days + 1))
    return sum(1 for day in span if day.weekday() < 5 and day not in closed)


def guarantee_asked_in_time(
    asked_at: datetime, admission: datetime, plan: PlanAt, closed: frozenset[date]
) -> bool:
    """Planned care: so many working days ahead of admission. ``closed`` holds public holidays."""
    days = working_days_between(local_day(asked_at), local_day(admission), closed)
    return days >= plan.count("guarantee.request_lead_planned")


def emergency_asked_in_time(asked_at: datetime, admission: datetime, plan: PlanAt) -> bool:
    """Emergency care: within so many hours after admission, the last moment included."""
    hours = plan.count("guarantee.request_lead_emergency")
    return asked_at <= admission + timedelta(hours=hours)
