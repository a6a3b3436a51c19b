"""Reads a patient's record out of a FHIR R4 bundle: the subset of ``docs/wire/ehealth.md``.

Only what can be told to a person without guessing is read; a resource that is not as it must be
makes the whole bundle none that we know, since a half-read record is worse than none.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

from crossclaim.domain.fault_piece import read_moment
from crossclaim.domain.health_record import HealthRecord, RecordEntry, RecordPatient
from crossclaim.domain.record_submission import RecordSection
from crossclaim.domain.stay import local_day

ENTRIES_MAX = 5_000
TEXT_MAX = 500

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_ID = re.compile(r"[A-Za-z0-9\-.]{1,64}")


class NotFhir(ValueError):
    """The bundle is none that we know; the text names the rule and never the content."""


def read_record(bundle: Any) -> HealthRecord:
    """Raises ``NotFhir``."""
    if not isinstance(bundle, dict) or bundle.get("resourceType") != "Bundle":
        raise NotFhir("no Bundle")
    if bundle.get("type") != "collection":
        raise NotFhir("no collection")
    resources = list(_resources(bundle))
    patients = [_patient(r) for r in resources if r.get("resourceType") == "Patient"]
    entries = [_entry(r) for r in resources if r.get("resourceType") != "Patient"]
    return HealthRecord(patients=patients, entries=entries)


def _resources(bundle: dict[str, Any]) -> Iterator[dict[str, Any]]:
    listed = bundle.get("entry", [])
    if not isinstance(listed, list) or len(listed) > ENTRIES_MAX:
        raise NotFhir("entry is no list, or too long")
    for one in listed:
        resource = one.get("resource") if isinstance(one, dict) else None
        if not isinstance(resource, dict) or not _ID.fullmatch(_text(resource, "id")):
            raise NotFhir("an entry without resource or id")
        yield resource


def _patient(resource: dict[str, Any]) -> RecordPatient:
    identifiers = resource.get("identifier", [])
    if not isinstance(identifiers, list):
        raise NotFhir("identifier is no list")
    numbers = [_text(one, "value") for one in identifiers if isinstance(one, dict)]
    return RecordPatient(
        id=resource["id"],
        numbers=[number for number in numbers if number],
        birth_date=_day(resource.get("birthDate")),
    )


def _entry(resource: dict[str, Any]) -> RecordEntry:
    read = _READERS.get(_text(resource, "resourceType"))
    if read is None:
        raise NotFhir("a resource of another type")
    return read(resource)


def _encounter(resource: dict[str, Any]) -> RecordEntry:
    begun, ended = _period(resource.get("period"))
    reasons = resource.get("reasonCode")
    reason = reasons[0] if isinstance(reasons, list) and reasons else {}
    kind = resource.get("class")
    code = _text(kind, "code") if isinstance(kind, dict) else ""
    return RecordEntry(
        section=RecordSection.ENCOUNTERS,
        id=resource["id"],
        subject=_subject(resource.get("subject")),
        begun_on=begun,
        ended_on=ended,
        code=code,
        text=_concept(reason)[1],
    )


def _allergy(resource: dict[str, Any]) -> RecordEntry:
    code, text = _concept(resource.get("code"))
    return RecordEntry(
        section=RecordSection.ALLERGIES,
        id=resource["id"],
        subject=_subject(resource.get("patient")),
        begun_on=_day(resource.get("recordedDate")),
        code=code,
        text=text,
    )


def _medicine(resource: dict[str, Any]) -> RecordEntry:
    code, text = _concept(resource.get("medicationCodeableConcept"))
    begun, ended = _period(resource.get("effectivePeriod"))
    return RecordEntry(
        section=RecordSection.MEDICINES,
        id=resource["id"],
        subject=_subject(resource.get("subject")),
        begun_on=begun,
        ended_on=ended,
        code=code,
        text=text,
    )


def _observation(resource: dict[str, Any]) -> RecordEntry:
    code, text = _concept(resource.get("code"))
    day = _day(resource.get("effectiveDateTime"))
    return RecordEntry(
        section=RecordSection.LABORATORY,
        id=resource["id"],
        subject=_subject(resource.get("subject")),
        begun_on=day,
        ended_on=day,
        code=code,
        text=text,
        value=_value(resource),
    )


_READERS: dict[str, Callable[[dict[str, Any]], RecordEntry]] = {
    "Encounter": _encounter,
    "AllergyIntolerance": _allergy,
    "MedicationStatement": _medicine,
    "Observation": _observation,
}


def _text(found: Any, name: str) -> str:
    """A member that is text of a bearable length; empty for any other."""
    value = found.get(name) if isinstance(found, dict) else None
    return value.strip() if isinstance(value, str) and len(value) <= TEXT_MAX else ""


def _subject(reference: Any) -> str:
    """``Patient/{id}``; nobody when it says anything else."""
    kind, _, name = _text(reference, "reference").rpartition("/")
    if kind != "Patient" or not _ID.fullmatch(name):
        raise NotFhir("an entry without a patient")
    return name


def _concept(concept: Any) -> tuple[str, str]:
    """Code and words. What has neither says nothing and is refused."""
    if not isinstance(concept, dict):
        return "", ""
    codings = concept.get("coding")
    first = codings[0] if isinstance(codings, list) and codings else {}
    code, words = _text(first, "code"), _text(concept, "text") or _text(first, "display")
    if not code and not words:
        raise NotFhir("a concept without words")
    return code, words


def _value(resource: dict[str, Any]) -> str:
    quantity = resource.get("valueQuantity")
    if isinstance(quantity, dict) and quantity.get("value") is not None:
        return f"{quantity['value']} {_text(quantity, 'unit')}".strip()
    return _text(resource, "valueString")


def _period(period: Any) -> tuple[date | None, date | None]:
    if period is None:
        return None, None
    if not isinstance(period, dict):
        raise NotFhir("a period that is none")
    return _day(period.get("start")), _day(period.get("end"))


def _day(value: Any) -> date | None:
    """A date, or the region's day of a moment; a date without day is none that we take."""
    if value is None:
        return None
    if isinstance(value, str):
        if _DAY.fullmatch(value):
            try:
                return date.fromisoformat(value)
            except ValueError:
                raise NotFhir("a day that is none") from None
        moment = read_moment(value)
        if moment is not None:
            return local_day(moment)
    raise NotFhir("a day that is none")
