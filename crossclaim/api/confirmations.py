"""Confirmations: somebody chose to pay a bill by 惠民支付 (有感支付)."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import Response

from crossclaim.api.access import Requires
from crossclaim.api.entry import take
from crossclaim.api.openapi import documented
from crossclaim.domain.pay_later_confirmation import PayLaterConfirmation
from crossclaim.domain.submission import SubmissionKind
from crossclaim.security.roles import Operation, Principal

router = APIRouter(tags=["confirmations"])


@router.post("/v1/episodes/{episode_id}/confirmations", **documented(PayLaterConfirmation))
async def confirm_pay_later(
    episode_id: str,
    request: Request,
    principal: Annotated[Principal, Depends(Requires(Operation.CONFIRM_PAY_LATER))],
) -> Response:
    """Confirm that a bill version is paid by the payer's pay-after-care account."""
    return await take(request, principal, SubmissionKind.PAY_LATER_CONFIRMATION, episode_id)
