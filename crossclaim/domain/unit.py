"""What the values of a plan count: money by currency and period, ratios, days, codes."""

from __future__ import annotations

from enum import StrEnum

from crossclaim.domain.money import Currency


class Unit(StrEnum):
    """What a value counts. Money is written in major units in the file and held in minor units."""

    HKD = "HKD"
    HKD_PER_DAY = "HKD/day"
    HKD_PER_VISIT = "HKD/visit"
    HKD_PER_SURGERY = "HKD/surgery"
    HKD_PER_STAY = "HKD/stay"
    HKD_PER_YEAR = "HKD/year"
    HKD_PER_LIFETIME = "HKD/lifetime"
    MOP = "MOP"
    MOP_PER_DAY = "MOP/day"
    MOP_PER_VISIT = "MOP/visit"
    MOP_PER_SURGERY = "MOP/surgery"
    MOP_PER_STAY = "MOP/stay"
    MOP_PER_YEAR = "MOP/year"
    MOP_PER_LIFETIME = "MOP/lifetime"
    CNY = "CNY"
    CNY_PER_STAY = "CNY/stay"
    CNY_PER_VISIT = "CNY/visit"
    CNY_PER_MONTH = "CNY/month"
    CNY_PER_QUARTER = "CNY/quarter"
    CNY_PER_YEAR = "CNY/year"
    RATIO = "ratio"
    YEARS = "years"
    MONTHS = "months"
    DAYS = "days"
    DAYS_PER_YEAR = "days/year"
    VISITS_PER_DAY = "visits/day"
    VISITS_PER_YEAR = "visits/year"
    WORKING_DAYS = "working_days"
    HOURS = "hours"
    MINUTES = "minutes"
    COUNT = "count"
    CODE = "code"
    CODES = "codes"
    SWITCH = "switch"

    @property
    def currency(self) -> Currency | None:
        """The currency of a money unit, else None."""
        return _CURRENCIES[self]


def _currency_of(unit: Unit) -> Currency | None:
    head = unit.value.split("/")[0]
    return Currency(head) if head in Currency.__members__ else None


_CURRENCIES = {unit: _currency_of(unit) for unit in Unit}
