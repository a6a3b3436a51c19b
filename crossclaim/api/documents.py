"""Documents of an episode: upload one; bills then name it by its SHA-256."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from starlette.requests import Request

from crossclaim.api.access import Requires
from crossclaim.api.body import BodyRefused, check_content_type, read_body
from crossclaim.api.entry import check_episode_id
from crossclaim.api.openapi import problems
from crossclaim.api.problem_sentences import problem_fault
from crossclaim.api.services import services_of
from crossclaim.security.roles import Operation, Principal

router = APIRouter(tags=["documents"])

FIRST_BYTES: dict[str, tuple[bytes, ...]] = {
    "application/pdf": (b"%PDF-",),
    "application/ofd": (b"PK\x03\x04",),
    "application/xml": (b"<", b"\xef\xbb\xbf<"),
    "image/jpeg": (b"\xff\xd8\xff",),
    "image/png": (b"\x89PNG\r\n\x1a\n",),
}
"""Content types that are taken, and how their content begins."""

_BINARY = {"schema": {"type": "string", "format": "binary"}}
_REQUEST = {"requestBody": {"required": True, "content": dict.fromkeys(FIRST_BYTES, _BINARY)}}

DocumentName = Annotated[str, Query(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f/\\]+$")]


@router.post(
    "/v1/episodes/{episode_id}/documents",
    status_code=201,
    openapi_extra=_REQUEST,
    responses=problems(400, 401, 403, 404, 413, 415, 422, 503),
)
async def upload_document(
    episode_id: str,
    name: DocumentName,
    request: Request,
    principal: Annotated[Principal, Depends(Requires(Operation.UPLOAD_DOCUMENT))],
) -> dict[str, Any]:
    """Upload a document as the raw body; the same content again gives the same answer."""
    services = services_of(request)
    content_type = check_content_type(request, *FIRST_BYTES)
    content = await read_body(request, services.document_limit_bytes)
    check_content(content_type, content)
    sha256 = await services.documents.put(
        principal, check_episode_id(episode_id), content_type, content
    )
    return {"sha256": sha256, "name": name, "content_type": content_type, "size": len(content)}


def check_content(content_type: str, content: bytes) -> None:
    """Raises ``BodyRefused`` for nothing, or for bytes of another type than the header says."""
    if not content:
        raise BodyRefused([problem_fault("DOCUMENT_EMPTY", "")])
    if not content.startswith(FIRST_BYTES[content_type]):
        raise BodyRefused([problem_fault("DOCUMENT_CONTENT", "")], status=415)
