"""What we ask record systems for and what they answer; and whether an answer may be shown. Pure.

An answer is judged before anybody sees it: about this patient, about what was asked for, within the
years that may be seen, and without contradiction. Any other is evidence, never a record.
"""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from crossclaim.domain.allocation import Frozen
from crossclaim.domain.identity import normalised
from crossclaim.domain.record_submission import RecordSection
from crossclaim.domain.submission import IdentityDocument


class RecordPerson(Frozen):
    """Whom a record system is asked about."""

    document: IdentityDocument
    birth_date: date


class RecordOrder(Frozen):
    """One request. ``reference`` is ours, for ever the same for the same request."""

    reference: str
    institution: str
    person: RecordPerson
    window_from: date
    window_until: date
    sections: list[RecordSection]
    requested_by: str
    application_code: str = ""
    password_code: str = ""


class Notice(Frozen):
    """The system told the patient of an access or of a change of consent."""

    number: str
    means: str
    """``sms``, ``email`` or ``post``."""
    sent_at: datetime


class RecordEntry(Frozen):
    section: RecordSection
    id: str
    subject: str
    """The patient's id inside the answer that the entry is about."""
    begun_on: date | None = None
    ended_on: date | None = None
    code: str = ""
    text: str = ""
    value: str = ""


class RecordPatient(Frozen):
    id: str
    numbers: list[str]
    birth_date: date | None = None


class HealthRecord(Frozen):
    """A record as it was read out of an answer."""

    patients: list[RecordPatient]
    entries: list[RecordEntry]


class RecordAnswer(Frozen):
    """``raw`` is the answer as it came; ``record`` is None when it is no FHIR that we know."""

    reference: str
    institution: str
    raw: bytes
    record: HealthRecord | None = None
    notice: Notice | None = None


class DepositOrder(Frozen):
    reference: str
    institution: str
    person: RecordPerson
    kind: str
    made_on: date
    content_type: str
    sha256: str
    content: bytes


class ConsentReport(Frozen):
    """A joining or sharing consent that was given or withdrawn with us."""

    reference: str
    institution: str
    person: RecordPerson
    type: str
    given: bool
    changed_at: datetime
    signer: str
    """``patient`` or the capacity of his substitute."""


class DeliveryReceipt(Frozen):
    reference: str
    number: str
    sha256: str = ""
    """Of the document that the system says it keeps."""
    notice: Notice | None = None


class Unusable(StrEnum):
    """Why an answer is kept as evidence only."""

    NOT_FHIR = "RECORD_NOT_FHIR"
    OTHER_REQUEST = "RECORD_OTHER_REQUEST"
    OTHER_PATIENT = "RECORD_OTHER_PATIENT"
    OUTSIDE_WINDOW = "RECORD_OUTSIDE_WINDOW"
    NOT_ASKED_FOR = "RECORD_NOT_ASKED_FOR"
    CONTRADICTS = "RECORD_CONTRADICTS"


def unusable(answer: RecordAnswer, order: RecordOrder) -> Unusable | None:
    """The first reason why the answer may not be shown as this patient's record."""
    if (answer.reference, answer.institution) != (order.reference, order.institution):
        return Unusable.OTHER_REQUEST
    record = answer.record
    if record is None:
        return Unusable.NOT_FHIR
    if not _is_of(order.person, record):
        return Unusable.OTHER_PATIENT
    if any(entry.section not in order.sections for entry in record.entries):
        return Unusable.NOT_ASKED_FOR
    ids = [(entry.section, entry.id) for entry in record.entries]
    if len(set(ids)) < len(ids) or any(_backwards(entry) for entry in record.entries):
        return Unusable.CONTRADICTS
    if any(_outside(entry, order) for entry in record.entries):
        return Unusable.OUTSIDE_WINDOW
    return None


def _is_of(person: RecordPerson, record: HealthRecord) -> bool:
    """Exactly one patient, with the number and the birth date that we asked about."""
    if len(record.patients) != 1:
        return False
    (found,) = record.patients
    known = {normalised(number) for number in found.numbers}
    return (
        normalised(person.document.number) in known
        and found.birth_date == person.birth_date
        and all(entry.subject == found.id for entry in record.entries)
    )


def _backwards(entry: RecordEntry) -> bool:
    if entry.begun_on is None or entry.ended_on is None:
        return False
    return entry.ended_on < entry.begun_on


def _outside(entry: RecordEntry, order: RecordOrder) -> bool:
    """An allergy holds whenever it was noted; what happened has a day inside the window."""
    if entry.section is RecordSection.ALLERGIES:
        return False
    last = entry.ended_on or entry.begun_on
    if last is None or entry.begun_on is None:
        return True
    return last < order.window_from or entry.begun_on > order.window_until


def years_before(day: date, years: int) -> date:
    """The same day so many years earlier; 29 February becomes 28 February."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)
