"""The FHIR door: a hospital's R4 ``Claim`` Bundle as episode, stay and bill in one message.

Refusals are problem+json, or an ``OperationOutcome`` for callers who accept FHIR.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import Response

from crossclaim.api.access import Requires
from crossclaim.api.entry import idempotency_key
from crossclaim.api.fhir_answer import FHIR_JSON, accepts_fhir, claim_response, outcome_response
from crossclaim.api.fhir_intake import claim_submitted, read_message
from crossclaim.api.openapi import problems
from crossclaim.api.services import services_of
from crossclaim.domain.errors import CrossclaimError
from crossclaim.security.roles import Operation, Principal

router = APIRouter(tags=["fhir"])

_BUNDLE = {FHIR_JSON: {"schema": {"type": "object", "description": "A FHIR R4 Bundle."}}}


@router.post(
    "/fhir/Claim/$submit",
    openapi_extra={"requestBody": {"required": True, "content": _BUNDLE}},
    responses=problems(400, 401, 403, 409, 413, 415, 422, 503),
)
async def submit_claim(
    request: Request,
    principal: Annotated[Principal, Depends(Requires(Operation.SUBMIT_BILL))],
) -> Response:
    """Submit an inpatient claim as a FHIR R4 collection Bundle; answered by a ClaimResponse."""
    services = services_of(request)
    try:
        message = await read_message(request, services.body_limit_bytes)
        key = idempotency_key(request)
        answer = await claim_submitted(services, principal, message.submission, key)
    except CrossclaimError as error:
        if not accepts_fhir(request):
            raise
        return outcome_response(error)
    return claim_response(message.resource, answer, at=services.now())
