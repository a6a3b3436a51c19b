"""What a member has used of a plan before: facts into the rules, and what a bill uses as facts out.

A counter is named by what it counts and for how long: ``year.3.paid``, ``year.3.room.days``,
``day.2026-03-02.specialist.visits``, ``stay.V-1.room.paid``, ``lifetime.paid``. Amounts are
hundredths of what the plan counts in. A limit is used up by what the insurer pays, the deductible
by what it took.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from pydantic import BaseModel, ConfigDict, field_validator

from crossclaim.domain.money import Currency, Money, counted

Use = dict[str, int]
"""What one bill adds to the counters; no counter stands with nothing."""


def deductible_of(year: int) -> str:
    return f"year.{year}.deductible"


def paid_in(year: int, benefit: str | None = None) -> str:
    return f"year.{year}.{benefit}.paid" if benefit else f"year.{year}.paid"


def paid_ever(benefit: str | None = None) -> str:
    return f"lifetime.{benefit}.paid" if benefit else "lifetime.paid"


def paid_of_stay(visit: str, benefit: str) -> str:
    return f"stay.{visit}.{benefit}.paid"


def days_in(year: int, benefit: str) -> str:
    return f"year.{year}.{benefit}.days"


def visits_in(year: int, benefit: str) -> str:
    return f"year.{year}.{benefit}.visits"


def visits_on(day: date, benefit: str) -> str:
    return f"day.{day.isoformat()}.{benefit}.visits"


class Accumulators(BaseModel):
    """A counter that is absent stands at nothing."""

    model_config = ConfigDict(frozen=True)

    used: dict[str, int] = {}
    only: tuple[str, ...] | None = None
    """The counters that we were told; None: all of them."""

    @field_validator("used")
    @classmethod
    def _counted(cls, used: dict[str, int]) -> dict[str, int]:
        if any(count < 0 for count in used.values()):
            raise ValueError("a counter never stands below zero")
        return {name: used[name] for name in sorted(used) if used[name]}

    def of(self, counter: str) -> int:
        return self.used.get(counter, 0)

    def amount(self, counter: str, currency: Currency = Currency.HKD) -> Money:
        """Used of a limit, in what the plan counts in."""
        return counted(self.of(counter), currency)

    def stated(self, counter: str) -> bool:
        return self.only is None or counter in self.only

    def plus(self, use: Mapping[str, int]) -> Accumulators:
        """The counters after a bill."""
        return self._moved(use, 1)

    def minus(self, use: Mapping[str, int]) -> Accumulators:
        """The counters as if a bill had never been. Raises ValueError for what was never used."""
        return self._moved(use, -1)

    def _moved(self, use: Mapping[str, int], sign: int) -> Accumulators:
        names = {*self.used, *use}
        used = {name: self.of(name) + sign * use.get(name, 0) for name in names}
        return Accumulators(used=used, only=self.only)
