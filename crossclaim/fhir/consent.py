"""A consent; inactive once it was withdrawn."""

from __future__ import annotations

from crossclaim.domain.records import ConsentRow
from crossclaim.fhir.datatypes import (
    EPISODE,
    Resource,
    concept,
    extension,
    fhir_id,
    identifier,
    instant,
    organisation,
    reference,
    without_empty,
)
from crossclaim.fhir.facts import EpisodeFacts
from crossclaim.gateways import fhir_terms as terms

_SCOPE = "http://terminology.hl7.org/CodeSystem/consentscope"


def consent_key(episode_id: str, number: int) -> str:
    return f"{episode_id}-{number}"


def consent(facts: EpisodeFacts, key: str) -> Resource | None:
    number = int(key.rpartition("-")[2])
    row = next((c for c in facts.rows.consents if c.id == number), None)
    if row is None:
        return None
    built = _built(facts, row, key)
    own = {"id", "extension", "status", "patient", "provision"}
    sent = (
        facts.sent(f"Consent/{row.type.value}/{row.recipient}") if row.given_by == "patient" else {}
    )
    merged = {**built, **sent, **{name: built[name] for name in own if name in built}}
    if "provision" in sent:
        merged["provision"] = {**built.get("provision", {}), **sent["provision"]}
    return merged


def _built(facts: EpisodeFacts, row: ConsentRow, key: str) -> Resource:
    stated = next(
        (
            c
            for c in facts.content.consents
            if c.type is row.type and (c.recipient or "") == row.recipient
        ),
        None,
    )
    category = [concept(terms.CONSENT_TYPE, row.type.value)]
    if stated is not None:
        category.append(concept(terms.CONSENT_CHANNEL, stated.channel))
    recipient = {
        "role": concept(terms.PARTICIPATION, "IRCP"),
        "reference": organisation(row.recipient),
    }
    held = {"start": instant(row.signed_at)}
    if row.withdrawn_at is not None:
        held["end"] = instant(row.withdrawn_at)
    episode = identifier(EPISODE, facts.episode_id)
    return without_empty(
        {
            "resourceType": "Consent",
            "id": fhir_id(key),
            "extension": [extension("episode", valueIdentifier=episode)],
            "status": "active" if row.in_force else "inactive",
            "scope": concept(_SCOPE, "patient-privacy"),
            "category": category,
            "patient": reference("Patient", facts.episode_id),
            "dateTime": instant(row.signed_at),
            "policyRule": concept(terms.CONSENT_TEXT, row.text_version),
            "provision": without_empty(
                {
                    "type": "permit",
                    "period": held,
                    "actor": [recipient] if row.recipient else [],
                }
            ),
        }
    )
