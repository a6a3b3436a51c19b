"""Working days of the mainland, Hong Kong and Macao, from the ``holidays`` library."""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache

import holidays


@lru_cache(maxsize=32)
def _closed(region: str, year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays(region, years=year))


def is_working_day(day: date, region: str = "CN") -> bool:
    """Monday to Friday and no public holiday; make-up Saturdays are not counted ([ASM])."""
    return day.weekday() < 5 and day not in _closed(region, day.year)


def working_days_between(start: date, end: date, region: str = "CN") -> int:
    """Working days after ``start`` up to and with ``end``; negative when ``end`` is before."""
    if end < start:
        return -working_days_between(end, start, region)
    days = (end - start).days
    return sum(is_working_day(start + timedelta(days=n), region) for n in range(1, days + 1))
