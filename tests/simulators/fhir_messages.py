"""FHIR requests to an insurer, written by hand from the wire's description."""

from __future__ import annotations

from typing import Any

CATEGORY = "https://crossclaim.example/fhir/CodeSystem/charge-category"

EPISODE_1 = [
    ("room", 3, "3600.00"),
    ("attending_doctor", 3, "900.00"),
    ("surgeon", 1, "18000.00"),
    ("anaesthetist", 1, "7000.00"),
    ("theatre", 1, "6300.00"),
    ("miscellaneous", 1, "8250.50"),
    ("special_drug", 1, "5000.00"),
    ("cross_border_ambulance", 1, "2800.00"),
]
TOTAL = 51850.50

POLICY = "HL-2025-000051"
LIMITED = "HL-2025-000053"


def concept(system: str, code: str) -> dict[str, Any]:
    return {"coding": [{"system": system, "code": code}]}


def bundle(focus: dict[str, Any], policy: str) -> dict[str, Any]:
    resources = [
        focus,
        {
            "resourceType": "Coverage",
            "status": "active",
            "subscriberId": policy,
            "beneficiary": {"reference": "Patient/1"},
            "payor": [{"reference": "Organization/insurer"}],
        },
        {"resourceType": "Patient", "id": "1", "birthDate": "1968-03-12"},
        {"resourceType": "Organization", "id": "insurer", "name": "insurer"},
        {"resourceType": "Organization", "id": "hospital", "name": "hospital"},
    ]
    entries = [{"resource": resource} for resource in resources]
    return {"resourceType": "Bundle", "type": "collection", "entry": entries}


def eligibility(policy: str = POLICY) -> dict[str, Any]:
    request = {
        "resourceType": "CoverageEligibilityRequest",
        "identifier": [{"value": "e-1"}],
        "status": "active",
        "purpose": ["validation", "auth-requirements"],
        "patient": {"reference": "Patient/1"},
        "created": "2026-03-09",
        "insurer": {"reference": "Organization/insurer"},
        "insurance": [{"coverage": {"reference": "Coverage/1"}}],
    }
    return bundle(request, policy)


def _head(reference: str, use: str) -> dict[str, Any]:
    return {
        "resourceType": "Claim",
        "identifier": [{"value": reference}],
        "status": "active",
        "type": concept("http://terminology.hl7.org/CodeSystem/claim-type", "institutional"),
        "use": use,
        "patient": {"reference": "Patient/1"},
        "created": "2026-03-14",
        "insurer": {"reference": "Organization/insurer"},
        "provider": {"reference": "Organization/hospital"},
        "priority": concept("http://terminology.hl7.org/CodeSystem/processpriority", "normal"),
        "insurance": [{"sequence": 1, "focal": True, "coverage": {"reference": "Coverage/1"}}],
        "billablePeriod": {"start": "2026-03-11", "end": "2026-03-14"},
        "total": {"value": TOTAL, "currency": "CNY"},
    }


def guarantee(reference: str, policy: str = POLICY) -> dict[str, Any]:
    return bundle(_head(reference, "preauthorization"), policy)


def claim(
    reference: str,
    policy: str = POLICY,
    payee: str = "provider",
    pre_auth_ref: str = "",
    factor: float = 1.0,
) -> dict[str, Any]:
    focus = _head(reference, "claim")
    focus["payee"] = {"type": concept("http://terminology.hl7.org/CodeSystem/payeetype", payee)}
    if pre_auth_ref:
        focus["insurance"][0]["preAuthRef"] = [pre_auth_ref]
    focus["item"] = [
        {
            "sequence": number,
            "productOrService": concept(CATEGORY, category),
            "servicedDate": "2026-03-12",
            "quantity": {"value": quantity},
            "net": {"value": float(net) * factor, "currency": "CNY"},
        }
        for number, (category, quantity, net) in enumerate(EPISODE_1, start=1)
    ]
    focus["total"] = {"value": TOTAL * factor, "currency": "CNY"}
    return bundle(focus, policy)


def inquiry(reference: str, use: str) -> dict[str, Any]:
    return {
        "resourceType": "Parameters",
        "parameter": [
            {"name": "identifier", "valueIdentifier": {"value": reference}},
            {"name": "use", "valueCode": use},
        ],
    }


def release(reference: str, number: str) -> dict[str, Any]:
    return {
        "resourceType": "Task",
        "identifier": [{"value": reference}],
        "status": "requested",
        "intent": "order",
        "code": concept("http://hl7.org/fhir/CodeSystem/task-code", "release"),
        "focus": {"identifier": {"value": number}},
    }
