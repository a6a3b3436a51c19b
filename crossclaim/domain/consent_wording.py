"""What a patient reads before he signs: one text in three languages, each with its digest."""

from __future__ import annotations

import hashlib
from datetime import date
from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints

from crossclaim.domain.allocation import Frozen

Told = Annotated[str, StringConstraints(min_length=20, max_length=20_000)]


def digest_of(wording: str) -> str:
    """SHA-256 of a text as it is shown: its UTF-8 bytes, nothing added."""
    return hashlib.sha256(wording.encode()).hexdigest()


class Wording(BaseModel):
    """A version's words never change once it is known."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    example: bool = False
    """Invented; refused outside demonstration."""
    en: Told
    zh_hant: Told
    zh_hans: Told

    @property
    def by_language(self) -> dict[str, str]:
        return {"en": self.en, "zh-Hant": self.zh_hant, "zh-Hans": self.zh_hans}

    @property
    def digests(self) -> dict[str, str]:
        """Language → SHA-256."""
        return {language: digest_of(text) for language, text in self.by_language.items()}


class WordingRead(Frozen):
    """One language of a version that was kept."""

    language: str
    sha256: str
    text: str
    example: bool = False


class ConsentTextRead(Frozen):
    """A version that patients sign, or signed, as anybody may read it."""

    type: str
    version: str
    valid_from: date | None = None
    """Absent: the installation's reference names this version no more."""
    superseded_on: date | None = None
    texts: list[WordingRead] = []
    """Empty: its words are kept by whoever wrote them."""

    def in_use(self, on: date) -> bool:
        begun = self.valid_from is not None and on >= self.valid_from
        return begun and (self.superseded_on is None or on < self.superseded_on)

    def in_language(self, language: str) -> WordingRead | None:
        return next((one for one in self.texts if one.language == language), None)

    def signed(self, sha256: str) -> WordingRead | None:
        """The one with this digest."""
        return next((one for one in self.texts if one.sha256 == sha256), None)


class ConsentTextsRead(Frozen):
    texts: list[ConsentTextRead]
