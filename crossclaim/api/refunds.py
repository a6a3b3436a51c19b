"""Refunds that a hospital's cashier gives back by hand."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import Response

from crossclaim.api.access import Requires
from crossclaim.api.entry import take
from crossclaim.api.openapi import documented
from crossclaim.domain.submission import SubmissionKind
from crossclaim.domain.tender_submission import RefundConfirmation
from crossclaim.security.roles import Operation, Principal

router = APIRouter(tags=["tenders"])


@router.post("/v1/episodes/{episode_id}/refund-confirmations", **documented(RefundConfirmation))
async def confirm_refund(
    episode_id: str,
    request: Request,
    principal: Annotated[Principal, Depends(Requires(Operation.CONFIRM_REFUND))],
) -> Response:
    """Confirm that the cashier has given back a refund, with the number of the receipt."""
    return await take(request, principal, SubmissionKind.REFUND_CONFIRMATION, episode_id)
