"""What a FHIR message is answered: taken, and as far as it is known who pays what."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from starlette.responses import Response

from crossclaim.api.fhir_answer import fhir_response
from crossclaim.api.fhir_intake import FhirAnswer
from crossclaim.api.fhir_request import FhirRequest
from crossclaim.api.services import Answer
from crossclaim.domain.allocation import AllocationResult, FunderTotal
from crossclaim.fhir.adjudication import totals
from crossclaim.fhir.datatypes import (
    EPISODE,
    Resource,
    extension,
    fhir_id,
    identifier,
    instant,
    reference,
    without_empty,
)

_ENGLISH = {"coding": [{"system": "urn:ietf:bcp:47", "code": "en"}]}
RETRY_AFTER_S = 2


def claim_response(request: FhirRequest, told: FhirAnswer, *, at: datetime) -> Response:
    """``queued``: it is taken and its episode runs; the decision is the funder's."""
    claim, answer = request.focus.value, told.answer
    parts = _totals(answer)
    known = request.use == "predetermination" and parts
    response = {
        "resourceType": "ClaimResponse",
        "extension": [
            extension("episode", valueIdentifier=identifier(EPISODE, answer.episode_id)),
            *parts,
        ],
        "identifier": [identifier(EPISODE, answer.episode_id)],
        "status": "active",
        "type": claim.get("type"),
        "use": request.use,
        "patient": reference("Patient", answer.episode_id),
        "created": instant(at),
        "insurer": _insurer(claim),
        "request": {"identifier": claim["identifier"][0]} if claim.get("identifier") else None,
        "outcome": "complete" if known else "queued",
        "disposition": _said(told),
        "processNote": _notes(told),
    }
    return _answered(response, "ClaimResponse", answer)


def eligibility_response(
    request: FhirRequest, told: FhirAnswer | None, found: list[Resource], at: datetime
) -> Response:
    """What is known of the cover that the request is about; ``queued`` before its funder spoke."""
    asked, answer = request.focus.value, told.answer if told else None
    episode_id = answer.episode_id if answer else request.episode_id
    assert episode_id is not None, "a request is about an episode, or opens one"
    if found:
        return fhir_response(found[0], 200, _headers("CoverageEligibilityResponse", episode_id))
    response = {
        "resourceType": "CoverageEligibilityResponse",
        "identifier": [identifier(EPISODE, episode_id)],
        "status": "active",
        "purpose": asked.get("purpose"),
        "patient": reference("Patient", episode_id),
        "created": instant(at),
        "request": {
            "type": "CoverageEligibilityRequest",
            "identifier": (asked.get("identifier") or [identifier(EPISODE, episode_id)])[0],
        },
        "outcome": "queued",
        "disposition": " ".join(
            [f"Taken as episode {episode_id}.", *filter(None, told.notes if told else [])]
        ),
        "insurer": asked.get("insurer") if _named(asked) else {"display": "crossclaim"},
    }
    return _answered(
        response,
        "CoverageEligibilityResponse",
        answer or Answer(status=202, body={}, episode_id=episode_id),
    )


def _answered(response: Resource, kind: str, answer: Answer) -> Response:
    headers = _headers(kind, answer.episode_id)
    if answer.replayed:
        headers["Idempotent-Replayed"] = "true"
    if answer.status == 202:
        headers["Retry-After"] = str(RETRY_AFTER_S)
    status = 202 if answer.status == 202 else 200
    return fhir_response(without_empty(response), status, headers)


def _headers(kind: str, episode_id: str) -> dict[str, str]:
    """Where the answer is to be found, now and when the funder has spoken."""
    return {"Location": f"/fhir/{kind}?patient={fhir_id(episode_id)}"}


def _totals(answer: Answer) -> list[Resource]:
    """What each funder carries, where the answer is a split."""
    found = answer.body.get("totals")
    if not isinstance(found, list) or not answer.body.get("total"):
        return []
    parts = [FunderTotal.model_validate(one) for one in found]
    whole = AllocationResult(total=answer.body["total"], totals=parts)
    return totals(whole)


def _said(told: FhirAnswer) -> str:
    if told.whole:
        return f"Taken as episode {told.answer.episode_id}."
    return (
        f"Episode {told.answer.episode_id} is being opened. Send the same message again: what is "
        "taken already is answered as before, and the rest is taken then."
    )


def _insurer(claim: dict[str, Any]) -> Resource:
    return claim["insurer"] if _named(claim) else {"display": "crossclaim"}


def _named(resource: dict[str, Any]) -> bool:
    """A reference into the message would lead nowhere from the answer."""
    insurer = resource.get("insurer")
    return isinstance(insurer, dict) and ("identifier" in insurer or "display" in insurer)


def _notes(told: FhirAnswer) -> list[Resource]:
    return [
        {"number": n, "type": "print", "text": text, "language": _ENGLISH}
        for n, text in enumerate(filter(None, told.notes), 1)
    ]
