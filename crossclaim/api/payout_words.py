"""People's words on payouts: release one, take one back, and tell how a contradiction ended."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import Response

from crossclaim.api.access import Requires
from crossclaim.api.entry import take
from crossclaim.api.openapi import documented
from crossclaim.domain.claw_back_finding import ClawBackFinding, ClawBackFindingDecision
from crossclaim.domain.claw_back_write_off import ClawBackWriteOff, ClawBackWriteOffDecision
from crossclaim.domain.payout_word import (
    PayoutApprovalSubmission,
    PayoutFindingDecision,
    PayoutFindingSubmission,
    PayoutRecallSubmission,
)
from crossclaim.domain.submission import SubmissionKind
from crossclaim.security.roles import Operation, Principal

router = APIRouter(tags=["payouts"])


@router.post("/v1/episodes/{episode_id}/payout-approvals", **documented(PayoutApprovalSubmission))
async def approve_payout(
    episode_id: str,
    request: Request,
    principal: Annotated[Principal, Depends(Requires(Operation.APPROVE_PAYOUT))],
) -> Response:
    """Release or refuse a payout above the amount of one person; not with the key that made it."""
    return await take(request, principal, SubmissionKind.PAYOUT_APPROVAL, episode_id)


@router.post("/v1/episodes/{episode_id}/payout-recalls", **documented(PayoutRecallSubmission))
async def recall_payout(
    episode_id: str,
    request: Request,
    principal: Annotated[Principal, Depends(Requires(Operation.RECALL_PAYOUT))],
) -> Response:
    """Take a payout back before it is settled: cancelled here, or asked of the bank."""
    return await take(request, principal, SubmissionKind.PAYOUT_RECALL, episode_id)


@router.post("/v1/episodes/{episode_id}/payout-findings", **documented(PayoutFindingSubmission))
async def propose_payout_finding(
    episode_id: str,
    request: Request,
    principal: Annotated[Principal, Depends(Requires(Operation.PROPOSE_PAYOUT_FINDING))],
) -> Response:
    """Tell what was found out about a payout that the bank both made and refused."""
    return await take(request, principal, SubmissionKind.PAYOUT_FINDING, episode_id)


@router.post(
    "/v1/episodes/{episode_id}/payout-finding-decisions", **documented(PayoutFindingDecision)
)
async def decide_payout_finding(
    episode_id: str,
    request: Request,
    principal: Annotated[Principal, Depends(Requires(Operation.DECIDE_PAYOUT_FINDING))],
) -> Response:
    """Confirm or refuse a finding; not with the key that proposed it."""
    return await take(request, principal, SubmissionKind.PAYOUT_FINDING_DECISION, episode_id)


@router.post("/v1/episodes/{episode_id}/claw-back-write-offs", **documented(ClawBackWriteOff))
async def propose_write_off(
    episode_id: str,
    request: Request,
    principal: Annotated[Principal, Depends(Requires(Operation.PROPOSE_WRITE_OFF))],
) -> Response:
    """Propose that nobody is asked any more for what was paid twice, and say why."""
    return await take(request, principal, SubmissionKind.WRITE_OFF, episode_id)


@router.post(
    "/v1/episodes/{episode_id}/claw-back-write-off-decisions",
    **documented(ClawBackWriteOffDecision),
)
async def decide_write_off(
    episode_id: str,
    request: Request,
    principal: Annotated[Principal, Depends(Requires(Operation.DECIDE_WRITE_OFF))],
) -> Response:
    """Agree to a write-off or refuse it; not with the key that proposed it."""
    return await take(request, principal, SubmissionKind.WRITE_OFF_DECISION, episode_id)


@router.post("/v1/episodes/{episode_id}/claw-back-findings", **documented(ClawBackFinding))
async def propose_claw_back_finding(
    episode_id: str,
    request: Request,
    principal: Annotated[Principal, Depends(Requires(Operation.PROPOSE_CLAW_BACK_FINDING))],
) -> Response:
    """Tell how it ended that money of yours came back twice: from the payee and from the bank."""
    return await take(request, principal, SubmissionKind.CLAW_BACK_FINDING, episode_id)


@router.post(
    "/v1/episodes/{episode_id}/claw-back-finding-decisions",
    **documented(ClawBackFindingDecision),
)
async def decide_claw_back_finding(
    episode_id: str,
    request: Request,
    principal: Annotated[Principal, Depends(Requires(Operation.DECIDE_CLAW_BACK_FINDING))],
) -> Response:
    """Confirm or refuse what was found; not with the key that told it."""
    return await take(request, principal, SubmissionKind.CLAW_BACK_FINDING_DECISION, episode_id)
