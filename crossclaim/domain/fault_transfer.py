"""Faults of a hand-over record that need no more than what is known of institutions."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from crossclaim.domain.allocation import Fault
from crossclaim.domain.fault_context import Context
from crossclaim.domain.fault_piece import Piece
from crossclaim.domain.fault_sentences import fault
from crossclaim.domain.reference import Reference

CLOCKS_APART = timedelta(minutes=5)
"""The most by which a hospital's clock may be ahead of ours."""


def hand_over_faults(record: Piece, reference: Reference, context: Context) -> Iterator[Fault]:
    yield from _institution_faults(record, reference, context)
    departed, handed_over = record.moment("departed_at"), record.moment("handed_over_at")
    if departed is not None and handed_over is not None and handed_over < departed:
        yield fault("TRANSFER_TIMES", record.at("handed_over_at"))
    if handed_over is not None and handed_over > context.received_at + CLOCKS_APART:
        yield fault("TRANSFER_TIME_AHEAD", record.at("handed_over_at"))
    crew = [(m.text("institution"), m.text("staff")) for m in record.items("crew")]
    if record.is_empty_list("crew") or len(set(crew)) < len(crew):
        yield fault("TRANSFER_CREW_MISSING", record.at("crew"))


def _institution_faults(record: Piece, reference: Reference, context: Context) -> Iterator[Fault]:
    sides = [record.member("handed_over_by"), record.member("taken_over_by")]
    names = [side.code("institution") for side in sides]
    regions = [reference.region_of(name) if name else None for name in names]
    for side, name, region in zip(sides, names, regions, strict=True):
        if name is not None and region is None:
            pointer = side.at("institution")
            yield fault("TRANSFER_INSTITUTION_UNKNOWN", pointer, institution=name)
    if None in names:
        return
    if names[0] == names[1]:
        yield fault("TRANSFER_SAME_INSTITUTION", sides[1].at("institution"))
    elif None not in regions and regions[0] == regions[1]:
        yield fault("TRANSFER_NOT_ACROSS", sides[1].at("institution"))
    if context.hospital is not None and context.hospital not in names:
        yield fault("TRANSFER_NOT_OURS", sides[0].at("institution"))
