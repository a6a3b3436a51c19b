"""A right of the patient's against one funder, as a Coverage."""

from __future__ import annotations

from crossclaim.domain.records import CoverageRow
from crossclaim.domain.submission import CoverageClaimed
from crossclaim.fhir.datatypes import (
    EPISODE,
    Resource,
    concept,
    extension,
    fhir_id,
    identifier,
    organisation,
    reference,
    without_empty,
)
from crossclaim.fhir.facts import EpisodeFacts
from crossclaim.gateways import fhir_terms as terms


def coverage_key(episode_id: str, ordinal: int) -> str:
    return f"{episode_id}-{ordinal}"


def coverage_of(facts: EpisodeFacts, insurer: str | None) -> Resource | None:
    """A reference to the coverage of one insurer."""
    row = facts.rows.insured_with(insurer)
    if row is None:
        return None
    return reference("Coverage", coverage_key(facts.episode_id, row.ordinal))


def coverage(facts: EpisodeFacts, key: str) -> Resource | None:
    ordinal = int(key.rpartition("-")[2])
    row = next((c for c in facts.rows.coverages if c.ordinal == ordinal), None)
    if row is None or ordinal >= len(facts.content.coverages):
        return None
    stated = facts.content.coverages[ordinal]
    sent = facts.sent(f"Coverage/{ordinal}")
    built = _built(facts, row, stated, key)
    return {**built, **sent, **{name: built[name] for name in ("id", "extension", "status")}}


def _built(facts: EpisodeFacts, row: CoverageRow, stated: CoverageClaimed, key: str) -> Resource:
    number = stated.policy_number if facts.whole or row.organisation_id else None
    who = row.organisation_id or row.funder.value
    plan = {"type": concept(terms.COVERAGE_CLASS, "plan"), "value": row.plan}
    episode = identifier(EPISODE, facts.episode_id)
    return without_empty(
        {
            "resourceType": "Coverage",
            "id": fhir_id(key),
            "extension": [extension("episode", valueIdentifier=episode)],
            "identifier": [identifier(terms.POLICY_NUMBER, number)] if number else [],
            "status": "active",
            "type": concept(terms.FUNDER, row.funder.value),
            "subscriberId": number,
            "beneficiary": reference("Patient", facts.episode_id),
            "period": _held(stated),
            "payor": [organisation(who)],
            "class": [plan] if row.plan else [],
            "order": stated.order,
        }
    )


def _held(stated: CoverageClaimed) -> Resource:
    start, end = stated.covered_since, stated.covered_until
    return without_empty(
        {"start": start.isoformat() if start else "", "end": end.isoformat() if end else ""}
    )
