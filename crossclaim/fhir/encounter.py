"""The visit or stay of an episode, as an Encounter."""

from __future__ import annotations

from crossclaim.domain.records import EpisodeRow
from crossclaim.domain.submission import EncounterClass
from crossclaim.fhir.datatypes import (
    Resource,
    concept,
    fhir_id,
    identifier,
    organisation,
    period,
    reference,
    without_empty,
)
from crossclaim.fhir.facts import EpisodeFacts
from crossclaim.gateways import fhir_terms as terms

_CLASSES = {
    EncounterClass.INPATIENT: "IMP",
    EncounterClass.OUTPATIENT: "AMB",
    EncounterClass.EMERGENCY: "EMER",
    EncounterClass.DAY_PROCEDURE: "SS",
}


def encounter(facts: EpisodeFacts, key: str) -> Resource | None:
    row, visit = facts.rows.episode, facts.content.visit
    built = without_empty(
        {
            "resourceType": "Encounter",
            "id": fhir_id(row.id),
            "identifier": [identifier(terms.VISIT_NUMBER, visit.number)],
            "status": encounter_status(row),
            "class": _class(row.encounter_class),
            "type": [concept(terms.VISIT_CHANNEL, visit.channel)],
            "serviceType": concept(terms.DEPARTMENT, visit.department),
            "subject": reference("Patient", row.id),
            "episodeOfCare": [reference("EpisodeOfCare", row.id)],
            "period": period(row.admitted_at, row.discharged_at),
            "serviceProvider": organisation(row.hospital_id),
        }
    )
    sent = facts.sent("Encounter")
    own = {"id", "status", "period", "episodeOfCare", "subject"}
    return {**built, **sent, **{name: built[name] for name in own if name in built}}


def encounter_status(row: EpisodeRow) -> str:
    if row.discharged_at is not None or row.closed_at is not None:
        return "finished"
    awaited = row.encounter_class is EncounterClass.INPATIENT and row.admitted_at is None
    return "planned" if awaited else "in-progress"


def _class(encounter_class: EncounterClass) -> Resource:
    """HL7's code, or our own word for what HL7 has no code for."""
    code = _CLASSES.get(encounter_class)
    if code is not None:
        return {"system": terms.ACT_CODE, "code": code}
    return {"system": terms.ENCOUNTER_CLASS, "code": encounter_class.value}
