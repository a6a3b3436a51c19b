"""The decision of an insurer that decides here: our adjudication of the bill is its word."""

from __future__ import annotations

from datetime import datetime

from crossclaim.domain.party import AnswerState, ClaimAnswer
from crossclaim.domain.records import ClaimRow, EpisodeRows
from crossclaim.domain.submission import FunderKind


def rules_answer(rows: EpisodeRows, claim: ClaimRow, at: datetime) -> ClaimAnswer:
    return ClaimAnswer(
        reference=claim.reference,
        state=_decided_here(rows, claim),
        claim_number=claim.reference,
        benefit=claim.counted(claim.forecast_minor),
        disposition="DECIDED_HERE",
        decided_at=at,
    )


def _decided_here(rows: EpisodeRows, claim: ClaimRow) -> AnswerState:
    """As an insurer would say it: partial when some line is cut for a reason."""
    if not claim.forecast_minor:
        return AnswerState.DENIED
    allocation = rows.allocation(claim.bill_id)
    shares = allocation.result.shares if allocation else []
    own = [s for s in shares if s.organisation == claim.organisation_id]
    cut = any(s.reasons for s in own if s.funder is FunderKind.INSURER)
    return AnswerState.PARTIAL if cut else AnswerState.APPROVED
