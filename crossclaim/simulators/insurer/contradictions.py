"""Answers that cannot be true, as an insurer's system with a fault would write them."""

from __future__ import annotations

import copy
from typing import Any

from crossclaim.simulators.insurer.requests import Resource

CONTRADICTIONS = frozenset({"total_untrue", "other_currency", "other_request"})
"""Only what is said is untrue; what is kept stays right, and is said once the fault has ended."""
OFF_HKD = 1000.0


def contradicted(resource: Resource, fault: str) -> Resource:
    """The same answer with a benefit that is no sum, in another currency, or to another request."""
    told: Resource = copy.deepcopy(resource)
    if fault == "other_request" and "request" in told:
        told["request"]["identifier"]["value"] = "CL-OF-SOMEBODY-ELSE"
    if fault == "other_currency":
        for amount in _amounts(told):
            amount["currency"] = "USD"
    if fault == "total_untrue":
        for total in told.get("total", []):
            if _code(total) == "benefit":
                total["amount"]["value"] += OFF_HKD
    return told


def _amounts(told: Resource) -> list[dict[str, Any]]:
    """Of what the insurer pays; what was submitted stays as it was."""
    parts = [*told.get("total", [])]
    for item in told.get("item", []):
        parts += item.get("adjudication", [])
    return [part["amount"] for part in parts if "amount" in part and _code(part) != "submitted"]


def _code(part: dict[str, Any]) -> str:
    return str(part["category"]["coding"][0]["code"])
