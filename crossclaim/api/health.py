"""Health: whether this process and the engines behind it answer."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from crossclaim.api.services import services_of

router = APIRouter(tags=["health"])


@router.get("/health", responses={503: {"description": "An engine does not answer."}})
async def read_health(request: Request) -> Response:
    """200 when every engine answers, else 503; ``engines`` tells which does not."""
    engines = services_of(request).engines
    report = await engines.report() if engines else {}
    well = all(report.values())
    body = {"status": "ok" if well else "degraded", "engines": report}
    return JSONResponse(body, status_code=200 if well else 503)
