"""What a person asks about his own data: everything that is held, or its erasure."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from crossclaim.api.access import Requires
from crossclaim.api.answer_models import AccessesAnswer, answers
from crossclaim.api.answer_shapes import kept_as
from crossclaim.api.answers_persons import SubjectRequestAnswer
from crossclaim.api.body import read_json
from crossclaim.api.entry import check_episode_id, idempotency_key
from crossclaim.api.episodes import Cursor
from crossclaim.api.openapi import problems
from crossclaim.api.pages import Limit
from crossclaim.api.privacy_ports import SubjectRequests
from crossclaim.api.services import services_of
from crossclaim.api.whole_answer import WholeRoute
from crossclaim.domain.errors import Refused, Unavailable
from crossclaim.domain.fault_shape import read_shape
from crossclaim.domain.faults import refusal_text
from crossclaim.domain.language import preferred_language
from crossclaim.domain.subject_request import SubjectRequest
from crossclaim.security.roles import Operation, Principal

router = APIRouter(tags=["privacy"], route_class=WholeRoute)

_EXAMPLE = {
    "kind": "access",
    "document": {"type": "hkid", "number": "A123456(3)"},
    "identity_seen": "hkid",
    "identity_seen_at": "2026-11-22T10:00:00+08:00",
}
_BODY = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {"schema": SubjectRequest.model_json_schema(), "example": _EXAMPLE}
        },
    }
}
_READ = problems(401, 403, 404, 503)


@router.post(
    "/v1/subject-requests",
    status_code=202,
    openapi_extra=_BODY,
    response_model=None,
    responses={**answers(SubjectRequestAnswer, 202), **problems(400, 401, 403, 413, 415, 422, 503)},
)
async def ask(
    request: Request,
    principal: Annotated[Principal, Depends(Requires(Operation.ASK_SUBJECT_REQUEST))],
) -> Response:
    """Ask, for a person who has shown who he is, for all that is held about him or its erasure.

    An erasure waits for a second key. `Idempotency-Key` makes a repeat harmless.
    """
    services = services_of(request)
    raw = await read_json(request, services.body_limit_bytes)
    asked, faults = read_shape(SubjectRequest, raw)
    if asked is None:
        raise Refused(refusal_text(len(faults)), faults)
    assert isinstance(asked, SubjectRequest), "read_shape gives what it was asked for"
    told = await _requests(request).ask(principal, asked, idempotency_key(request))
    request.state.fields = [told["id"], asked.kind]
    where = f"/v1/subject-requests/{told['id']}"
    return JSONResponse(told, status_code=202, headers={"Location": where})


@router.post(
    "/v1/subject-requests/{request_id}/confirmation",
    response_model=None,
    responses={**answers(SubjectRequestAnswer), **_READ},
)
async def confirm(
    request_id: str,
    request: Request,
    principal: Annotated[Principal, Depends(Requires(Operation.CONFIRM_SUBJECT_REQUEST))],
) -> dict[str, Any]:
    """Confirm an erasure as the second person; the next daily batch judges and does it."""
    return await _requests(request).confirm(principal, check_episode_id(request_id))


@router.get(
    "/v1/subject-requests/{request_id}",
    response_model=None,
    responses={**answers(SubjectRequestAnswer), **_READ},
)
async def read(
    request_id: str,
    request: Request,
    principal: Annotated[Principal, Depends(Requires(Operation.READ_SUBJECT_REQUEST))],
) -> dict[str, Any]:
    """Read how a request stands: what was found, and which rule keeps what until when."""
    return await _requests(request).read(principal, check_episode_id(request_id))


@router.get(
    "/v1/subject-requests/{request_id}/export",
    response_class=Response,
    responses={**kept_as("application/zip"), **_READ},
)
async def fetch(
    request_id: str,
    request: Request,
    principal: Annotated[Principal, Depends(Requires(Operation.FETCH_SUBJECT_EXPORT))],
) -> Response:
    """Download the export (a ZIP) once; an hour later its key is destroyed."""
    content = await _requests(request).fetch(principal, check_episode_id(request_id))
    named = f'attachment; filename="{request_id}.zip"'
    headers = {"Content-Disposition": named, "Cache-Control": "no-store"}
    return Response(content, media_type="application/zip", headers=headers)


@router.get(
    "/v1/episodes/{episode_id}/accesses",
    response_model=None,
    responses={**answers(AccessesAnswer), **_READ},
)
async def list_accesses(
    episode_id: str,
    request: Request,
    principal: Annotated[Principal, Depends(Requires(Operation.READ_ACCESSES))],
    limit: Limit = 50,
    cursor: Cursor = None,
) -> dict[str, Any]:
    """List who read, changed or was refused what of an episode, for the patient's own view."""
    language = preferred_language(request.headers.get("accept-language"))
    found = services_of(request).accesses
    if found is None:
        raise Unavailable("this installation tells no accesses")
    known = check_episode_id(episode_id)
    return await found.accesses(principal, known, language.value, limit, cursor)


def _requests(request: Request) -> SubjectRequests:
    found = services_of(request).subject_requests
    if found is None:
        raise Unavailable("this installation takes no requests of persons")
    return found
