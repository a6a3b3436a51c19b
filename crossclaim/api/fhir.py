"""The FHIR server's operations: what a hospital sends, as the submissions that it says.

There is no second way to write: each message becomes submissions as those of ``/v1``.
"""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import Response

from crossclaim.api.access import Requires
from crossclaim.api.entry import check_episode_id, idempotency_key
from crossclaim.api.fhir_answer import FHIR_JSON, OUTCOME, fhir_response, found_of, one_of
from crossclaim.api.fhir_fault import check_content_type
from crossclaim.api.fhir_inquiry import answers_to, read_inquiry
from crossclaim.api.fhir_intake import answered, read_message
from crossclaim.api.fhir_port import FhirQuery, FhirReads
from crossclaim.api.fhir_request import ELIGIBILITY, FhirRequest, read_claim, read_eligibility
from crossclaim.api.fhir_server import note_opened, reads_of, resource_in
from crossclaim.api.fhir_submitted import claim_response, eligibility_response
from crossclaim.api.services import services_of
from crossclaim.security.roles import Operation, Principal

router = APIRouter(tags=["fhir"])


def _described(about: str, answer: dict[str, Any]) -> dict[str, Any]:
    content = {FHIR_JSON: {"schema": {"type": "object", "description": about}}}
    outcome = {"description": "An OperationOutcome.", "content": {FHIR_JSON: {"schema": OUTCOME}}}
    return {
        "openapi_extra": {"requestBody": {"required": True, "content": content}},
        "response_class": Response,
        "responses": {
            200: {"description": "FHIR R4.", "content": {FHIR_JSON: {"schema": answer}}},
            202: {
                "description": "Taken; poll the address in Location.",
                "content": {FHIR_JSON: {"schema": answer}},
            },
            **dict.fromkeys((400, 401, 403, 404, 409, 413, 415, 422, 503), outcome),
        },
    }


@router.post(
    "/fhir/Claim/$submit",
    **_described("A Bundle around a Claim, or a Claim.", one_of("ClaimResponse")),
)
async def submit_claim(
    request: Request,
    principal: Annotated[Principal, Depends(Requires(Operation.SUBMIT_BILL))],
) -> Response:
    """Submit a claim, a predetermination or a preauthorization; answered by a ClaimResponse."""
    services = services_of(request)
    message = await read_message(request, services.body_limit_bytes, read_claim)
    told = await answered(services, principal, message, idempotency_key(request))
    return claim_response(message, told, at=services.now())


@router.post(
    f"/fhir/{ELIGIBILITY}/$submit",
    **_described(
        f"A Bundle around a {ELIGIBILITY}, or one.", one_of("CoverageEligibilityResponse")
    ),
)
async def submit_eligibility(
    request: Request,
    principal: Annotated[Principal, Depends(Requires(Operation.SUBMIT_EPISODE))],
) -> Response:
    """Ask whether a cover is in force; a Bundle with patient and visit opens their episode."""
    services = services_of(request)
    message = await read_message(request, services.body_limit_bytes, read_eligibility)
    told = None
    if message.pieces:
        told = await answered(services, principal, message, idempotency_key(request))
    episode_id = told.answer.episode_id if told else check_episode_id(message.episode_id or "")
    if services.fhir is None:
        return eligibility_response(message, told, [], services.now())
    query = FhirQuery(patients=[episode_id], limit=20)
    page = await services.fhir.search(principal, "CoverageEligibilityResponse", query)
    note_opened(request, page)
    known = [one for one in page.found if one["outcome"] != "queued" and _asked(message, one)]
    return eligibility_response(message, told, known, services.now())


@router.post(
    "/fhir/Claim/$inquire",
    **_described("Parameters, a Claim, or a Bundle around one.", found_of("ClaimResponse")),
)
async def inquire_claim(
    request: Request,
    principal: Annotated[Principal, Depends(Requires(Operation.READ_BILL))],
) -> Response:
    """Ask how claims stand, by any of their identifiers; answered by a Bundle of ClaimResponses."""
    check_content_type(request.headers.get("content-type"))
    inquiry = read_inquiry(await resource_in(request))
    reads: FhirReads = reads_of(request)
    page = await answers_to(reads, principal, inquiry)
    note_opened(request, page)
    place = str(request.url.replace(query="", fragment="")).removesuffix("/Claim/$inquire")
    entries = [
        {
            "fullUrl": f"{place}/ClaimResponse/{one['id']}",
            "resource": one,
            "search": {"mode": "match"},
        }
        for one in page.found
    ]
    bundle = {"resourceType": "Bundle", "type": "searchset", "total": len(entries)}
    return fhir_response({**bundle, "entry": entries} if entries else bundle)


def _asked(message: FhirRequest, response: dict[str, Any]) -> bool:
    """Of the cover in focus, or of the first where none is."""
    insurances = message.focus.value.get("insurance") or []
    place = next((n for n, one in enumerate(insurances) if one.get("focal")), 0)
    named = insurances[place].get("coverage", {}).get("reference", "") if insurances else ""
    told = str(response["insurance"][0]["coverage"]["reference"])
    return told == named or (not named.startswith("Coverage/ep-") and told.endswith(f"-{place}"))
