"""A document of an episode, as a DocumentReference; its content is named by its digest."""

from __future__ import annotations

from crossclaim.domain.submission import DocumentNamed
from crossclaim.fhir.datatypes import (
    SERVER,
    Resource,
    concept,
    fhir_id,
    identifier,
    organisation,
    reference,
    stamp,
    without_empty,
)
from crossclaim.fhir.facts import EpisodeFacts
from crossclaim.gateways import fhir_terms as terms

SHA256 = f"{SERVER}/identifier/sha256"
DIGITS = 32
"""Of the digest, in an id: R4 allows 64 characters with the episode's."""


def document_key(episode_id: str, sha256: str) -> str:
    return f"{episode_id}-{sha256[:DIGITS]}"


def document_reference(facts: EpisodeFacts, key: str) -> Resource | None:
    digits = key.rpartition("-")[2]
    row = next((d for d in facts.documents if d.sha256.startswith(digits)), None)
    if row is None or facts.closed:
        return None
    named = _named(facts, row.sha256)
    attachment = {
        "contentType": row.content_type,
        "url": f"urn:sha256:{row.sha256}",
        "size": row.size_bytes,
        "title": named.name if named else None,
    }
    return without_empty(
        {
            "resourceType": "DocumentReference",
            "id": fhir_id(key),
            "identifier": [identifier(SHA256, row.sha256)],
            "status": "current",
            "type": concept(terms.DOCUMENT_KIND, named.kind.value) if named else None,
            "subject": reference("Patient", facts.episode_id),
            "date": stamp(row.recorded_at),
            "author": [organisation(row.organisation_id)],
            "content": [{"attachment": without_empty(attachment)}],
            "context": {"encounter": [reference("Encounter", facts.episode_id)]},
        }
    )


def _named(facts: EpisodeFacts, sha256: str) -> DocumentNamed | None:
    named = (d for bill in facts.bills.values() for d in bill.documents)
    return next((d for d in named if d.sha256 == sha256), None)
