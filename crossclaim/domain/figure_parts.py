"""One indicator taken apart: by month with its growth, by insurer, hospital and city. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from crossclaim.domain.allocation import Frozen
from crossclaim.domain.figures import Indicator

MONTHS_SHOWN = 13
"""A year and the month before it, so that growth over a year has both ends."""


class PlaceFigure(Frozen):
    """What one indicator counts in one month at one hospital for one insurer."""

    indicator: Indicator
    month: str
    insurer: str
    hospital: str
    all: int
    good: int


class PartFigure(Frozen):
    """Counts of one month, insurer, hospital or city."""

    name: str
    all: int
    good: int
    growth: int | None = None
    """Of ``good`` against the month before, in thousandths; None: nothing to compare with."""
    growth_year: int | None = None
    """Against the same month a year before."""

    @property
    def thousandths(self) -> int:
        """Of ``all``, half up; nothing of nothing is 0."""
        return (self.good * 2000 + self.all) // (self.all * 2) if self.all else 0

    @property
    def percent(self) -> str:
        return told_percent(self.thousandths)


def told_percent(thousandths: int) -> str:
    sign = "-" if thousandths < 0 else ""
    whole, tenth = divmod(abs(thousandths), 10)
    return f"{sign}{whole}.{tenth} %"


def by_month(places: Iterable[PlaceFigure]) -> list[PartFigure]:
    """The oldest first, months without anything between two that count filled with nothing."""
    summed = {part.name: part for part in parted(places, lambda place: place.month)}
    if not summed:
        return []
    months = _months(min(summed), max(summed))
    found = []
    for month in months:
        part = summed.get(month) or PartFigure(name=month, all=0, good=0)
        before, year = summed.get(_earlier(month, 1)), summed.get(_earlier(month, 12))
        found.append(
            part.model_copy(
                update={"growth": _growth(before, part), "growth_year": _growth(year, part)}
            )
        )
    return found


def parted(places: Iterable[PlaceFigure], by: Callable[[PlaceFigure], str]) -> list[PartFigure]:
    """Added up by one name, what counts most first."""
    counted: dict[str, tuple[int, int]] = {}
    for place in places:
        all_, good = counted.get(by(place), (0, 0))
        counted[by(place)] = (all_ + place.all, good + place.good)
    parts = [PartFigure(name=n, all=all_, good=good) for n, (all_, good) in counted.items()]
    return sorted(parts, key=lambda part: (-part.all, part.name))


def _growth(before: PartFigure | None, now: PartFigure) -> int | None:
    if before is None or not before.good:
        return None
    change = now.good - before.good
    half = (abs(change) * 2000 + before.good) // (before.good * 2)
    return half if change >= 0 else -half


def _months(first: str, last: str) -> list[str]:
    months = [last]
    while months[-1] > first and len(months) < MONTHS_SHOWN:
        months.append(_earlier(months[-1], 1))
    return months[::-1]


def _earlier(month: str, by: int) -> str:
    year, number = int(month[:4]), int(month[5:])
    total = year * 12 + number - 1 - by
    return f"{total // 12:04d}-{total % 12 + 1:02d}"
