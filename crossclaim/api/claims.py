"""Claims with papers: an insurer sends what its member has paid, and has it judged and paid out."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import Response

from crossclaim.api.access import Requires
from crossclaim.api.entry import check, take
from crossclaim.api.openapi import documented, documented_check
from crossclaim.domain.paper_claim import PaperClaimSubmission
from crossclaim.domain.submission import SubmissionKind
from crossclaim.security.roles import Operation, Principal

router = APIRouter(tags=["claims"])


@router.post("/v1/claims", **documented(PaperClaimSubmission))
async def submit_claim(
    request: Request,
    principal: Annotated[Principal, Depends(Requires(Operation.SUBMIT_CLAIM))],
) -> Response:
    """Claim for bills that a member has paid; the answer is what the plan pays of each, and why."""
    return await take(request, principal, SubmissionKind.PAPER_CLAIM)


@router.post("/v1/claim-checks", **documented_check(PaperClaimSubmission))
async def check_claim(
    request: Request,
    principal: Annotated[Principal, Depends(Requires(Operation.SUBMIT_CLAIM))],
) -> Response:
    """Judge the form of a claim and keep nothing: what the plan pays is told when it is claimed."""
    return await check(request, principal, SubmissionKind.PAPER_CLAIM)
