"""Exchange rates of the reference data, as rules take them: with their source and moment."""

from __future__ import annotations

from datetime import date, datetime

from crossclaim.domain.money import ConversionRate, Currency
from crossclaim.domain.reference import Reference
from crossclaim.domain.stay import REGION_ZONE, local_day


def quoted_rate(
    reference: Reference, at: datetime | date, insurer: str | None = None
) -> ConversionRate | None:
    """CNY per HKD on the day of a quote, service, approval or payout, by the reference."""
    day = local_day(at) if isinstance(at, datetime) else at
    row = reference.exchange_rate(Currency.HKD, Currency.CNY, day, insurer)
    if row is None:
        return None
    zone = at.tzinfo if isinstance(at, datetime) else REGION_ZONE
    moment = datetime(row.as_of.year, row.as_of.month, row.as_of.day, tzinfo=zone)
    return ConversionRate(cny_per_hkd=row.rate, source=row.source, as_of=moment)
