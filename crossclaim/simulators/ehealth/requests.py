"""What eHealth is asked, in the words of its wire."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

Word = Annotated[str, StringConstraints(min_length=1, max_length=300)]
Section = Literal["encounters", "allergies", "medicines", "laboratory"]


class Wire(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Document(Wire):
    type: Literal["HKID", "EC"]
    number: Word


class Person(Wire):
    document: Document
    birth_date: date


class RecordRequest(Wire):
    reference: Word
    institution: Word
    person: Person
    application_code: Word | None = None
    password_code: Word | None = None
    begin: date = Field(alias="from")
    until: date
    sections: list[Section]
    requested_by: Word


class Deposit(Wire):
    reference: Word
    institution: Word
    person: Person
    kind: Literal["visit_summary", "radiology_image"]
    made_on: date
    content_type: Word
    sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
    content: str


class ConsentChange(Wire):
    reference: Word
    institution: Word
    person: Person
    type: Literal["joining", "sharing"]
    given: bool
    changed_at: AwareDatetime
    signer: Literal["patient", "parent", "guardian", "carer"]
