"""The person of an episode, as a Patient."""

from __future__ import annotations

from crossclaim.domain.identity import IDENTIFIER_SYSTEMS
from crossclaim.domain.submission import IdentityDocument
from crossclaim.fhir.datatypes import Resource, fhir_id, without_empty
from crossclaim.fhir.facts import EpisodeFacts

_ABSENT = "http://hl7.org/fhir/StructureDefinition/data-absent-reason"


def patient(facts: EpisodeFacts, key: str) -> Resource | None:
    if facts.closed:
        return None
    person = facts.content.patient
    names = [name for name in (person.name.zh, person.name.en) if name]
    mobile = {"system": "phone", "value": person.mobile, "use": "mobile"}
    built = without_empty(
        {
            "resourceType": "Patient",
            "id": fhir_id(facts.episode_id),
            "identifier": [_document(one, open_=facts.unmasked) for one in person.documents],
            "name": [{"text": name} for name in names],
            "telecom": [mobile] if person.mobile and facts.unmasked else [],
            "birthDate": person.birth_date.isoformat(),
        }
    )
    sent = facts.sent("Patient") if facts.unmasked else {}
    return {**sent, **built, **{k: sent[k] for k in ("identifier", "telecom", "name") if k in sent}}


def _document(document: IdentityDocument, *, open_: bool) -> Resource:
    """A masked number says that there is one, and nothing of it."""
    until = {"end": document.valid_until.isoformat()} if document.valid_until else None
    if open_:
        told: Resource = {"value": document.number, "period": until}
    else:
        masked = {"url": _ABSENT, "valueCode": "masked"}
        told = {"_value": {"extension": [masked]}}
    return without_empty({"system": IDENTIFIER_SYSTEMS[document.type], **told})
