"""Faults of what is sent about a pay-after-care account: the holder, his papers, cards, amounts."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from crossclaim.domain.allocation import Fault
from crossclaim.domain.fault_context import Context
from crossclaim.domain.fault_money import currency_faults, negative_faults
from crossclaim.domain.fault_piece import Piece
from crossclaim.domain.fault_sentences import fault
from crossclaim.domain.identity import mainland_id_defect, payee_account_defect
from crossclaim.domain.money import Currency
from crossclaim.domain.reference import Reference
from crossclaim.domain.submission import DocumentType


def sign_up_faults(sign_up: Piece, reference: Reference, context: Context) -> Iterator[Fault]:
    yield from _holder_faults(sign_up.member("holder"), context)
    yield from _order_faults(sign_up)
    yield from card_faults(sign_up, reference, context)
    if not sign_up.has("card_number") and not sign_up.has("credit"):
        yield fault("SIGN_UP_WITHOUT_MEANS", sign_up.at("card_number"))
    yield from application_shape_faults(sign_up, reference, context)


def _holder_faults(holder: Piece, context: Context) -> Iterator[Fault]:
    born = holder.day("birth_date")
    if born is not None and born > context.today:
        yield fault("BIRTH_DATE_FUTURE", holder.at("birth_date"))
    name = holder.member("name")
    if isinstance(name.value, dict) and not (name.has("zh") or name.has("en")):
        yield fault("NAME_MISSING", name.pointer)
    document = holder.member("document")
    kind, number = document.choice("type", DocumentType), document.text("number")
    if kind is not None and kind is not DocumentType.MAINLAND_ID:
        yield fault("HOLDER_DOCUMENT_TYPE", document.at("type"))
    elif kind is not None and number is not None:
        defect = mainland_id_defect(number, context.today)
        if defect is not None:
            yield fault(f"MAINLAND_ID_{defect.value}", document.at("number"))
        elif born is not None and number[6:14] != f"{born:%Y%m%d}":
            yield fault("HOLDER_BIRTH_DATE", holder.at("birth_date"))


def _order_faults(sign_up: Piece) -> Iterator[Fault]:
    """授权开通 → 确认个人信息 → 人脸识别."""
    steps = ["authorised_at", "details_confirmed_at", "face_checked_at"]
    moments = [(step, sign_up.moment(step)) for step in steps]
    known = [(step, moment) for step, moment in moments if moment is not None]
    for (_, before), (step, after) in itertools.pairwise(known):
        if after < before:
            yield fault("SIGN_UP_ORDER", sign_up.at(step))


def card_faults(piece: Piece, reference: Reference, context: Context) -> Iterator[Fault]:
    number = piece.text("card_number")
    defect = payee_account_defect(number) if number is not None else None
    if defect is not None:
        yield fault(f"ACCOUNT_NUMBER_{defect.value}", piece.at("card_number"))


def application_shape_faults(
    piece: Piece, reference: Reference, context: Context
) -> Iterator[Fault]:
    credit = piece.member("credit")
    yield from negative_faults(credit, "amount")
    yield from currency_faults(credit, Currency.CNY, "amount")


def repayment_faults(repayment: Piece, reference: Reference, context: Context) -> Iterator[Fault]:
    yield from currency_faults(repayment, Currency.CNY, "amount")
    amount = repayment.money("amount")
    if amount is not None and amount.amount_minor <= 0:
        yield fault("REPAYMENT_OF_NOTHING", repayment.at("amount"))


def no_more_faults(piece: Piece, reference: Reference, context: Context) -> Iterator[Fault]:
    """The shape says all; the rest depends on where the account stands."""
    yield from ()
