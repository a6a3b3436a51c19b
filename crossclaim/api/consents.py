"""Consents: one more, or the withdrawal of one."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import Response

from crossclaim.api.access import Requires
from crossclaim.api.entry import take
from crossclaim.api.openapi import documented
from crossclaim.domain.submission import ConsentSubmission, SubmissionKind
from crossclaim.security.roles import Operation, Principal

router = APIRouter(tags=["consents"])


@router.post("/v1/episodes/{episode_id}/consents", **documented(ConsentSubmission))
async def record_consent(
    episode_id: str,
    request: Request,
    principal: Annotated[Principal, Depends(Requires(Operation.RECORD_CONSENT))],
) -> Response:
    """Record a consent given or withdrawn after the episode began.

    A withdrawal is answered with its `effects`: for each insurer that it cuts off who carried what
    before and carries it now, what stops, what stays, and until when a claim waits for a new
    consent. `recipient` withdraws only what was given for that organisation.
    """
    return await take(request, principal, SubmissionKind.CONSENT, episode_id)
