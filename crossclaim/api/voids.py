"""Voids: a bill version is taken back."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import Response

from crossclaim.api.access import Requires
from crossclaim.api.entry import take
from crossclaim.api.openapi import documented
from crossclaim.domain.submission import SubmissionKind, VoidSubmission
from crossclaim.security.roles import Operation, Principal

router = APIRouter(tags=["voids"])


@router.post("/v1/episodes/{episode_id}/voids", **documented(VoidSubmission))
async def void_bill(
    episode_id: str,
    request: Request,
    principal: Annotated[Principal, Depends(Requires(Operation.VOID_BILL))],
) -> Response:
    """Take back a bill version."""
    return await take(request, principal, SubmissionKind.VOID, episode_id)
