"""A bill's split without an insurer that a withdrawn consent has ended: the patient has its part.

What every other funder carries stays to the fen, other insurers' parts too.
"""

from __future__ import annotations

from collections.abc import Sequence

from crossclaim.domain.allocation import (
    AllocationResult,
    FunderTotal,
    Share,
    TraceStep,
    share_of,
)
from crossclaim.domain.insurer_turns import insurers_parts
from crossclaim.domain.money import Money, fen
from crossclaim.domain.submission import FunderKind
from crossclaim.domain.withdrawal_rows import CONSENT_WITHDRAWN


def carries(result: AllocationResult, organisation: str) -> bool:
    """The insurer stands in the split, for the hospital or for the patient later."""
    direct, later = result.insurer(organisation), result.later_of(organisation)
    return direct is not None or later is not None


def without_insurer(
    result: AllocationResult, organisation: str, why: Sequence[TraceStep]
) -> AllocationResult:
    """The same split with the insurer's part laid on the patient, line by line."""
    if not carries(result, organisation):
        return result
    direct = result.insurer(organisation)
    gone = direct.amount if direct is not None else fen(0)
    later = [t for t in result.later if t.organisation != organisation]
    left = result.model_copy(
        update={
            "shares": _shares(result, organisation),
            "totals": _totals(result, organisation, gone),
            "later_reimbursement": later[0] if later else None,
            "further_reimbursements": later[1:],
            "covers": [c for c in result.covers if c.organisation != organisation],
            "trace": [*result.trace, *why],
        }
    )
    if insurers_parts(left):
        return left
    return left.model_copy(update={"direct_limit": None, "cover_use": {}})


def _is_its(share: Share, organisation: str) -> bool:
    return share.funder is FunderKind.INSURER and share.organisation == organisation


def _shares(result: AllocationResult, organisation: str) -> list[Share]:
    gone: dict[int, int] = {}
    for share in result.shares:
        if _is_its(share, organisation):
            gone[share.line] = gone.get(share.line, 0) + share.amount.amount_minor
    shares: list[Share] = []
    for share in result.shares:
        if _is_its(share, organisation):
            continue
        if share.funder is FunderKind.PATIENT and (more := gone.pop(share.line, None)):
            amount, reasons = share.amount + fen(more), [*share.reasons, CONSENT_WITHDRAWN]
            share = share.model_copy(update={"amount": amount, "reasons": reasons})
        shares.append(share)
    # Lines of which the patient had nothing until now.
    shares += [
        share_of(line, FunderKind.PATIENT, fen(more), reasons=[CONSENT_WITHDRAWN])
        for line, more in gone.items()
    ]
    return sorted(shares, key=lambda share: share.line)


def _totals(result: AllocationResult, organisation: str, gone: Money) -> list[FunderTotal]:
    kept = [
        t
        for t in result.totals
        if t.funder is not FunderKind.PATIENT
        and not (t.funder is FunderKind.INSURER and t.organisation == organisation)
    ]
    patient = result.of(FunderKind.PATIENT) + gone
    return [*kept, FunderTotal(funder=FunderKind.PATIENT, amount=patient)]
