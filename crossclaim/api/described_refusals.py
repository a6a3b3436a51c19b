"""What the framework describes of refused parameters by itself, told as we answer it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from crossclaim.api.fhir_answer import FHIR_JSON, OUTCOME

_FRAMEWORKS = "HTTPValidationError"


def tell_refused_parameters(
    document: dict[str, Any], problem: Mapping[int | str, dict[str, Any]]
) -> None:
    """Parameters are refused as a problem; under `/fhir` as an OperationOutcome."""
    outcome = {"content": {FHIR_JSON: {"schema": OUTCOME}}}
    for path, operations in document["paths"].items():
        for operation in operations.values():
            if _FRAMEWORKS in str(operation["responses"].get("422")):
                refused = problem[422]
                if path.startswith("/fhir"):
                    refused = {"description": refused["description"], **outcome}
                operation["responses"]["422"] = refused
    for schema in (_FRAMEWORKS, "ValidationError"):
        document.get("components", {}).get("schemas", {}).pop(schema, None)
