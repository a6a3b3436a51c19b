"""Transfers by ambulance: the hand-over of the patient, and the record that is issued of it."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query
from starlette.requests import Request
from starlette.responses import Response

from crossclaim.api.access import Requires
from crossclaim.api.answer_models import answers
from crossclaim.api.answer_shapes import kept_as
from crossclaim.api.answers_bills import HandOversAnswer
from crossclaim.api.entry import check_episode_id, take
from crossclaim.api.openapi import documented, problems
from crossclaim.api.paper_ports import HandOvers
from crossclaim.api.services import services_of
from crossclaim.domain.errors import NotFound
from crossclaim.domain.submission import SubmissionKind
from crossclaim.domain.transfer_submission import HandOverSubmission
from crossclaim.security.roles import Operation, Principal

router = APIRouter(tags=["transfers"])

Reader = Annotated[Principal, Depends(Requires(Operation.READ_HAND_OVER))]


@router.post("/v1/episodes/{episode_id}/hand-overs", **documented(HandOverSubmission))
async def record_hand_over(
    episode_id: str,
    request: Request,
    principal: Annotated[Principal, Depends(Requires(Operation.RECORD_HAND_OVER))],
) -> Response:
    """Record that the patient was handed over across the border; its record is then issued."""
    return await take(request, principal, SubmissionKind.HAND_OVER, episode_id)


@router.get(
    "/v1/episodes/{episode_id}/hand-overs",
    response_model=None,
    responses={**answers(HandOversAnswer), **problems(401, 403, 404, 503)},
)
async def list_hand_overs(episode_id: str, request: Request, principal: Reader) -> dict[str, Any]:
    """List the hand-overs, and by which consents or which emergency their records went out."""
    return await _hand_overs(request).listed(principal, check_episode_id(episode_id))


@router.get(
    "/v1/episodes/{episode_id}/hand-overs/{number}/record",
    response_class=Response,
    responses={**kept_as("text/html", "application/pdf"), **problems(401, 403, 404, 503)},
)
async def read_hand_over_record(
    episode_id: str,
    number: str,
    request: Request,
    principal: Reader,
    language: Annotated[Literal["en", "zh-Hant", "zh-Hans"], Query()] = "zh-Hant",
) -> Response:
    """Read the issued record of a hand-over; every reading is audited."""
    content_type, content = await _hand_overs(request).record(
        principal, check_episode_id(episode_id), number, language
    )
    headers = {
        "Content-Disposition": f'attachment; filename="hand-over-record-{language}.html"',
        "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'",
    }
    return Response(content, media_type=content_type, headers=headers)


def _hand_overs(request: Request) -> HandOvers:
    known = services_of(request).hand_overs
    if known is None:
        raise NotFound("no hand-overs are kept here")
    return known
