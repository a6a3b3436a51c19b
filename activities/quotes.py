"""Exchange rates of the reference data, as rules take them: with their source and moment."""

from __future__ import annotations

from datetime import date, datetime

from crossclaim.domain.money import ConversionRate, Currency
from crossclaim.domain.plan import PlanSet
from crossclaim.domain.reference import Reference
from crossclaim.domain.stay import REGION_ZONE, local_day


def quoted_rate(
    reference: Reference,
    at: datetime | date,
    insurer: str | None = None,
    currency: Currency = Currency.HKD,
) -> ConversionRate | None:
    """CNY for one unit of what a plan counts in, by the reference of the day of a quote, service,
    approval or payout."""
    day = local_day(at) if isinstance(at, datetime) else at
    row = reference.exchange_rate(currency, Currency.CNY, day, insurer)
    if row is None:
        return None
    zone = at.tzinfo if isinstance(at, datetime) else REGION_ZONE
    moment = datetime(row.as_of.year, row.as_of.month, row.as_of.day, tzinfo=zone)
    return ConversionRate(
        cny_per_hkd=row.rate,
        source=row.source,
        as_of=moment,
        currency=currency,
        fixed_by=row.fixed_by or "",
    )


def counts_in(plans: PlanSet, plan: str | None) -> Currency:
    """What an insurer's plan counts in; a plan that is not there is asked for elsewhere."""
    found = plans.find(plan or "")
    return Currency.HKD if found is None else found.currency
