"""What the office is asked, in the words of its wire."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, StringConstraints

Word = Annotated[str, StringConstraints(min_length=1, max_length=200)]


class Wire(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Document(Wire):
    type: Word
    number: Word


class Person(Wire):
    name: Word
    document: Document
    pooling_area: Word | None
    province: Word | None


class Authoriser(Person):
    insurance: Literal["EMPLOYEE", "RESIDENT"]


class User(Person):
    insured: bool


class Paper(Wire):
    kind: Literal["identity_document", "household_register", "undertaking"]
    sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


class Undertaking(Wire):
    text_version: Word
    signed_at: AwareDatetime


class Application(Wire):
    reference: Word
    channel: Literal["wechat", "alipay"]
    relation: Word
    applied_at: AwareDatetime
    authoriser: Authoriser
    user: User
    papers: list[Paper]
    undertaking: Undertaking


class End(Wire):
    reference: Word
    ended_on: date
    told_at: AwareDatetime


class Decision(BaseModel):
    """A control call: the officer decides now, whatever the table says."""

    model_config = ConfigDict(extra="forbid")

    reference: str
    status: Literal["approved", "refused", "ended"]
    reason: str = ""
    on: date | None = None
    callback: bool = True
