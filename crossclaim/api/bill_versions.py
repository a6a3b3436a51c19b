"""A bill's versions: how each stands, the difference of two, reopening, cancelled settlements."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from starlette.requests import Request
from starlette.responses import Response

from crossclaim.api.access import Requires
from crossclaim.api.answer_models import answers
from crossclaim.api.answers_bills import (
    BillCancellationAnswer,
    BillDifferenceAnswer,
    BillVersionsAnswer,
)
from crossclaim.api.bill_ports import Bills
from crossclaim.api.entry import check_episode_id, take
from crossclaim.api.openapi import documented, problems
from crossclaim.api.services import services_of
from crossclaim.domain.bill_orders import (
    CancellationSubmission,
    ClawBackReceived,
    CoverageSubmission,
    ReopeningSubmission,
)
from crossclaim.domain.errors import NotFound
from crossclaim.domain.submission import SubmissionKind
from crossclaim.security.roles import Operation, Principal

router = APIRouter(tags=["bills"])
Reader = Annotated[Principal, Depends(Requires(Operation.READ_BILL))]


@router.get(
    "/v1/episodes/{episode_id}/bills/{number}/versions",
    response_model=None,
    responses={**answers(BillVersionsAnswer), **problems(401, 403, 404, 503)},
)
async def read_versions(
    episode_id: str, number: str, request: Request, principal: Reader
) -> dict[str, Any]:
    """Read how each version of a bill stands, and which funder confirmed which part when."""
    return await _bills(request).versions(principal, check_episode_id(episode_id), number)


@router.get(
    "/v1/episodes/{episode_id}/bills/{number}/differences",
    response_model=None,
    responses={**answers(BillDifferenceAnswer), **problems(401, 403, 404, 422, 503)},
)
async def read_differences(
    episode_id: str,
    number: str,
    request: Request,
    principal: Reader,
    older: Annotated[int, Query(alias="from", ge=1, le=9_999)],
    newer: Annotated[int, Query(alias="to", ge=1, le=9_999)],
) -> dict[str, Any]:
    """Read the difference of two versions, line by line and funder by funder."""
    episode_id = check_episode_id(episode_id)
    return await _bills(request).differences(principal, episode_id, number, older, newer)


@router.get(
    "/v1/episodes/{episode_id}/bills/{number}/cancellation",
    response_model=None,
    responses={**answers(BillCancellationAnswer), **problems(401, 403, 404, 503)},
)
async def preview_cancellation(
    episode_id: str,
    number: str,
    request: Request,
    principal: Annotated[Principal, Depends(Requires(Operation.PREVIEW_CANCELLATION))],
) -> dict[str, Any]:
    """Read what cancelling the bill's settlement would reverse, and what is out already."""
    return await _bills(request).cancellation(principal, check_episode_id(episode_id), number)


@router.post(
    "/v1/episodes/{episode_id}/settlement-cancellations", **documented(CancellationSubmission)
)
async def cancel_settlement(
    episode_id: str,
    request: Request,
    principal: Annotated[Principal, Depends(Requires(Operation.CANCEL_SETTLEMENT))],
) -> Response:
    """Take back every due, receipt and report of a final bill; what is out is ordered back."""
    return await take(request, principal, SubmissionKind.CANCELLATION, episode_id)


@router.post("/v1/episodes/{episode_id}/reopenings", **documented(ReopeningSubmission))
async def reopen_bill(
    episode_id: str,
    request: Request,
    principal: Annotated[Principal, Depends(Requires(Operation.REOPEN_BILL))],
) -> Response:
    """Return a final bill that nobody has confirmed to a draft."""
    return await take(request, principal, SubmissionKind.REOPENING, episode_id)


@router.post("/v1/episodes/{episode_id}/claw-backs", **documented(ClawBackReceived))
async def confirm_claw_back(
    episode_id: str,
    request: Request,
    principal: Annotated[Principal, Depends(Requires(Operation.CONFIRM_CLAW_BACK))],
) -> Response:
    """Confirm that money which was to be given back has arrived."""
    return await take(request, principal, SubmissionKind.CLAW_BACK, episode_id)


@router.post("/v1/episodes/{episode_id}/coverages", **documented(CoverageSubmission))
async def add_coverage(
    episode_id: str,
    request: Request,
    principal: Annotated[Principal, Depends(Requires(Operation.ADD_COVERAGE))],
) -> Response:
    """Add a cover that was stated after the episode was opened."""
    return await take(request, principal, SubmissionKind.COVERAGE, episode_id)


def _bills(request: Request) -> Bills:
    known = services_of(request).bills
    if known is None:
        raise NotFound("no bills are kept here")
    return known
