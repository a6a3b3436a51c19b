"""Public holidays of the mainland, Hong Kong and Macao, from the ``holidays`` library.

Years that are not published yet are the library's forecast; make-up working Saturdays are not
counted as working days ([ASM]).
"""

from __future__ import annotations

from datetime import date
from functools import lru_cache

import holidays


@lru_cache(maxsize=64)
def _closed(region: str, year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays(region, years=year))


def public_holidays(region: str, start: date, end: date) -> frozenset[date]:
    """Days closed by law in the years of two days; ``region`` is ``CN``, ``HK`` or ``MO``."""
    first, last = sorted((start.year, end.year))
    return frozenset().union(*(_closed(region, year) for year in range(first, last + 1)))
