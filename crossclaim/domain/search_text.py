"""What somebody may mean who types one text into the search box. Pure."""

from __future__ import annotations

import re

from crossclaim.domain.allocation import Frozen
from crossclaim.domain.identity import half_width, hkid_defect, normalised
from crossclaim.domain.submission import DocumentType

_SHAPES = {
    DocumentType.HOME_RETURN_PERMIT: re.compile(r"[HM][0-9]{8}([0-9]{2})?"),
    DocumentType.RESIDENCE_PERMIT: re.compile(r"8[123][0-9]{15}[0-9X]"),
    DocumentType.MAINLAND_ID: re.compile(r"[1-9][0-9]{16}[0-9X]"),
    DocumentType.MACAO_RESIDENT_ID: re.compile(r"[0-9]/?[0-9]{6}/?[0-9]"),
    DocumentType.CERT_EXEMPTION: re.compile(r"[A-Z]{0,3}[0-9]{5,9}[A-Z]?"),
}
"""Wide on purpose: a number that is nobody's document is found nowhere."""


class SearchText(Frozen):
    """Each reading that the text allows; the search tries all of them."""

    number: str
    """As one of ours, a bill's, a visit's or a document's."""
    documents: list[DocumentType] = []
    """Kinds of identity document that it has the form of."""
    name: str = ""
    """As a person's name; empty when a digit stands in it."""


def read_text(text: str) -> SearchText:
    """For instance ``A123456(3)`` as an HKID, ``陳大文`` as a name, ``ep_01…`` as a number."""
    trimmed = " ".join(text.split())
    plain = normalised(trimmed)
    documents = [document for document, shape in _SHAPES.items() if shape.fullmatch(plain)]
    if hkid_defect(plain) is None:
        documents.insert(0, DocumentType.HKID)
    return SearchText(
        number=half_width(trimmed) if documents else trimmed,
        documents=documents,
        name="" if re.search(r"\d", trimmed) else trimmed,
    )
