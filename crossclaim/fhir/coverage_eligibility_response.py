"""What is known of a coverage, as a CoverageEligibilityResponse."""

from __future__ import annotations

from crossclaim.fhir.coverage import coverage_key
from crossclaim.fhir.datatypes import (
    EPISODE,
    Resource,
    fhir_id,
    identifier,
    instant,
    organisation,
    reference,
    without_empty,
)
from crossclaim.fhir.facts import EpisodeFacts
from crossclaim.gateways import fhir_terms as terms


def eligibility(facts: EpisodeFacts, key: str) -> Resource | None:
    """``queued`` while the funder has not said; ``inforce`` once it has."""
    ordinal = int(key.rpartition("-")[2])
    row = next((c for c in facts.rows.coverages if c.ordinal == ordinal), None)
    if row is None:
        return None
    letter = facts.rows.guarantee_of(row.organisation_id) if row.organisation_id else None
    cover = {
        "coverage": reference("Coverage", coverage_key(facts.episode_id, row.ordinal)),
        "inforce": row.eligible,
        "item": [{"authorizationRequired": True}] if letter is not None else [],
    }
    return without_empty(
        {
            "resourceType": "CoverageEligibilityResponse",
            "id": fhir_id(key),
            "identifier": [identifier(EPISODE, facts.episode_id)],
            "status": "active",
            "purpose": ["auth-requirements", "validation"],
            "patient": reference("Patient", facts.episode_id),
            "created": instant(facts.rows.episode.opened_at),
            "request": {
                "type": "CoverageEligibilityRequest",
                "identifier": identifier(terms.VISIT_NUMBER, facts.content.visit.number),
            },
            "outcome": "queued" if row.eligible is None else "complete",
            "disposition": row.disposition,
            "insurer": organisation(row.organisation_id or row.funder.value),
            "insurance": [without_empty(cover)],
            "preAuthRef": letter.number if letter is not None else "",
        }
    )
