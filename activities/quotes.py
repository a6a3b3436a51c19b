"""Exchange rates of the reference data, as rules take them: with their source and moment."""

from __future__ import annotations

from datetime import date, datetime, tzinfo

from crossclaim.domain.money import ConversionRate, Currency
from crossclaim.domain.reference import Reference
from crossclaim.domain.stay import local_day


def quoted_rate(reference: Reference, at: datetime) -> ConversionRate | None:
    """CNY per HKD on the day of a quote (``fx_basis: quote``), from the reference's rates."""
    return rate_of_day(reference, local_day(at), at.tzinfo)


def rate_of_day(reference: Reference, day: date, zone: tzinfo | None) -> ConversionRate | None:
    """CNY per HKD that holds on a day; None when no rate is known for it yet."""
    row = reference.exchange_rate(Currency.HKD, Currency.CNY, day)
    if row is None:
        return None
    moment = datetime(row.as_of.year, row.as_of.month, row.as_of.day, tzinfo=zone)
    return ConversionRate(cny_per_hkd=row.rate, source=row.source, as_of=moment)
