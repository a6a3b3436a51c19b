"""Faults of a bill: sums, signs, line numbers, and services outside the stay (``domain.md`` C8)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from crossclaim.domain.allocation import Fault
from crossclaim.domain.fault_context import Context
from crossclaim.domain.fault_cover import stated_faults
from crossclaim.domain.fault_money import (
    charged_faults,
    currency_faults,
    negative_faults,
    range_faults,
)
from crossclaim.domain.fault_piece import Piece
from crossclaim.domain.fault_sentences import fault
from crossclaim.domain.money import Currency, Money, total
from crossclaim.domain.reference import Reference
from crossclaim.domain.stay import Stay, local_day

MAX_VERSION = 9_999
MAX_LINE_NUMBER = 99_999
MAX_QUANTITY = 1_000_000
MAX_VOUCHER_DOLLARS = 1_000_000


def bill_faults(bill: Piece, reference: Reference, context: Context) -> Iterator[Fault]:
    claimed = bill.money("total")
    currency = claimed.currency if claimed else None
    yield from range_faults(bill, "version", 1, MAX_VERSION)
    yield from range_faults(bill, "own_voucher_dollars", 0, MAX_VOUCHER_DOLLARS)
    yield from negative_faults(bill, "total")
    yield from charged_faults(bill, "total", reference, context)
    if bill.is_empty_list("lines"):
        yield fault("LINES_MISSING", bill.at("lines"))
    yield from _numbering_faults(bill)
    issued_at = bill.moment("issued_at")
    for line in bill.items("lines"):
        yield from _line_money_faults(line, currency)
        yield from _line_day_faults(line, context.stay, local_day(issued_at) if issued_at else None)
    yield from _total_faults(bill)
    yield from stated_faults(bill)


def _numbering_faults(bill: Piece) -> Iterator[Fault]:
    seen: set[int] = set()
    for line in bill.items("lines"):
        yield from range_faults(line, "number", 1, MAX_LINE_NUMBER)
        number = line.whole("number")
        if number is not None and number in seen:
            yield fault("LINE_NUMBER_TWICE", line.at("number"), number=number)
        elif number is not None:
            seen.add(number)


def _line_money_faults(line: Piece, currency: Currency | None) -> Iterator[Fault]:
    yield from negative_faults(line, "unit_price", "amount")
    yield from currency_faults(line, currency, "unit_price", "amount")
    yield from range_faults(line, "quantity", 1, MAX_QUANTITY)
    quantity, unit_price = line.whole("quantity"), line.money("unit_price")
    amount = line.money("amount")
    if quantity is None or unit_price is None or amount is None:
        return
    expected = Money(amount_minor=unit_price.amount_minor * quantity, currency=unit_price.currency)
    if amount.currency is expected.currency and amount != expected:
        yield fault(
            "LINE_AMOUNT",
            line.at("amount"),
            quantity=quantity,
            unit_price=unit_price,
            expected=expected,
            amount=amount,
        )


def _line_day_faults(line: Piece, stay: Stay, issued_on: date | None) -> Iterator[Fault]:
    day = line.day("service_date")
    if day is None:
        return
    pointer = line.at("service_date")
    early = stay.admitted_on is not None and day < stay.admitted_on
    late = stay.discharged_on is not None and day > stay.discharged_on
    if early or late:
        period = f"{stay.admitted_on or ''} – {stay.discharged_on or ''}".strip()
        yield fault("LINE_OUTSIDE_STAY", pointer, day=day, period=period)
    if issued_on is not None and day > issued_on:
        yield fault("LINE_AFTER_BILL", pointer, day=day, issued_on=issued_on)
    if stay.birth_date is not None and day < stay.birth_date:
        yield fault("SERVICE_BEFORE_BIRTH", pointer)


def _total_faults(bill: Piece) -> Iterator[Fault]:
    """Judged when every amount can be read and is in one currency; otherwise those have faults."""
    claimed, lines = bill.money("total"), bill.items("lines")
    amounts = [line.money("amount") for line in lines]
    known = [a for a in amounts if a is not None and claimed and a.currency is claimed.currency]
    if claimed is None or not lines or len(known) != len(amounts):
        return
    expected = total(known, claimed.currency)
    if expected != claimed:
        yield fault("TOTAL_NOT_SUM", bill.at("total"), expected=expected, amount=claimed)
