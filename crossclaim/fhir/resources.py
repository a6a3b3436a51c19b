"""Which function writes which resource type, and how a written one gets its version."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any

from crossclaim.fhir.claim import claim
from crossclaim.fhir.claim_response import claim_response
from crossclaim.fhir.consent import consent
from crossclaim.fhir.coverage import coverage
from crossclaim.fhir.coverage_eligibility_response import eligibility
from crossclaim.fhir.datatypes import Resource, our_id, stamp
from crossclaim.fhir.document_reference import document_reference
from crossclaim.fhir.encounter import encounter
from crossclaim.fhir.episode_of_care import episode_of_care
from crossclaim.fhir.explanation_of_benefit import explanation
from crossclaim.fhir.facts import EpisodeFacts
from crossclaim.fhir.information import communication, communication_request, task
from crossclaim.fhir.patient import patient
from crossclaim.fhir.payment_notice import payment_notice
from crossclaim.gateways import strict_json

Builder = Callable[[EpisodeFacts, str], Resource | None]

BUILDERS: Mapping[str, Builder] = {
    "Claim": claim,
    "ClaimResponse": claim_response,
    "ExplanationOfBenefit": explanation,
    "Coverage": coverage,
    "CoverageEligibilityResponse": eligibility,
    "Consent": consent,
    "EpisodeOfCare": episode_of_care,
    "Encounter": encounter,
    "Patient": patient,
    "PaymentNotice": payment_notice,
    "CommunicationRequest": communication_request,
    "Communication": communication,
    "Task": task,
    "DocumentReference": document_reference,
}
"""Of everything that belongs to one episode; by our own id of it."""


def versioned(resource: Resource, changed_at: datetime) -> Resource:
    """With ``meta``: the version is a digest of the content, so that equal ones are equal."""
    digest = hashlib.sha256(strict_json.dumps(resource)).hexdigest()[:16]
    meta = {**resource.get("meta", {}), "versionId": digest, "lastUpdated": stamp(changed_at)}
    return {"resourceType": resource["resourceType"], "id": resource["id"], "meta": meta} | {
        name: value
        for name, value in resource.items()
        if name not in ("resourceType", "id", "meta")
    }


def referred(resource: Resource, path: str) -> Iterator[tuple[str, str]]:
    """Type and our id of what an element refers to, through lists on the way."""
    for place in _at(resource, path.split(".")):
        named = place.get("reference") if isinstance(place, dict) else None
        kind, _, their_id = named.partition("/") if isinstance(named, str) else ("", "", "")
        ours = our_id(their_id)
        if kind in BUILDERS and ours is not None:
            yield kind, ours


def _at(node: Any, steps: list[str]) -> Iterator[Any]:
    if isinstance(node, list):
        for one in node:
            yield from _at(one, steps)
    elif not steps:
        yield node
    elif isinstance(node, dict) and steps[0] in node:
        yield from _at(node[steps[0]], steps[1:])
