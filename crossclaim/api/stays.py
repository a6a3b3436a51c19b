"""Stays: admission and discharge."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import Response

from crossclaim.api.access import Requires
from crossclaim.api.entry import take
from crossclaim.api.openapi import documented
from crossclaim.domain.submission import AdmissionSubmission, DischargeSubmission, SubmissionKind
from crossclaim.security.roles import Operation, Principal

router = APIRouter(tags=["stays"])


@router.post("/v1/episodes/{episode_id}/admission", **documented(AdmissionSubmission))
async def record_admission(
    episode_id: str,
    request: Request,
    principal: Annotated[Principal, Depends(Requires(Operation.RECORD_ADMISSION))],
) -> Response:
    """Record the admission."""
    return await take(request, principal, SubmissionKind.ADMISSION, episode_id)


@router.post("/v1/episodes/{episode_id}/discharge", **documented(DischargeSubmission))
async def record_discharge(
    episode_id: str,
    request: Request,
    principal: Annotated[Principal, Depends(Requires(Operation.RECORD_DISCHARGE))],
) -> Response:
    """Record the discharge."""
    return await take(request, principal, SubmissionKind.DISCHARGE, episode_id)
