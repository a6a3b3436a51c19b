"""Appointments through the voucher entry, from registration to the visit or its end."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import Response

from crossclaim.api.access import Requires
from crossclaim.api.entry import take
from crossclaim.api.openapi import documented
from crossclaim.domain.appointment import AppointmentSubmission
from crossclaim.domain.submission import SubmissionKind
from crossclaim.security.roles import Operation, Principal

router = APIRouter(tags=["vouchers"])


@router.post("/v1/episodes/{episode_id}/appointments", **documented(AppointmentSubmission))
async def record_appointment(
    episode_id: str,
    request: Request,
    principal: Annotated[Principal, Depends(Requires(Operation.RECORD_APPOINTMENT))],
) -> Response:
    """Register an appointment for a visit with vouchers, or say what became of it."""
    return await take(request, principal, SubmissionKind.APPOINTMENT, episode_id)
