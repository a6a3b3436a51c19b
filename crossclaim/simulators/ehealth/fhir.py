"""Writes a person's rows as a FHIR R4 bundle, rightly or as a fault wants it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

Row = Mapping[str, Any]


def bundle_of(person: str, rows: Row, keep: Sequence[Row], spoil: str) -> dict[str, Any]:
    patient = {
        "resourceType": "Patient",
        "id": person,
        "identifier": [{"value": rows["number"]}],
        "birthDate": rows["birth_date"],
    }
    entries = [_WRITERS[row["section"]](row, f"Patient/{person}") for row in keep]
    if spoil == "contradicts" and entries:
        entries.append(dict(entries[0]))
    resources = [patient, *entries]
    if spoil == "mixed_patients":
        resources.append({**patient, "id": f"{person}-2", "identifier": [{"value": "Z000000"}]})
    return {
        "resourceType": "Bundle",
        "type": "collection",
        "entry": [{"resource": resource} for resource in resources],
    }


def _concept(row: Row) -> dict[str, Any]:
    return {"coding": [{"code": row["code"], "display": row["text"]}], "text": row["text"]}


def _encounter(row: Row, subject: str) -> dict[str, Any]:
    return {
        "resourceType": "Encounter",
        "id": row["id"],
        "status": "finished",
        "class": {"code": row["code"]},
        "subject": {"reference": subject},
        "reasonCode": [{"text": row["text"]}],
        "period": {"start": row["day"], "end": row.get("last", row["day"])},
    }


def _allergy(row: Row, subject: str) -> dict[str, Any]:
    return {
        "resourceType": "AllergyIntolerance",
        "id": row["id"],
        "patient": {"reference": subject},
        "code": _concept(row),
        "recordedDate": row["day"],
    }


def _medicine(row: Row, subject: str) -> dict[str, Any]:
    return {
        "resourceType": "MedicationStatement",
        "id": row["id"],
        "status": "active",
        "subject": {"reference": subject},
        "medicationCodeableConcept": _concept(row),
        "effectivePeriod": {"start": row["day"]},
    }


def _observation(row: Row, subject: str) -> dict[str, Any]:
    return {
        "resourceType": "Observation",
        "id": row["id"],
        "status": "final",
        "code": _concept(row),
        "subject": {"reference": subject},
        "effectiveDateTime": f"{row['day']}T09:00:00+08:00",
        "valueString": row["value"],
    }


_WRITERS: dict[str, Callable[[Row, str], dict[str, Any]]] = {
    "encounters": _encounter,
    "allergies": _allergy,
    "medicines": _medicine,
    "laboratory": _observation,
}
