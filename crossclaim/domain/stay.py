"""What a submission about an existing episode is judged against: who, where, from when to when."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone

from crossclaim.domain.allocation import Frozen
from crossclaim.domain.submission import EncounterClass

REGION_ZONE = timezone(timedelta(hours=8))
"""Hong Kong, Macao and Guangdong share one offset and have no summer time."""


def local_day(moment: datetime) -> date:
    """The calendar day of the region; at the ends of the calendar a moment keeps its own."""
    try:
        return moment.astimezone(REGION_ZONE).date()
    except OverflowError:
        return moment.date()


class Stay(Frozen):
    """The facts of an episode so far; what is not known yet is ``None`` and is not judged."""

    hospital: str | None = None
    encounter_class: EncounterClass | None = None
    birth_date: date | None = None
    admitted_at: datetime | None = None
    discharged_at: datetime | None = None

    @property
    def admitted_on(self) -> date | None:
        return local_day(self.admitted_at) if self.admitted_at else None

    @property
    def discharged_on(self) -> date | None:
        return local_day(self.discharged_at) if self.discharged_at else None
