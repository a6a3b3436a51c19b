"""Faults of information requests and their answers that need no row of the episode."""

from __future__ import annotations

from collections.abc import Iterator

from crossclaim.domain.allocation import Fault
from crossclaim.domain.fault_context import Context
from crossclaim.domain.fault_money import range_faults
from crossclaim.domain.fault_piece import Piece
from crossclaim.domain.fault_sentences import fault
from crossclaim.domain.reference import Reference

_MOST_ITEMS = 999


def information_request_faults(
    request: Piece, reference: Reference, context: Context
) -> Iterator[Fault]:
    if request.has("claim") == request.has("guarantee"):
        yield fault("INFORMATION_ONE_SUBJECT", request.pointer)
    yield from information_wanted_faults(request)


def information_wanted_faults(wanted: Piece) -> Iterator[Fault]:
    if wanted.is_empty_list("documents"):
        yield fault("INFORMATION_NOTHING_WANTED", wanted.at("documents"))


def information_change_faults(
    change: Piece, reference: Reference, context: Context
) -> Iterator[Fault]:
    withdrawn = isinstance(change.value, dict) and change.value.get("withdrawn") is True
    if change.has("due_at") == withdrawn:
        yield fault("INFORMATION_ONE_CHANGE", change.pointer)


def information_answer_faults(
    answer: Piece, reference: Reference, context: Context
) -> Iterator[Fault]:
    yield from range_faults(answer, "item", 1, _MOST_ITEMS)
    if answer.has("sha256") == answer.has("cannot_be_had"):
        yield fault("INFORMATION_ONE_ANSWER", answer.pointer)
