"""Faults of record requests and deposits that need nothing but the submission and its context."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from crossclaim.domain.allocation import Fault
from crossclaim.domain.fault_context import Context
from crossclaim.domain.fault_piece import Piece
from crossclaim.domain.record_faults import record_fault
from crossclaim.domain.record_submission import HOSPITAL_AUTHORITY
from crossclaim.domain.reference import Reference

CLOCKS_APART = timedelta(minutes=5)
"""The most by which a hospital's clock may be ahead of ours."""


def request_faults(request: Piece, reference: Reference, context: Context) -> Iterator[Fault]:
    codes = [n for n in ("application_code", "password_code") if request.has(n)]
    if request.code("system") == HOSPITAL_AUTHORITY:
        for name in codes:
            yield record_fault("RECORD_CODES_NOT_WANTED", request.at(name))
    else:
        for name in ("application_code", "password_code"):
            if name not in codes:
                yield record_fault("RECORD_CODES_MISSING", request.at(name))
        shown = request.text("application_code")
        if shown is not None and shown == request.text("password_code"):
            yield record_fault("RECORD_CODES_ALIKE", request.at("password_code"))
    sections = request.member("sections").value
    if isinstance(sections, list) and (not sections or _twice(sections)):
        yield record_fault("RECORD_SECTION_MISSING", request.at("sections"))
    yield from _ahead(request, "requested_at", context)


def deposit_faults(deposit: Piece, reference: Reference, context: Context) -> Iterator[Fault]:
    named = [item.text("sha256") for item in deposit.items("items")]
    if deposit.is_empty_list("items") or _twice(named):
        yield record_fault("DEPOSIT_ITEMS_MISSING", deposit.at("items"))
    yield from _ahead(deposit, "stated_at", context)


def _twice(values: list[object] | list[str | None]) -> bool:
    texts = [repr(value) for value in values]
    return len(set(texts)) < len(texts)


def _ahead(piece: Piece, name: str, context: Context) -> Iterator[Fault]:
    moment = piece.moment(name)
    if moment is not None and moment > context.received_at + CLOCKS_APART:
        yield record_fault("RECORD_TIME_AHEAD", piece.at(name))
