"""Callbacks: what insurers send of themselves, authenticated by its signature."""

from __future__ import annotations

import re

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from crossclaim.api.body import read_body
from crossclaim.api.openapi import problems
from crossclaim.api.services import services_of
from crossclaim.domain.errors import NotFound

router = APIRouter(tags=["callbacks"])

_INSURER = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:\-]{0,63}")


@router.post(
    "/callbacks/insurers/{insurer}",
    status_code=204,
    response_class=Response,
    responses=problems(401, 404, 413, 503),
)
async def receive_callback(insurer: str, request: Request) -> Response:
    """Take an insurer's answer, signed after Standard Webhooks 1.0.0; 2xx means that it is kept."""
    services = services_of(request)
    if not _INSURER.fullmatch(insurer):
        raise NotFound("there is no such insurer")
    raw_body = await read_body(request, services.body_limit_bytes)
    await services.callbacks.receive(insurer, dict(request.headers), raw_body)
    return Response(status_code=204)
