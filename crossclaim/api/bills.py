"""Bills: versions of charges, each split across the funders while the patient waits."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import Response

from crossclaim.api.access import Requires
from crossclaim.api.entry import check, take
from crossclaim.api.openapi import documented, documented_check
from crossclaim.domain.submission import BillSubmission, SubmissionKind
from crossclaim.security.roles import Operation, Principal

router = APIRouter(tags=["bills"])


@router.post("/v1/episodes/{episode_id}/bills", **documented(BillSubmission))
async def submit_bill(
    episode_id: str,
    request: Request,
    principal: Annotated[Principal, Depends(Requires(Operation.SUBMIT_BILL))],
) -> Response:
    """Submit a bill, or a new version of one; the answer is its split across the funders."""
    return await take(request, principal, SubmissionKind.BILL, episode_id)


@router.post("/v1/episodes/{episode_id}/bill-checks", **documented_check(BillSubmission))
async def check_bill(
    episode_id: str,
    request: Request,
    principal: Annotated[Principal, Depends(Requires(Operation.SUBMIT_BILL))],
) -> Response:
    """Judge the form of a bill and keep nothing: who pays what is told when it is submitted."""
    return await check(request, principal, SubmissionKind.BILL, episode_id)
