"""Uploads of large documents: the file goes to the object store itself, then it is judged here."""

from __future__ import annotations

import re
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from starlette.requests import Request

from crossclaim.api.access import Requires
from crossclaim.api.answer_models import answers
from crossclaim.api.answers_persons import KeptDocumentAnswer, NewUploadAnswer
from crossclaim.api.body import BodyRefused, read_json
from crossclaim.api.documents import NAME_PATTERN, told
from crossclaim.api.entry import check_episode_id
from crossclaim.api.file_gate import taken
from crossclaim.api.openapi import problems
from crossclaim.api.problem_sentences import problem_fault
from crossclaim.api.services import ApiServices, services_of
from crossclaim.api.upload_port import SentFile, StatedFile, UploadSlots
from crossclaim.documents.inspection.gate import FIRST_BYTES
from crossclaim.domain.errors import NotFound
from crossclaim.security.roles import Operation, Principal

router = APIRouter(tags=["documents"])

_SHA256 = re.compile(r"[0-9a-f]{64}")
_NAME = re.compile(NAME_PATTERN)
_STATED: dict[str, Any] = {
    "type": "object",
    "required": ["name", "content_type", "size", "sha256"],
    "additionalProperties": False,
    "properties": {
        "name": {"type": "string", "minLength": 1, "maxLength": 200},
        "content_type": {"type": "string", "enum": list(FIRST_BYTES)},
        "size": {"type": "integer", "minimum": 1},
        "sha256": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
    },
    "example": {
        "name": "出院小结.pdf",
        "content_type": "application/pdf",
        "size": 81234,
        "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    },
}
_REQUEST = {"requestBody": {"required": True, "content": {"application/json": {"schema": _STATED}}}}
Uploader = Annotated[Principal, Depends(Requires(Operation.UPLOAD_DOCUMENT))]


@router.post(
    "/v1/episodes/{episode_id}/uploads",
    status_code=201,
    openapi_extra=_REQUEST,
    response_model=None,
    responses={
        **answers(NewUploadAnswer, 201),
        **problems(400, 401, 403, 404, 413, 415, 422, 502, 503),
    },
)
async def begin_upload(episode_id: str, request: Request, principal: Uploader) -> dict[str, Any]:
    """State a file and get the address that it is sent to, with these headers and no others."""
    services = services_of(request)
    raw = await read_json(request, services.body_limit_bytes)
    stated = _stated(raw, services.document_limit_bytes)
    slot = await _slots(services).open(principal, check_episode_id(episode_id), stated)
    return slot.model_dump(mode="json")


@router.post(
    "/v1/episodes/{episode_id}/uploads/{upload}/complete",
    status_code=201,
    response_model=None,
    responses={**answers(KeptDocumentAnswer, 201), **problems(401, 403, 404, 422, 502, 503)},
)
async def complete_upload(
    episode_id: str, upload: str, request: Request, principal: Uploader
) -> dict[str, Any]:
    """Say that the file was sent: it is verified, judged and kept, or nothing of it is."""
    services = services_of(request)
    slots, episode_id = _slots(services), check_episode_id(episode_id)
    sent = await slots.sent(principal, episode_id, upload)
    if sent.content is None:
        return _answered_before(sent)
    stated = sent.stated
    try:
        kept = await taken(services, stated.content_type, sent.content)
    except BodyRefused as refused:
        await slots.close(principal, upload, why=refused.code)
        raise
    sha256 = await services.documents.put(principal, episode_id, stated.content_type, kept)
    await slots.close(principal, upload, document_sha256=sha256)
    return told(sha256, stated.name, stated.content_type, sent.content, kept)


def _slots(services: ApiServices) -> UploadSlots:
    if services.uploads is None:
        raise NotFound("there are no uploads here")
    return services.uploads


def _stated(raw: dict[str, Any], limit_bytes: int) -> StatedFile:
    """Raises ``BodyRefused`` with every fault."""
    name, kind, size, sha256 = (raw.get(m) for m in ("name", "content_type", "size", "sha256"))
    wrong = not isinstance(name, str) or len(name) > 200 or not _NAME.fullmatch(name)
    wrong = wrong or not isinstance(sha256, str) or not _SHA256.fullmatch(sha256)
    faults = []
    if wrong or type(size) is not int or len(raw) != len(_STATED["required"]):
        faults.append(problem_fault("UPLOAD_STATED", ""))
    elif not 1 <= size <= limit_bytes:
        faults.append(problem_fault("UPLOAD_TOO_LARGE", "/size", limit=limit_bytes))
    if kind not in FIRST_BYTES:
        faults.append(problem_fault("UPLOAD_TYPE", "/content_type"))
    if faults:
        raise BodyRefused(faults, status=422)
    return StatedFile.model_validate(raw)


def _answered_before(sent: SentFile) -> dict[str, Any]:
    """Told again what was told: what is kept, or why it is not."""
    if sent.why:
        raise BodyRefused([problem_fault(sent.why, "")], status=422)
    stated = sent.stated
    shown = {"sha256": sent.document_sha256, "name": stated.name}
    return {**shown, "content_type": stated.content_type}
