"""PDF files: every object is looked at, and a file whose objects cannot all be read is refused."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

from pypdf import PdfReader
from pypdf.errors import LimitReachedError, PyPdfError
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, NullObject

from crossclaim.documents.inspection.refusal import NotTaken, Why

OBJECTS_MAX = 100_000
DEPTH_MAX = 60
_ACTIVE_KEYS = frozenset(
    {"/JS", "/JavaScript", "/AA", "/EF", "/EmbeddedFiles", "/XFA", "/RichMediaContent"}
)
_ACTIONS = frozenset(
    {"/JavaScript", "/Launch", "/SubmitForm", "/ImportData", "/GoToR", "/GoToE", "/Rendition"}
    | {"/Movie", "/Sound", "/ResetForm", "/Hide", "/RichMediaExecute"}
)
"""All but those that show another page of this file, or a link that a person follows."""
_ACTIVE_SUBTYPES = frozenset(
    {"/FileAttachment", "/RichMedia", "/Movie", "/Screen", "/Sound", "/3D"}
)
_WRONG = (
    PyPdfError,
    ValueError,
    KeyError,
    TypeError,
    AttributeError,
    IndexError,
    AssertionError,
    NotImplementedError,
    OSError,
)


def check_pdf(content: bytes) -> None:
    """Raises ``NotTaken``."""
    reader = opened(content)
    try:
        for found in _objects(reader):
            _check(found, DEPTH_MAX)
        _check_start(reader)
        if not reader.pages:
            raise NotTaken(Why.DAMAGED)
    except (RecursionError, LimitReachedError, MemoryError):
        raise NotTaken(Why.BOMB) from None
    except _WRONG:
        raise NotTaken(Why.DAMAGED) from None


def opened(content: bytes) -> PdfReader:
    """A reader that needs no password. Raises ``NotTaken``."""
    try:
        reader = PdfReader(io.BytesIO(content), strict=False)
        if reader.is_encrypted and not reader.decrypt(""):
            raise NotTaken(Why.LOCKED)
    except (RecursionError, LimitReachedError, MemoryError):
        raise NotTaken(Why.BOMB) from None
    except _WRONG:
        raise NotTaken(Why.DAMAGED) from None
    return reader


def _objects(reader: PdfReader) -> Iterator[Any]:
    """The trailer and every object that any table of the file names, used or not."""
    yield reader.trailer
    places = {(n, g) for g, table in reader.xref.items() for n in table if g != 65535}
    places |= {(n, 0) for n in reader.xref_objStm}
    if len(places) > OBJECTS_MAX:
        raise NotTaken(Why.BOMB)
    for number, generation in sorted(places):
        if number == 0:
            continue
        found = reader.get_object(IndirectObject(number, generation, reader))
        if found is not None and not isinstance(found, NullObject):
            yield found


def _check(found: Any, left: int) -> None:
    """What stands directly in this object; others that it names are objects of the file."""
    if left == 0:
        raise NotTaken(Why.BOMB)
    if isinstance(found, DictionaryObject):
        if _acts(found):
            raise NotTaken(Why.ACTIVE)
        for key in found:
            _check(found.raw_get(key), left - 1)
    elif isinstance(found, ArrayObject):
        for one in list.__iter__(found):
            _check(one, left - 1)


def _acts(found: DictionaryObject) -> bool:
    if not _ACTIVE_KEYS.isdisjoint(found):
        return True
    if _value(found, "/Type") == "/EmbeddedFile" or _value(found, "/Subtype") in _ACTIVE_SUBTYPES:
        return True
    return _value(found, "/S") in _ACTIONS


def _value(found: DictionaryObject, key: str) -> Any:
    """What stands there, or what is named there."""
    value = found.raw_get(key) if key in found else None
    named = value.get_object() if isinstance(value, IndirectObject) else value
    return named if isinstance(named, str | DictionaryObject) else None


def _check_start(reader: PdfReader) -> None:
    """Nothing happens by itself when the file is opened, not even following a link."""
    action = _value(reader.root_object, "/OpenAction")
    if isinstance(action, DictionaryObject) and _value(action, "/S") != "/GoTo":
        raise NotTaken(Why.ACTIVE)
