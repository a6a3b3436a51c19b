"""What the FHIR server answers: resources with their version, or an OperationOutcome."""

from __future__ import annotations

import re
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from crossclaim.api.fhir_fault import operation_outcome
from crossclaim.api.problem import MAX_ERRORS, extra_headers, faults_to_tell, title_of
from crossclaim.domain.allocation import Fault
from crossclaim.domain.errors import CrossclaimError
from crossclaim.gateways import strict_json

FHIR_JSON = "application/fhir+json"
RESOURCE = {"type": "object", "required": ["resourceType"]}
_TEXT = {"type": "string"}


def one_of(kind: str) -> dict[str, Any]:
    """How one resource of a type is described; a test holds its elements to R4."""
    known = {"resourceType": {"const": kind}, "id": {**_TEXT, "pattern": r"^[A-Za-z0-9\-.]{1,64}$"}}
    return {"type": "object", "required": ["resourceType"], "properties": known}


def found_of(kind: str) -> dict[str, Any]:
    """How a search is described: what matches, what was asked for beside it, what was ignored."""
    entry = {
        "type": "object",
        "required": ["resource"],
        "properties": {
            "fullUrl": _TEXT,
            "resource": RESOURCE,
            "search": {"properties": {"mode": {"enum": ["match", "include", "outcome"]}}},
        },
        "if": {"properties": {"search": {"properties": {"mode": {"const": "match"}}}}},
        "then": {"properties": {"resource": one_of(kind)}, "required": ["fullUrl"]},
    }
    return {
        "type": "object",
        "required": ["resourceType", "type"],
        "properties": {
            "resourceType": {"const": "Bundle"},
            "type": {"const": "searchset"},
            "total": {"type": "integer", "minimum": 0},
            "link": {"type": "array", "minItems": 1, "items": {"required": ["relation", "url"]}},
            "entry": {"type": "array", "minItems": 1, "items": entry},
        },
    }


OUTCOME = {
    "type": "object",
    "required": ["resourceType", "issue"],
    "properties": {
        "resourceType": {"const": "OperationOutcome"},
        "issue": {"type": "array", "minItems": 1, "items": {"type": "object"}},
    },
}
"""How the answers are described."""
_PLACE = "/fhir"
_TAG = re.compile(r'(?:W/)?"([^"]*)"')
_ISSUE_OF_STATUS = {
    401: "login",
    403: "forbidden",
    404: "not-found",
    409: "conflict",
    410: "deleted",
    413: "too-long",
    500: "exception",
    503: "transient",
}


def is_fhir(path: str) -> bool:
    """Everything below ``/fhir`` answers in FHIR, whatever the caller accepts."""
    return path == _PLACE or path.startswith(f"{_PLACE}/")


def outcome_response(error: CrossclaimError) -> Response:
    """The error as an R4 OperationOutcome, under its own status."""
    whole = Fault(code=error.code, pointer="", text=title_of(error))
    outcome = operation_outcome((faults_to_tell(error) or [whole])[:MAX_ERRORS])
    if error.status in _ISSUE_OF_STATUS:
        for issue in outcome["issue"]:
            if issue["code"] in ("business-rule", "invalid"):
                issue["code"] = _ISSUE_OF_STATUS[error.status]
    return fhir_response(outcome, error.status, extra_headers(error))


def fhir_response(
    resource: dict[str, Any], status: int = 200, headers: dict[str, str] | None = None
) -> Response:
    return Response(
        strict_json.dumps(resource),
        status_code=status,
        media_type=FHIR_JSON,
        headers=headers,
    )


def versioned_response(request: Request, resource: dict[str, Any]) -> Response:
    """304 for whoever has this version already."""
    version = resource["meta"]["versionId"]
    headers = {"ETag": f'W/"{version}"', "Vary": "Authorization"}
    known = _TAG.findall(request.headers.get("if-none-match", ""))
    if version in known:
        return Response(status_code=304, headers=headers)
    return fhir_response(resource, headers=headers)
