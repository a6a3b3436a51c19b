"""What the FHIR door answers: a ClaimResponse, or an OperationOutcome."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from crossclaim.api.fhir_fault import operation_outcome
from crossclaim.api.problem import extra_headers, faults_to_tell, title_of
from crossclaim.api.services import Answer
from crossclaim.domain.allocation import Fault
from crossclaim.domain.errors import CrossclaimError

FHIR_JSON = "application/fhir+json"
EPISODE_SYSTEM = "https://crossclaim.example/fhir/identifier/episode"

_ISSUE_OF_STATUS = {
    401: "login",
    403: "forbidden",
    404: "not-found",
    409: "conflict",
    413: "too-long",
    503: "transient",
}


def accepts_fhir(request: Request) -> bool:
    """Whether the caller asks for FHIR; everyone else gets problem+json."""
    return FHIR_JSON in request.headers.get("accept", "").lower()


def outcome_response(error: CrossclaimError) -> Response:
    """The error as an R4 OperationOutcome, under its own status."""
    faults = faults_to_tell(error)
    whole = Fault(code=error.code, pointer="", text=title_of(error))
    outcome = operation_outcome(faults or [whole])
    if error.status in _ISSUE_OF_STATUS:
        for issue in outcome["issue"]:
            issue["code"] = _ISSUE_OF_STATUS[error.status]
    return JSONResponse(
        outcome, status_code=error.status, media_type=FHIR_JSON, headers=extra_headers(error)
    )


def claim_response(message: dict[str, Any], answer: Answer, *, at: datetime) -> Response:
    """``queued``: the claim is taken and its episode runs; the decision is the insurer's."""
    claim = _claim_of(message)
    response = {
        "resourceType": "ClaimResponse",
        "identifier": [{"system": EPISODE_SYSTEM, "value": answer.episode_id}],
        "status": "active",
        "type": claim["type"],
        "use": "claim",
        "patient": claim["patient"],
        "created": at.isoformat(timespec="seconds"),
        "insurer": claim.get("insurer") or {"display": "crossclaim"},
        "request": {"identifier": claim["identifier"][0]},
        "outcome": "queued",
        "disposition": f"Taken as episode {answer.episode_id}.",
    }
    headers = {"Location": f"/v1/episodes/{answer.episode_id}"}
    if answer.replayed:
        headers["Idempotent-Replayed"] = "true"
    status = 202 if answer.status == 202 else 200
    return JSONResponse(response, status_code=status, media_type=FHIR_JSON, headers=headers)


def _claim_of(message: dict[str, Any]) -> dict[str, Any]:
    """The message's Claim, which reading it has shown to be there exactly once."""
    if message["resourceType"] == "Claim":
        return message
    resources = [entry.get("resource") or {} for entry in message["entry"]]
    claims: list[dict[str, Any]] = [r for r in resources if r.get("resourceType") == "Claim"]
    return claims[0]
