"""Faults of a cover that is stated after the episode was opened."""

from __future__ import annotations

from collections.abc import Iterator

from crossclaim.domain.allocation import Fault
from crossclaim.domain.fault_consent import given_faults
from crossclaim.domain.fault_context import Context
from crossclaim.domain.fault_cover import cover_faults
from crossclaim.domain.fault_episode import insurer_faults
from crossclaim.domain.fault_piece import Piece
from crossclaim.domain.fault_sentences import fault
from crossclaim.domain.fault_shape import unknown_choice
from crossclaim.domain.reference import Reference
from crossclaim.domain.submission import FunderKind

LATE_FUNDERS = (FunderKind.INSURER, FunderKind.PAY_LATER, FunderKind.VOUCHER)
"""Basic insurance is told of a stay when it begins; the patient always pays."""


def coverage_faults(asked: Piece, reference: Reference, context: Context) -> Iterator[Fault]:
    coverage = asked.member("coverage")
    funder = coverage.choice("funder", FunderKind)
    known = [f for f in LATE_FUNDERS if f in reference.funders]
    if funder is not None and funder not in known:
        yield unknown_choice("FUNDER_UNKNOWN", coverage.at("funder"), [*known])
    if funder is FunderKind.PAY_LATER and not coverage.has("pay_later"):
        yield fault("PAY_LATER_ACCOUNT_MISSING", coverage.at("pay_later"))
    if funder is FunderKind.INSURER:
        yield from insurer_faults(coverage, reference)
        yield from cover_faults(coverage)
    for consent in asked.items("consents"):
        yield from given_faults(consent, reference)
