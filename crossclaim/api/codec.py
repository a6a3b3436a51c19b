"""Decodes payloads for Temporal's own UI and CLI; it never encodes, and is off by default."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Header, Path
from starlette.requests import Request
from starlette.responses import Response

from crossclaim.api.access import Requires
from crossclaim.api.answer_models import answers
from crossclaim.api.answers_systems import PayloadsAnswer
from crossclaim.api.body import read_body
from crossclaim.api.openapi import problems
from crossclaim.api.privacy_ports import PayloadDecoder
from crossclaim.api.services import services_of
from crossclaim.domain.errors import NotFound
from crossclaim.security.roles import Operation, Principal

router = APIRouter(tags=["codec"])

_REASON = r"^[A-Za-z0-9][A-Za-z0-9._\-]{2,63}$"
_HEADERS = "authorization, content-type, x-namespace, x-codec-reason"
_CAN = {**answers(PayloadsAnswer), **problems(401, 403, 404, 413, 422, 503)}
Decoder = Annotated[Principal, Depends(Requires(Operation.DECODE_PAYLOADS))]


@router.post("/codec/decode", responses=_CAN)
async def decode(
    request: Request,
    principal: Decoder,
    reason: Annotated[str, Header(alias="X-Codec-Reason", pattern=_REASON)],
) -> Response:
    """Open payloads of runs that you may see, with the number of what you look into as reason.

    Each run whose payloads were opened stands in the audit. At most 100 payloads a minute.
    """
    return await _decoded(request, principal, reason)


@router.post("/codec/{reason}/decode", responses=_CAN)
async def decode_for(
    request: Request, principal: Decoder, reason: Annotated[str, Path(pattern=_REASON)]
) -> Response:
    """The same for Temporal's UI, which sends no header of ours: the reason is in the address."""
    return await _decoded(request, principal, reason)


@router.options("/codec/decode", include_in_schema=False)
@router.options("/codec/{reason}/decode", include_in_schema=False)
async def preflight(request: Request) -> Response:
    """What a browser asks first; it is answered to the one page that is allowed."""
    return Response(status_code=204, headers=_allowed(_decoder(request), request))


async def _decoded(request: Request, principal: Principal, reason: str) -> Response:
    decoder = _decoder(request)
    body = await read_body(request, services_of(request).body_limit_bytes)
    content, scopes = await decoder.decode(principal, body, reason)
    request.state.purpose, request.state.fields = reason, scopes
    return Response(content, media_type="application/json", headers=_allowed(decoder, request))


def _decoder(request: Request) -> PayloadDecoder:
    decoder = services_of(request).decoder
    if decoder is None:
        raise NotFound("payloads are not decoded here")
    return decoder


def _allowed(decoder: PayloadDecoder, request: Request) -> dict[str, str]:
    """For exactly one origin; any other page gets no word that lets a browser show the answer."""
    if not decoder.origin or request.headers.get("origin") != decoder.origin:
        return {"Vary": "Origin"}
    return {
        "Access-Control-Allow-Origin": decoder.origin,
        "Access-Control-Allow-Headers": _HEADERS,
        "Access-Control-Allow-Methods": "POST",
        "Vary": "Origin",
    }
