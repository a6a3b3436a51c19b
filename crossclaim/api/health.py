"""Health: whether this process and the engines behind it answer."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from crossclaim.api.answer_models import answers
from crossclaim.api.answers_systems import HealthAnswer
from crossclaim.api.services import services_of

router = APIRouter(tags=["health"])

_DOWN = {**answers(HealthAnswer)[200], "description": "An engine does not answer."}


@router.get(
    "/health",
    response_model=None,
    responses={**answers(HealthAnswer), 503: _DOWN},
)
async def read_health(request: Request) -> Response:
    """200 when every engine answers, else 503; ``engines`` tells which does not."""
    engines = services_of(request).engines
    report = await engines.report() if engines else {}
    well = all(report.values())
    body = {"status": "ok" if well else "degraded", "engines": report}
    return JSONResponse(body, status_code=200 if well else 503)
