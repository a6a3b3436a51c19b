"""Faults of what is sent about letters of guarantee, as far as the message itself shows them."""

from __future__ import annotations

from collections.abc import Iterator

from crossclaim.domain.allocation import Fault
from crossclaim.domain.fault_context import Context
from crossclaim.domain.fault_money import negative_faults
from crossclaim.domain.fault_piece import Piece
from crossclaim.domain.fault_sentences import fault
from crossclaim.domain.money import Currency
from crossclaim.domain.reference import Reference


def guarantee_request_faults(
    request: Piece, reference: Reference, context: Context
) -> Iterator[Fault]:
    insurer = request.code("insurer")
    if insurer is not None and reference.insurer(insurer) is None:
        yield fault("INSURER_UNKNOWN", request.at("insurer"), insurer=insurer)
    planned = request.money("planned_amount")
    if planned is not None and planned.currency is not Currency.CNY:
        place = request.member("planned_amount").at("currency")
        words = {"currency": planned.currency.value, "allowed": Currency.CNY.value}
        yield fault("CURRENCY_NOT_CHARGED", place, **words)
    elif planned is not None and planned.amount_minor <= 0:
        yield fault("GUARANTEE_FOR_NOTHING", request.at("planned_amount"))
    if planned is None and request.day("valid_until") is None:
        yield fault("GUARANTEE_ASKS_NOTHING", "")
    asked = request.moment("requested_at")
    if asked is not None and asked > context.received_at:
        yield fault("GUARANTEE_ASKED_TOMORROW", request.at("requested_at"))


def guarantee_decision_faults(
    decision: Piece, reference: Reference, context: Context
) -> Iterator[Fault]:
    yield from negative_faults(decision, "limit")
    if decision.member("approved").value is False and decision.code("reason") is None:
        yield fault("GUARANTEE_REASON_MISSING", decision.at("reason"))


def guarantee_withdrawal_faults(
    withdrawal: Piece, reference: Reference, context: Context
) -> Iterator[Fault]:
    """Whether there is such a letter the episode's own rows tell."""
    yield from ()
