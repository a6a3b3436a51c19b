"""The texts that patients sign: those in use by the reference, and every version that ever was."""

from __future__ import annotations

import asyncio
from functools import lru_cache

from crossclaim.domain.consent_wording import ConsentTextRead, WordingRead, digest_of
from crossclaim.domain.errors import NotFound
from crossclaim.domain.reference import ConsentText, Reference
from crossclaim.store.reference_tables import wordings_of
from crossclaim.store.session import Database

_NOTHING = "there is no such text"
_KEPT_OPEN = 500


class StoredConsentTexts:
    """Implements ``crossclaim.api.consent_texts.ConsentTexts``; a text that was read once is
    remembered, since none ever changes."""

    def __init__(self, database: Database, reference: Reference) -> None:
        self._database = database
        self._reference = reference
        self._kept = lru_cache(maxsize=_KEPT_OPEN)(self._read)

    async def listed(self) -> list[ConsentTextRead]:
        return [self._told(text) for text in self._reference.consent_texts]

    async def text(self, kind: str, version: str) -> ConsentTextRead:
        return await asyncio.to_thread(self._text, kind, version)

    def _text(self, kind: str, version: str) -> ConsentTextRead:
        for text in self._reference.consent_texts:
            if (text.type.value, text.version) == (kind, version):
                return self._told(text)
        try:
            kept = self._kept(kind, version)
            return ConsentTextRead(type=kind, version=version, texts=list(kept))
        except KeyError:
            raise NotFound(_NOTHING) from None

    def _told(self, text: ConsentText) -> ConsentTextRead:
        known = text.text
        texts = (
            []
            if known is None
            else [
                WordingRead(
                    language=language, sha256=digest_of(told), text=told, example=known.example
                )
                for language, told in known.by_language.items()
            ]
        )
        return ConsentTextRead(
            type=text.type.value,
            version=text.version,
            valid_from=text.valid_from,
            superseded_on=text.superseded_on,
            texts=texts,
        )

    def _read(self, kind: str, version: str) -> tuple[WordingRead, ...]:
        """Raises KeyError for a version that never was, which is not remembered."""
        with self._database.begin() as connection:
            found = wordings_of(connection, kind, version)
        if not found:
            raise KeyError(kind, version)
        return tuple(found)
