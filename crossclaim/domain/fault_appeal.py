"""Faults of meaning of an appeal, of the word on it, and of an insurer's changed decision.

What the claim, its bill and its earlier deciders make wrong of it the episode's own rows tell.
"""

from __future__ import annotations

from collections.abc import Iterator

from crossclaim.domain.allocation import Fault
from crossclaim.domain.fault_context import Context
from crossclaim.domain.fault_money import negative_faults
from crossclaim.domain.fault_piece import Piece
from crossclaim.domain.reference import Reference


def appeal_faults(appeal: Piece, reference: Reference, context: Context) -> Iterator[Fault]:
    yield from ()


def appeal_decision_faults(
    decision: Piece, reference: Reference, context: Context
) -> Iterator[Fault]:
    yield from ()


def changed_decision_faults(
    decision: Piece, reference: Reference, context: Context
) -> Iterator[Fault]:
    yield from negative_faults(decision, "benefit")
