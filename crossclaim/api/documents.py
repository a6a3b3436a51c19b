"""Documents of an episode: upload one; bills then name it by its SHA-256."""

from __future__ import annotations

import base64
import hashlib
import re
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from starlette.requests import Request

from crossclaim.api.access import Requires
from crossclaim.api.answer_models import answers
from crossclaim.api.answers_persons import KeptDocumentAnswer
from crossclaim.api.body import BodyRefused, check_content_type, read_body
from crossclaim.api.entry import check_episode_id
from crossclaim.api.file_gate import taken
from crossclaim.api.openapi import problems
from crossclaim.api.problem_sentences import problem_fault
from crossclaim.api.services import services_of
from crossclaim.documents.inspection.gate import FIRST_BYTES
from crossclaim.security.roles import Operation, Principal

router = APIRouter(tags=["documents"])

_DIGEST = re.compile(r"(?:^|[, ])sha-256=:([A-Za-z0-9+/=]{1,64}):")
_BINARY = {"schema": {"type": "string", "format": "binary"}}
_REQUEST = {"requestBody": {"required": True, "content": dict.fromkeys(FIRST_BYTES, _BINARY)}}

NAME_PATTERN = r"^[^\x00-\x1f\x7f/\\\u202a-\u202e\u2066-\u2069]+$"
"""A name is told and never a path: no separators, no control signs, none that turn the text."""
DocumentName = Annotated[str, Query(min_length=1, max_length=200, pattern=NAME_PATTERN)]


@router.post(
    "/v1/episodes/{episode_id}/documents",
    status_code=201,
    openapi_extra=_REQUEST,
    response_model=None,
    responses={
        **answers(KeptDocumentAnswer, 201),
        **problems(400, 401, 403, 404, 413, 415, 422, 502, 503),
    },
)
async def upload_document(
    episode_id: str,
    name: DocumentName,
    request: Request,
    principal: Annotated[Principal, Depends(Requires(Operation.UPLOAD_DOCUMENT))],
) -> dict[str, Any]:
    """Upload a document as the raw body; the same content again gives the same answer.

    Of a picture only the picture is kept, without where and by what it was taken; its SHA-256 is
    then another one, and bills name it by that of the answer."""
    services = services_of(request)
    content_type = check_content_type(request, *FIRST_BYTES)
    content = await read_body(request, services.document_limit_bytes)
    check_digest(request.headers.get("content-digest"), content)
    kept = await taken(services, content_type, content)
    sha256 = await services.documents.put(
        principal, check_episode_id(episode_id), content_type, kept
    )
    return told(sha256, name, content_type, content, kept)


def told(sha256: str, name: str, content_type: str, sent: bytes, kept: bytes) -> dict[str, Any]:
    """Of a picture only the picture is kept: bills name it by what was kept."""
    shown = {"sha256": sha256, "name": name, "content_type": content_type, "size": len(kept)}
    if kept == sent:
        return shown
    return {**shown, "sent_sha256": hashlib.sha256(sent).hexdigest()}


def check_digest(header: str | None, content: bytes) -> None:
    """RFC 9530. Raises ``BodyRefused`` for bytes that are not those that were sent."""
    if header is None:
        return
    named = _DIGEST.search(header)
    expected = base64.b64encode(hashlib.sha256(content).digest()).decode()
    if named is None or named[1] != expected:
        raise BodyRefused([problem_fault("DOCUMENT_DIGEST", "")])
