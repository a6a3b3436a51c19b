"""Tenders: the patient accepts the split of a bill and pays his share."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import Response

from crossclaim.api.access import Requires
from crossclaim.api.entry import take
from crossclaim.api.openapi import documented
from crossclaim.domain.submission import SubmissionKind, TenderSubmission
from crossclaim.security.roles import Operation, Principal

router = APIRouter(tags=["tenders"])


@router.post("/v1/episodes/{episode_id}/tenders", **documented(TenderSubmission))
async def record_tender(
    episode_id: str,
    request: Request,
    principal: Annotated[Principal, Depends(Requires(Operation.RECORD_TENDER))],
) -> Response:
    """Record how the patient pays his share of a bill version."""
    return await take(request, principal, SubmissionKind.TENDER, episode_id)
