"""The HCX-style exchange: one door for requests of other participants and answers to ours.

Every message is acknowledged with 202 once it is kept; ``docs/wire/hcx.md`` has flows and codes.
"""

from __future__ import annotations

import asyncio
from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import JSONResponse

from crossclaim.api.answer_models import answers
from crossclaim.api.answers_systems import AcknowledgedAnswer
from crossclaim.api.body import BodyRefused, check_content_type, read_body
from crossclaim.api.hcx_requests import take_request
from crossclaim.api.services import ApiServices, services_of
from crossclaim.domain.errors import Unavailable
from crossclaim.domain.hcx import API_CALL_ID, CALLBACKS, CORRELATION_ID
from crossclaim.domain.hcx_errors import CATALOGUE, HcxCode, HcxError, sentence
from crossclaim.domain.language import preferred_language, spoken
from crossclaim.gateways.hcx_envelope import compact_of, protected_headers

router = APIRouter(tags=["hcx"])

_BODY = {
    "application/json": {
        "schema": {
            "type": "object",
            "required": ["payload"],
            "properties": {"payload": {"type": "string", "description": "A JWE in compact form."}},
        }
    }
}
_STATUSES = sorted({status for status, _ in CATALOGUE.values()})


@router.post(
    "/hcx/{version}/{flow}/{verb}",
    status_code=202,
    openapi_extra={"requestBody": {"required": True, "content": _BODY}},
    response_model=None,
    responses=answers(AcknowledgedAnswer, 202)
    | {
        status: {
            "description": ", ".join(c.value for c, (s, _) in CATALOGUE.items() if s == status)
        }
        for status in _STATUSES
    },
)
async def exchange(version: str, flow: str, verb: str, request: Request) -> JSONResponse:
    """Take a message of the exchange; its answer comes on the sender's callback."""
    services, raw = services_of(request), b""
    try:
        raw = await _body(request, services)
        said = await _taken(services, version, f"{flow}/{verb}", request, raw)
    except HcxError as error:
        return _refused(request, services, raw, error)
    except Unavailable:
        return _refused(request, services, raw, HcxError(HcxCode.UNAVAILABLE))
    return JSONResponse(said, status_code=202)


async def _body(request: Request, services: ApiServices) -> bytes:
    try:
        check_content_type(request, "application/json")
        return await read_body(request, services.document_limit_bytes)
    except BodyRefused as error:
        code = HcxCode.TOO_LARGE if error.status == 413 else HcxCode.PAYLOAD
        raise HcxError(code, error.code) from None


async def _taken(
    services: ApiServices, version: str, action: str, request: Request, raw: bytes
) -> dict[str, Any]:
    door = services.hcx
    if door is None:
        raise HcxError(HcxCode.VERSION, "no exchange is configured")
    authorization = request.headers.get("authorization", "")
    message = await asyncio.to_thread(door.open, version, action, authorization, raw)
    if action in CALLBACKS:
        await door.take_answer(message)
    else:
        await take_request(services, door, message)
    return {
        "timestamp": services.now().isoformat(timespec="seconds"),
        "api_call_id": message.headers.api_call_id,
        "correlation_id": message.headers.correlation_id,
    }


def _refused(request: Request, services: ApiServices, raw: bytes, error: HcxError) -> JSONResponse:
    language = preferred_language(request.headers.get("accept-language"))
    said = {
        "timestamp": services.now().isoformat(timespec="seconds"),
        **_ids(raw),
        "error": {
            "code": error.code,
            "message": spoken(sentence(error.hcx), language),
            "trace": error.trace,
        },
    }
    headers = {"Content-Language": language.value, "Vary": "Accept-Language"}
    if error.status == 503:
        headers["Retry-After"] = "5"
    return JSONResponse(said, status_code=error.status, headers=headers)


def _ids(raw: bytes) -> dict[str, str]:
    """The message's own ids, as far as they can be read, so that its sender finds it again."""
    try:
        said = protected_headers(compact_of(raw))
    except HcxError:
        return {}
    named = {"api_call_id": said.get(API_CALL_ID), "correlation_id": said.get(CORRELATION_ID)}
    short = (pair for pair in named.items() if isinstance(pair[1], str) and len(pair[1]) <= 64)
    return {name: str(value) for name, value in short}
