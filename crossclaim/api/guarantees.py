"""Letters of guarantee: asked for, changed, decided, withdrawn; and what insurers stand in for."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import Response

from crossclaim.api.access import Requires
from crossclaim.api.answer_models import ExposuresAnswer, answers
from crossclaim.api.days import Instant
from crossclaim.api.entry import take
from crossclaim.api.openapi import documented, problems
from crossclaim.api.services import services_of
from crossclaim.api.whole_answer import WholeRoute
from crossclaim.domain.errors import Unavailable
from crossclaim.domain.guarantee_submission import (
    GuaranteeDecisionSubmission,
    GuaranteeRequestSubmission,
    GuaranteeWithdrawalSubmission,
)
from crossclaim.domain.submission import SubmissionKind
from crossclaim.security.roles import Operation, Principal

router = APIRouter(tags=["guarantees"], route_class=WholeRoute)


@router.post(
    "/v1/episodes/{episode_id}/guarantee-requests", **documented(GuaranteeRequestSubmission)
)
async def ask_guarantee(
    episode_id: str,
    request: Request,
    principal: Annotated[Principal, Depends(Requires(Operation.ASK_GUARANTEE))],
) -> Response:
    """Ask an insurer for a letter of guarantee, or for more money or time under one."""
    return await take(request, principal, SubmissionKind.GUARANTEE_REQUEST, episode_id)


@router.post(
    "/v1/episodes/{episode_id}/guarantee-decisions", **documented(GuaranteeDecisionSubmission)
)
async def decide_guarantee(
    episode_id: str,
    request: Request,
    principal: Annotated[Principal, Depends(Requires(Operation.DECIDE_GUARANTEE))],
) -> Response:
    """Answer a request that the rules could not decide."""
    return await take(request, principal, SubmissionKind.GUARANTEE_DECISION, episode_id)


@router.post(
    "/v1/episodes/{episode_id}/guarantee-withdrawals", **documented(GuaranteeWithdrawalSubmission)
)
async def withdraw_guarantee(
    episode_id: str,
    request: Request,
    principal: Annotated[Principal, Depends(Requires(Operation.WITHDRAW_GUARANTEE))],
) -> Response:
    """Take a letter back, as the insurer or the hospital; what bills use of it stays."""
    return await take(request, principal, SubmissionKind.GUARANTEE_WITHDRAWAL, episode_id)


@router.get(
    "/v1/exposures",
    response_model=None,
    responses={**answers(ExposuresAnswer), **problems(401, 403, 422, 503)},
)
async def read_exposures(
    request: Request,
    principal: Annotated[Principal, Depends(Requires(Operation.READ_EXPOSURES))],
    at: Instant | None = None,
) -> dict[str, Any]:
    """Read what is promised by letters of guarantee and not paid, by insurer, hospital, currency.

    `at`: as it stood then; absent: now.
    """
    desk = services_of(request).exposures
    if desk is None:
        raise Unavailable("exposures are not served here")
    return await desk.exposures(principal, at)
