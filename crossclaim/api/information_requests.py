"""Information requests: what an insurer still wants to see of a claim before it decides."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query
from starlette.requests import Request
from starlette.responses import Response

from crossclaim.api.access import Requires
from crossclaim.api.answer_models import answers
from crossclaim.api.answer_shapes import kept_as
from crossclaim.api.answers_claims import (
    InformationRequestsAnswer,
    ListedRequestsAnswer,
    NewUploadLinkAnswer,
)
from crossclaim.api.entry import check_episode_id, take
from crossclaim.api.episodes import Cursor
from crossclaim.api.openapi import documented, problems
from crossclaim.api.services import InformationReads, UploadLinks, services_of
from crossclaim.documents.inspection.gate import FIRST_BYTES
from crossclaim.domain.errors import Unavailable
from crossclaim.domain.information_submission import (
    InformationAnswerSubmission,
    InformationChangeSubmission,
    InformationRequestSubmission,
)
from crossclaim.domain.submission import SubmissionKind
from crossclaim.security.roles import Operation, Principal

router = APIRouter(tags=["information requests"])

_OF_EPISODE = "/v1/episodes/{episode_id}"
_ONE = _OF_EPISODE + "/information-requests/{request_id}"
Reader = Annotated[Principal, Depends(Requires(Operation.READ_INFORMATION_REQUESTS))]
Status = Literal["open", "answered", "withdrawn", "ended"]


@router.post(_OF_EPISODE + "/information-requests", **documented(InformationRequestSubmission))
async def request_information(
    episode_id: str,
    request: Request,
    principal: Annotated[Principal, Depends(Requires(Operation.REQUEST_INFORMATION))],
) -> Response:
    """Ask for documents of a claim of yours; it is not decided before they are answered."""
    return await take(request, principal, SubmissionKind.INFORMATION_REQUEST, episode_id)


@router.post(_OF_EPISODE + "/information-changes", **documented(InformationChangeSubmission))
async def change_information_request(
    episode_id: str,
    request: Request,
    principal: Annotated[Principal, Depends(Requires(Operation.CHANGE_INFORMATION_REQUEST))],
) -> Response:
    """Give more time for a request of yours, or withdraw it."""
    return await take(request, principal, SubmissionKind.INFORMATION_CHANGE, episode_id)


@router.post(_OF_EPISODE + "/information-answers", **documented(InformationAnswerSubmission))
async def answer_information(
    episode_id: str,
    request: Request,
    principal: Annotated[Principal, Depends(Requires(Operation.ANSWER_INFORMATION))],
) -> Response:
    """Answer one document of a request: by one that was uploaded, or why it cannot be had."""
    return await take(request, principal, SubmissionKind.INFORMATION_ANSWER, episode_id)


@router.get(
    "/v1/information-requests",
    response_model=None,
    responses={**answers(ListedRequestsAnswer), **problems(401, 403, 422, 503)},
)
async def list_information_requests(
    request: Request,
    principal: Reader,
    status: Status | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    cursor: Cursor = None,
) -> dict[str, Any]:
    """List the requests that concern you, newest first: who is asked, until when, what is left."""
    return await _reads(request).listed(principal, status, limit, cursor)


@router.get(
    _OF_EPISODE + "/information-requests",
    response_model=None,
    responses={**answers(InformationRequestsAnswer), **problems(401, 403, 404, 503)},
)
async def read_information_requests(
    episode_id: str, request: Request, principal: Reader
) -> dict[str, Any]:
    """Read the requests of one episode, document by document, with the notes."""
    return await _reads(request).of_episode(principal, check_episode_id(episode_id))


@router.post(
    _ONE + "/links",
    status_code=201,
    response_model=None,
    responses={**answers(NewUploadLinkAnswer, 201), **problems(401, 403, 404, 422, 503)},
)
async def make_upload_link(
    episode_id: str,
    request_id: str,
    request: Request,
    principal: Annotated[Principal, Depends(Requires(Operation.MAKE_UPLOAD_LINK))],
) -> dict[str, Any]:
    """Make a link by which whoever is asked sends the documents of this request alone.

    It is told once; a new one ends the one that you made before.
    """
    made = await _links(request).make(principal, check_episode_id(episode_id), request_id)
    return {"url": f"/v1/uploads/{made.link}", "expires_at": made.expires_at.isoformat()}


@router.get(
    _ONE + "/documents/{item}",
    response_class=Response,
    responses={**kept_as(*FIRST_BYTES), **problems(401, 403, 404, 422, 503)},
)
async def read_information_document(
    episode_id: str,
    request_id: str,
    item: int,
    request: Request,
    principal: Annotated[Principal, Depends(Requires(Operation.READ_INFORMATION_DOCUMENT))],
) -> Response:
    """Read a document that answered a request of yours; every reading is audited."""
    content_type, content = await _reads(request).document(
        principal, check_episode_id(episode_id), request_id, item
    )
    headers = {"Content-Disposition": f'attachment; filename="document-{item}"'}
    return Response(content, media_type=content_type, headers=headers)


def _reads(request: Request) -> InformationReads:
    known = services_of(request).information
    if known is None:
        raise Unavailable("no information requests are kept here")
    return known


def _links(request: Request) -> UploadLinks:
    known = services_of(request).upload_links
    if known is None:
        raise Unavailable("no upload links are made here")
    return known
