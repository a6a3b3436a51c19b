"""Which exchange rate a plan uses: the one of the moment that its ``fx_basis`` names.

Rates are facts, given with their source and moment; none is ever chosen here. Until an approval or
a payout has happened, the quote's rate stands in for a forecast and the trace marks it as assumed.
"""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from pydantic import BaseModel, ConfigDict

from crossclaim.domain.money import ConversionRate
from crossclaim.domain.plan import FxBasis, PlanAt

PAYOUT_BASIS = "payout.fx_basis"
"""Key of the moment whose rate turns a benefit into what is paid; without it ``fx_basis`` holds."""


class RateMissing(LookupError):
    """Nobody gave the rate of the moment that the plan names: ask for it."""

    def __init__(self, basis: FxBasis, day: date) -> None:
        super().__init__(f"no rate of {basis.value} for {day.isoformat()}")
        self.basis = basis
        self.day = day


class RateUsed(NamedTuple):
    """``forecast``: the moment has not come, the quote's rate stands in."""

    rate: ConversionRate
    basis: FxBasis
    forecast: bool


class Rates(BaseModel):
    """The rates frozen so far. ``by_day``: those of days of service."""

    model_config = ConfigDict(frozen=True)

    quote: ConversionRate | None = None
    approval: ConversionRate | None = None
    payout: ConversionRate | None = None
    by_day: dict[date, ConversionRate] = {}

    def of(self, basis: FxBasis, day: date) -> ConversionRate | None:
        """The rate of a moment; ``day`` is that of the service."""
        match basis:
            case FxBasis.QUOTE:
                return self.quote
            case FxBasis.APPROVAL:
                return self.approval
            case FxBasis.PAYOUT_DATE:
                return self.payout
            case FxBasis.SERVICE_DATE:
                return self.by_day.get(day)

    def at(self, basis: FxBasis, day: date) -> RateUsed:
        """The rate, or the quote's as a forecast of a later moment. Raises RateMissing."""
        rate = self.of(basis, day)
        if rate is not None:
            return RateUsed(rate, basis, forecast=False)
        if basis in (FxBasis.APPROVAL, FxBasis.PAYOUT_DATE) and self.quote is not None:
            return RateUsed(self.quote, basis, forecast=True)
        raise RateMissing(basis, day)


def charge_rate(plan: PlanAt, rates: Rates, day: date) -> RateUsed:
    """The rate that turns a charge of a day into the plan's currency. Raises RateMissing."""
    return _usable(plan, rates.at(FxBasis(plan.fx_basis), day), day)


def _usable(plan: PlanAt, used: RateUsed, day: date) -> RateUsed:
    """A rate of another currency than the plan counts in is none. Raises RateMissing."""
    if used.rate.currency is not plan.currency:
        raise RateMissing(used.basis, day)
    return used


def payout_basis(plan: PlanAt) -> FxBasis:
    """The moment whose rate turns a benefit into RMB."""
    stated = plan.find(PAYOUT_BASIS)
    return FxBasis(plan.code(PAYOUT_BASIS) if stated else plan.fx_basis)


def benefit_rate(plan: PlanAt, rates: Rates) -> RateUsed:
    """The rate that turns a benefit into RMB, on the plan's first day. Raises RateMissing."""
    return _usable(plan, rates.at(payout_basis(plan), plan.on), plan.on)
