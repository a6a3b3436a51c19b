"""An insurer's remittance advice to a hospital, held against the payouts that it is about. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Annotated

from pydantic import Field

from crossclaim.domain.allocation import Fault
from crossclaim.domain.bank_days import BANK_ZONE
from crossclaim.domain.match_order import fault
from crossclaim.domain.matching import Expected, Known, Matching, Stated, match_entries
from crossclaim.domain.money import Money
from crossclaim.domain.submission import Code, Text, Wire

MOST_LINES = 5000


class RemittanceLine(Wire):
    """``reference``: of the payout, or of the claim, ours or the insurer's number of it."""

    reference: Text
    amount: Money


class RemittanceOrder(Wire):
    """One payment to a hospital and everything that is in it."""

    number: Code
    hospital: Code
    paid_on: date
    total: Money
    lines: Annotated[list[RemittanceLine], Field(min_length=1, max_length=MOST_LINES)]

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()


def remittance_faults(order: RemittanceOrder) -> list[Fault]:
    currencies = {line.amount.currency for line in order.lines} | {order.total.currency}
    if len(currencies) > 1:
        return [fault("REMITTANCE_CURRENCIES", "/lines")]
    told = sum(line.amount.amount_minor for line in order.lines)
    if told != order.total.amount_minor:
        return [fault("REMITTANCE_SUMS", "/total")]
    return []


def match_remittance(
    order: RemittanceOrder,
    ours: Sequence[Expected],
    names: Mapping[str, str],
    settled: frozenset[str],
) -> Matching:
    """``names``: what a line may call a payout → the payout's reference. ``settled``: references
    that an earlier remittance has told."""
    lines = [
        Stated(
            place,
            "credit",
            line.amount.amount_minor,
            line.amount.currency.value,
            order.paid_on,
            names.get(line.reference, line.reference),
        )
        for place, line in enumerate(order.lines, start=1)
    ]
    open_ = [replace(one, direction="credit") for one in ours if one.reference not in settled]
    known = Known(settled=frozenset(("credit", reference) for reference in settled))
    day_after = datetime.combine(order.paid_on + timedelta(days=1), time.min, BANK_ZONE)
    return match_entries(open_, lines, known, day_after)
