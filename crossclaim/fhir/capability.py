"""The CapabilityStatement: made of the table that the routes are made of."""

from __future__ import annotations

from functools import cache

from crossclaim.fhir.datatypes import SERVER, Resource, without_empty
from crossclaim.fhir.served import OPERATIONS, SERVED, Served
from crossclaim.fhir.structure import STRUCTURES

_SPEC = "http://hl7.org/fhir"
_DEFINITIONS = {
    ("Claim", "submit"): f"{_SPEC}/OperationDefinition/Claim-submit",
    ("Claim", "inquire"): "http://hl7.org/fhir/us/davinci-pas/OperationDefinition/Claim-inquire",
    ("CoverageEligibilityRequest", "submit"): (
        f"{_SPEC}/OperationDefinition/CoverageEligibilityRequest-submit"
    ),
}
_PUBLISHED = "2026-11-22"


@cache
def capability_statement() -> Resource:
    others = [kind for kind in OPERATIONS if all(one.type != kind for one in SERVED)]
    resources = [*(_resource(one) for one in SERVED), *(_operations_of(kind) for kind in others)]
    resources.append(
        {
            "type": "StructureDefinition",
            "interaction": [{"code": "read"}, {"code": "search-type"}],
            "searchParam": [{"name": "url", "type": "uri"}],
        }
    )
    return {
        "resourceType": "CapabilityStatement",
        "url": f"{SERVER}/CapabilityStatement/crossclaim",
        "name": "Crossclaim",
        "status": "active",
        "date": _PUBLISHED,
        "kind": "instance",
        "software": {"name": "crossclaim"},
        "implementation": {"description": "Episodes of cross-border care and their payment."},
        "fhirVersion": "4.0.1",
        "format": ["application/fhir+json", "json"],
        "rest": [
            {
                "mode": "server",
                "documentation": (
                    "Every change is a message: Claim/$submit and CoverageEligibilityRequest/"
                    "$submit. Create, update and delete are refused. Whose resource it is decides "
                    "who may read it."
                ),
                "security": {
                    "cors": False,
                    "description": "Authorization: Bearer, with a key of the organisation.",
                },
                "resource": sorted(resources, key=lambda one: str(one["type"])),
                "operation": [
                    {
                        "name": "validate",
                        "definition": f"{_SPEC}/OperationDefinition/Resource-validate",
                    }
                ],
            }
        ],
    }


def _resource(one: Served) -> Resource:
    profiles = [s.url for s in STRUCTURES if one.type in s.on]
    return without_empty(
        {
            "type": one.type,
            "documentation": " ".join(
                [one.about, *(["Extensions: " + ", ".join(profiles) + "."] if profiles else [])]
            ),
            "interaction": [{"code": "read"}, {"code": "search-type"}],
            "versioning": "versioned",
            "readHistory": False,
            "conditionalRead": "not-match",
            "referencePolicy": ["literal", "logical"],
            "searchInclude": [f"{one.type}:{name}" for name, _ in one.includes],
            "searchParam": [
                {"name": name, "type": kind} for name, kind in sorted(one.parameters.items())
            ],
            "operation": _operations_of(one.type).get("operation", []),
        }
    )


def _operations_of(kind: str) -> Resource:
    named = [
        {"name": code, "definition": _DEFINITIONS[kind, code]} for code in OPERATIONS.get(kind, ())
    ]
    return without_empty({"type": kind, "operation": named})
