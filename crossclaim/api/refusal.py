"""An error as its address answers it: an OperationOutcome below ``/fhir``, else a problem."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from crossclaim.api.fhir_answer import is_fhir, outcome_response
from crossclaim.api.problem import problem_response
from crossclaim.domain.errors import CrossclaimError


def refusal(request: Request, error: CrossclaimError) -> Response:
    if is_fhir(request.url.path):
        return outcome_response(error)
    return problem_response(request, error)
