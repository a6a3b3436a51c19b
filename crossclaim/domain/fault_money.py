"""Faults that any amount or count may have: negative, of another currency, out of range."""

from __future__ import annotations

from collections.abc import Iterator

from crossclaim.domain.allocation import Fault
from crossclaim.domain.fault_context import Context
from crossclaim.domain.fault_piece import Piece
from crossclaim.domain.fault_sentences import fault
from crossclaim.domain.money import Currency
from crossclaim.domain.reference import Reference


def negative_faults(piece: Piece, *members: str) -> Iterator[Fault]:
    for member in members:
        amount = piece.money(member)
        if amount is not None and amount.amount_minor < 0:
            yield fault("AMOUNT_NEGATIVE", piece.at(member))


def currency_faults(piece: Piece, expected: Currency | None, *members: str) -> Iterator[Fault]:
    """Amounts that are not in the currency of the whole."""
    for member in members:
        amount = piece.money(member)
        if expected is not None and amount is not None and amount.currency is not expected:
            yield fault(
                "CURRENCY_MIXED",
                piece.member(member).at("currency"),
                currency=amount.currency.value,
                expected=expected.value,
            )


def charged_faults(
    piece: Piece, member: str, reference: Reference, context: Context
) -> Iterator[Fault]:
    """An amount in a currency that the hospital of the stay does not charge in."""
    amount = piece.money(member)
    hospital = reference.hospital(context.stay.hospital) if context.stay.hospital else None
    if amount is None or hospital is None or amount.currency in hospital.currencies:
        return
    yield fault(
        "CURRENCY_NOT_CHARGED",
        piece.member(member).at("currency"),
        currency=amount.currency.value,
        allowed=", ".join(currency.value for currency in hospital.currencies),
    )


def range_faults(piece: Piece, member: str, low: int, high: int) -> Iterator[Fault]:
    number = piece.whole(member)
    if number is not None and not low <= number <= high:
        yield fault("NUMBER_OUT_OF_RANGE", piece.at(member), low=low, high=high)
