"""What a bearer of an upload link may do: see what is asked for, and answer it in part."""

from __future__ import annotations

import hashlib
from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from crossclaim.api.answer_models import answers
from crossclaim.api.answers_claims import SentDocumentAnswer, UploadLinkAnswer
from crossclaim.api.body import check_content_type, read_body
from crossclaim.api.documents import check_digest
from crossclaim.api.entry import enter
from crossclaim.api.file_gate import taken
from crossclaim.api.openapi import problems
from crossclaim.api.services import LinkedItem, LinkedRequest, services_of
from crossclaim.documents.inspection.gate import FIRST_BYTES
from crossclaim.domain.errors import NotFound, Refused
from crossclaim.domain.fault_sentences import fault
from crossclaim.domain.faults import refusal_text
from crossclaim.domain.information_rows import OPEN, WANTED
from crossclaim.domain.information_submission import NotHad
from crossclaim.domain.stay import Stay
from crossclaim.domain.submission import SubmissionKind
from crossclaim.security.roles import Operation

router = APIRouter(tags=["uploads"])

_NO_KEY: dict[str, Any] = {"security": []}
"""The link is the credential."""
_BINARY = {"schema": {"type": "string", "format": "binary"}}
_CONTENT = dict.fromkeys(FIRST_BYTES, _BINARY)
_REQUEST = {"requestBody": {"required": True, "content": _CONTENT}, **_NO_KEY}


@router.get(
    "/v1/uploads/{link}",
    openapi_extra=_NO_KEY,
    response_model=None,
    responses={**answers(UploadLinkAnswer), **problems(404, 503)},
)
async def read_upload_link(link: str, request: Request) -> dict[str, Any]:
    """See which documents are asked for, and what became of each."""
    linked = await _linked(request, link)
    return {
        "number": linked.number,
        "status": linked.status,
        "asked_of": linked.asked_of,
        "due_at": linked.due_at.isoformat(),
        "expires_at": linked.expires_at.isoformat(),
        "documents": [
            one.model_dump(exclude_none=True, exclude={"sha256"}) for one in linked.documents
        ],
    }


@router.put(
    "/v1/uploads/{link}/{item}",
    openapi_extra=_REQUEST,
    response_model=None,
    responses={**answers(SentDocumentAnswer), **problems(400, 404, 409, 413, 415, 422, 503)},
)
async def send_document(link: str, item: int, request: Request) -> Response:
    """Send one document as the raw body; with `Content-Digest` its bytes are checked by it."""
    linked = await _linked(request, link)
    wanted = _item(linked, item)
    content_type = check_content_type(request, *FIRST_BYTES)
    services = services_of(request)
    content = await read_body(request, services.document_limit_bytes)
    check_digest(request.headers.get("content-digest"), content)
    kept = await taken(services, content_type, content)
    sha256 = hashlib.sha256(kept).hexdigest()
    if wanted.sha256 != sha256:
        _check_open(linked, wanted)
        await services.documents.put(linked.principal, linked.episode_id, content_type, kept)
    return await _answered(request, linked, {"item": item, "sha256": sha256})


@router.post(
    "/v1/uploads/{link}/{item}/not-had",
    openapi_extra=_NO_KEY,
    response_model=None,
    responses={**answers(SentDocumentAnswer), **problems(404, 409, 422, 503)},
)
async def say_not_had(link: str, item: int, reason: NotHad, request: Request) -> Response:
    """Say that a document cannot be had, and why."""
    linked = await _linked(request, link)
    _item(linked, item)
    return await _answered(request, linked, {"item": item, "cannot_be_had": reason.value})


async def _linked(request: Request, link: str) -> LinkedRequest:
    """The request behind a link; what is done by it is audited as its maker's link."""
    known = services_of(request).upload_links
    if known is None:
        raise NotFound("there is no such link")
    linked = await known.opened(link)
    request.state.principal = linked.principal
    request.state.operation = Operation.ANSWER_INFORMATION.value
    return linked


def _item(linked: LinkedRequest, item: int) -> LinkedItem:
    found = next((one for one in linked.documents if one.item == item), None)
    if found is None:
        raise NotFound("the request has no such document")
    return found


def _check_open(linked: LinkedRequest, wanted: LinkedItem) -> None:
    """Nothing is stored that nobody waits for."""
    if linked.status != OPEN:
        closed = fault("INFORMATION_REQUEST_CLOSED", "", state=linked.status)
        raise Refused(refusal_text(1), [closed])
    if wanted.status != WANTED:
        answered = fault("INFORMATION_ITEM_ANSWERED", "", item=wanted.item)
        raise Refused(refusal_text(1), [answered])


async def _answered(request: Request, linked: LinkedRequest, answer: dict[str, Any]) -> Response:
    """The bearer hears what became of his document, and no id of ours."""
    taken = await enter(
        services_of(request),
        linked.principal,
        SubmissionKind.INFORMATION_ANSWER,
        {"request": linked.request_id, **answer},
        episode_id=linked.episode_id,
        stay=Stay(),
        idempotency_key=None,
    )
    request.state.kept_itself = True
    told = ("item", "status", "request_status", "left")
    body = {name: taken.body[name] for name in told if name in taken.body}
    return JSONResponse(body or {"status": "accepted"}, status_code=taken.status)
