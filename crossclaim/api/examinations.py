"""Claims that wait for an examiner, decided line by line, and decisions drawn for review."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import Response

from crossclaim.api.access import Requires
from crossclaim.api.answer_models import answers
from crossclaim.api.answers_claims import ClaimReviewsAnswer, ClaimSamplesAnswer
from crossclaim.api.entry import check_episode_id, take
from crossclaim.api.episodes import Cursor
from crossclaim.api.openapi import documented, problems
from crossclaim.api.pages import Limit, page_of
from crossclaim.api.services import ClaimReviews, services_of
from crossclaim.domain.errors import NotFound
from crossclaim.domain.examination import (
    ClaimConfirmationSubmission,
    ClaimDecisionSubmission,
    SampleReviewSubmission,
)
from crossclaim.domain.submission import SubmissionKind
from crossclaim.security.roles import Operation, Principal

router = APIRouter(tags=["claims"])


@router.post("/v1/episodes/{episode_id}/claim-decisions", **documented(ClaimDecisionSubmission))
async def decide_claim_lines(
    episode_id: str,
    request: Request,
    principal: Annotated[Principal, Depends(Requires(Operation.DECIDE_CLAIM_LINES))],
) -> Response:
    """Decide a claim that waits for you, line by line or by the rules; 202 while a second person
    has to confirm it."""
    return await take(request, principal, SubmissionKind.CLAIM_DECISION, episode_id)


@router.post(
    "/v1/episodes/{episode_id}/claim-confirmations", **documented(ClaimConfirmationSubmission)
)
async def confirm_claim_decision(
    episode_id: str,
    request: Request,
    principal: Annotated[Principal, Depends(Requires(Operation.CONFIRM_CLAIM_DECISION))],
) -> Response:
    """Confirm or refuse a decision above the amount; not with the key that made it."""
    return await take(request, principal, SubmissionKind.CLAIM_CONFIRMATION, episode_id)


@router.post("/v1/episodes/{episode_id}/sample-reviews", **documented(SampleReviewSubmission))
async def review_claim_sample(
    episode_id: str,
    request: Request,
    principal: Annotated[Principal, Depends(Requires(Operation.REVIEW_CLAIM_SAMPLE))],
) -> Response:
    """Say what an automatic decision that was drawn should have been; it moves no money."""
    return await take(request, principal, SubmissionKind.SAMPLE_REVIEW, episode_id)


@router.get(
    "/v1/episodes/{episode_id}/claim-reviews",
    response_model=None,
    responses={**answers(ClaimReviewsAnswer), **problems(401, 403, 404, 503)},
)
async def list_claim_reviews(
    episode_id: str,
    request: Request,
    principal: Annotated[Principal, Depends(Requires(Operation.READ_CLAIM_REVIEW))],
) -> dict[str, Any]:
    """List your claims that a check sent to an examiner: reasons, trace, lines, decisions."""
    return await _reviews(request).listed(principal, check_episode_id(episode_id))


@router.get(
    "/v1/claim-samples",
    response_model=None,
    responses={**answers(ClaimSamplesAnswer), **problems(401, 403, 422, 503)},
)
async def list_claim_samples(
    request: Request,
    principal: Annotated[Principal, Depends(Requires(Operation.READ_CLAIM_SAMPLES))],
    limit: Limit = 200,
    cursor: Cursor = None,
) -> dict[str, Any]:
    """List your automatic decisions that were drawn, and what their review says of all of them."""
    return page_of(await _reviews(request).samples(principal), "drawn", limit, cursor)


def _reviews(request: Request) -> ClaimReviews:
    known = services_of(request).claim_reviews
    if known is None:
        raise NotFound("no claims are examined here")
    return known
