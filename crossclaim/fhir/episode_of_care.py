"""The episode itself, as an EpisodeOfCare."""

from __future__ import annotations

from datetime import datetime

from crossclaim.domain.records import EpisodeRow
from crossclaim.domain.submission import EncounterClass
from crossclaim.fhir.datatypes import (
    EPISODE,
    Resource,
    extension,
    fhir_id,
    identifier,
    instant,
    organisation,
    reference,
    without_empty,
)
from crossclaim.fhir.facts import EpisodeFacts


def episode_of_care(facts: EpisodeFacts, key: str) -> Resource | None:
    row = facts.rows.episode
    end: datetime | None = row.closed_at
    held = {"start": instant(row.opened_at), "end": instant(end) if end else ""}
    return without_empty(
        {
            "resourceType": "EpisodeOfCare",
            "id": fhir_id(row.id),
            "extension": [extension("state", valueCode=row.status)],
            "identifier": [identifier(EPISODE, row.id)],
            "status": episode_status(row),
            "patient": reference("Patient", row.id),
            "managingOrganization": organisation(row.hospital_id),
            "period": without_empty(held),
        }
    )


def episode_status(row: EpisodeRow) -> str:
    if row.closed_at is not None:
        return "finished"
    awaited = row.encounter_class is EncounterClass.INPATIENT and row.admitted_at is None
    return "planned" if awaited else "active"
