"""Payees' accounts: another one for a payout that came back, proposed and decided by two."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import Response

from crossclaim.api.access import Requires
from crossclaim.api.entry import take
from crossclaim.api.openapi import documented
from crossclaim.domain.payee_account import PayeeAccountSubmission, PayeeDecisionSubmission
from crossclaim.domain.submission import SubmissionKind
from crossclaim.security.roles import Operation, Principal

router = APIRouter(tags=["payee accounts"])


@router.post("/v1/episodes/{episode_id}/payee-accounts", **documented(PayeeAccountSubmission))
async def propose_payee_account(
    episode_id: str,
    request: Request,
    principal: Annotated[Principal, Depends(Requires(Operation.PROPOSE_PAYEE_ACCOUNT))],
) -> Response:
    """Propose another account for a payout that was rejected or returned."""
    return await take(request, principal, SubmissionKind.PAYEE_ACCOUNT, episode_id)


@router.post("/v1/episodes/{episode_id}/payee-decisions", **documented(PayeeDecisionSubmission))
async def decide_payee_account(
    episode_id: str,
    request: Request,
    principal: Annotated[Principal, Depends(Requires(Operation.DECIDE_PAYEE_ACCOUNT))],
) -> Response:
    """Approve or refuse a proposed account; not with the key that proposed it."""
    return await take(request, principal, SubmissionKind.PAYEE_DECISION, episode_id)
