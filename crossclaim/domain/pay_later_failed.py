"""A split whose charge after care has failed for good: what it named falls to the patient. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from crossclaim.domain.allocation import AllocationResult, FunderTotal, Share, share_of
from crossclaim.domain.money import Money, fen
from crossclaim.domain.pay_later import Tender
from crossclaim.domain.submission import FunderKind

FAILED = "PAY_LATER_REFUSED"
_FUNDER = {
    Tender.ACCOUNT: FunderKind.PERSONAL_ACCOUNT,
    Tender.CREDIT: FunderKind.PAY_LATER,
}
"""The bound card's part stands with the patient already."""


def laid_on_patient(
    result: AllocationResult, parts: Mapping[Tender, Money]
) -> AllocationResult | None:
    """The split without what was to be charged; every other part stays. None: nothing moves."""
    moved = {_FUNDER[t]: amount for t, amount in parts.items() if t in _FUNDER}
    left = {funder: amount.amount_minor for funder, amount in moved.items()}
    if not any(left.values()):
        return None
    totals = _less(list(result.totals), dict(left))
    shares, by_line = _taken(result.shares, dict(left))
    return result.model_copy(
        update={
            "totals": [_more(t, sum(left.values())) for t in totals],
            "shares": _given(shares, by_line),
        }
    )


def _less(totals: list[FunderTotal], left: dict[FunderKind, int]) -> list[FunderTotal]:
    """From the last of a funder's parts: what the bureau takes itself stands before."""
    for place in reversed(range(len(totals))):
        one = totals[place]
        part = min(left.get(one.funder, 0), one.amount.amount_minor)
        if part:
            left[one.funder] -= part
            totals[place] = one.model_copy(update={"amount": one.amount - fen(part)})
    return totals


def _taken(shares: list[Share], left: dict[FunderKind, int]) -> tuple[list[Share], dict[int, int]]:
    by_line: dict[int, int] = {}
    changed = []
    for share in reversed(shares):
        part = min(left.get(share.funder, 0), share.amount.amount_minor)
        if part:
            left[share.funder] -= part
            by_line[share.line] = by_line.get(share.line, 0) + part
            share = share.model_copy(update={"amount": share.amount - fen(part)})
        changed.append(share)
    return changed[::-1], by_line


def _given(shares: list[Share], by_line: dict[int, int]) -> list[Share]:
    known = {s.line for s in shares if s.funder is FunderKind.PATIENT}
    more = [share_of(line, FunderKind.PATIENT, fen(0)) for line in by_line if line not in known]
    found = []
    for share in sorted([*shares, *more], key=lambda one: one.line):
        if share.funder is FunderKind.PATIENT and by_line.get(share.line):
            amount = share.amount + fen(by_line.pop(share.line))
            update = {"amount": amount, "reasons": [*share.reasons, FAILED]}
            share = share.model_copy(update=update)
        found.append(share)
    return found


def _more(total: FunderTotal, amount: int) -> FunderTotal:
    if total.funder is not FunderKind.PATIENT:
        return total
    return total.model_copy(update={"amount": total.amount + fen(amount)})
