"""Reimbursements: the patient asks the insurer for what he paid beyond the guarantee."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import Response

from crossclaim.api.access import Requires
from crossclaim.api.entry import take
from crossclaim.api.openapi import documented
from crossclaim.domain.submission import ReimbursementSubmission, SubmissionKind
from crossclaim.security.roles import Operation, Principal

router = APIRouter(tags=["reimbursements"])


@router.post("/v1/episodes/{episode_id}/reimbursements", **documented(ReimbursementSubmission))
async def request_reimbursement(
    episode_id: str,
    request: Request,
    principal: Annotated[Principal, Depends(Requires(Operation.REQUEST_REIMBURSEMENT))],
) -> Response:
    """Ask for what the patient paid and his insurer owes him."""
    return await take(request, principal, SubmissionKind.REIMBURSEMENT, episode_id)
