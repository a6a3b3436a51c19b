"""How the insurer says that a request cannot be served: FHIR ``OperationOutcome``."""

from __future__ import annotations

from typing import Any

from starlette.responses import JSONResponse, Response

CONTENT_TYPE = "application/fhir+json; fhirVersion=4.0"

_ISSUE_BY_STATUS = {401: "login", 404: "not-found", 409: "conflict", 500: "exception"}


class FhirResponse(JSONResponse):
    media_type = CONTENT_TYPE


class FhirFault(Exception):
    """A request that is refused, with the element that is at fault."""

    def __init__(self, status: int, code: str, diagnostics: str, expression: str = "") -> None:
        super().__init__(diagnostics)
        self.status = status
        self.code = code
        self.diagnostics = diagnostics
        self.expression = expression

    def response(self) -> Response:
        return FhirResponse(outcome(self.code, self.diagnostics, self.expression), self.status)


def outcome(code: str, diagnostics: str, expression: str = "") -> dict[str, Any]:
    issue: dict[str, Any] = {"severity": "error", "code": code, "diagnostics": diagnostics}
    if expression:
        issue["expression"] = [expression]
    return {"resourceType": "OperationOutcome", "issue": [issue]}


def refuse(status: int, code: str, message: str) -> Response:
    issue = _ISSUE_BY_STATUS.get(status, "invalid")
    return FhirResponse(outcome(issue, f"{code}: {message}"), status)
