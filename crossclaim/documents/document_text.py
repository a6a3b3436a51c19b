"""The words of a stored file for a person to read beside its picture; none where it has none."""

from __future__ import annotations

import io

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring
from pypdf import PdfReader
from pypdf.errors import PyPdfError

from crossclaim.documents.inspection.gate import OFD, PDF, XML
from crossclaim.documents.inspection.ofd import members
from crossclaim.documents.inspection.refusal import NotTaken

_PAGES_MAX = 20
_STREAM_MAX_BYTES = 2 * 1024 * 1024
_TEXT_MAX = 20_000
_PLAIN = ("text/plain", "text/csv", "application/json")
_WRONG = (
    PyPdfError,
    NotTaken,
    DefusedXmlException,
    OSError,
    SyntaxError,
    ValueError,
    TypeError,
    LookupError,
    AttributeError,
    AssertionError,
    NotImplementedError,
    RecursionError,
)


def text_of(content_type: str, content: bytes) -> str:
    """As far as its first pages say; what cannot be read says nothing."""
    try:
        found = _read(content_type, content)
    except _WRONG:
        return ""
    lines = (" ".join(line.split()) for line in found.replace("\x00", "").splitlines())
    return "\n".join(line for line in lines if line)[:_TEXT_MAX]


def _read(content_type: str, content: bytes) -> str:
    if content_type == PDF:
        return _of_pdf(content)
    if content_type == OFD:
        return _of_ofd(content)
    if content_type == XML:
        return _of_xml(content)
    return content.decode("utf-8-sig", "replace") if content_type in _PLAIN else ""


def _of_pdf(content: bytes) -> str:
    reader = PdfReader(io.BytesIO(content))
    if reader.is_encrypted:
        reader.decrypt("")
    said = []
    for at in range(min(len(reader.pages), _PAGES_MAX)):
        drawn = reader.pages[at].get_contents()
        if drawn is not None and len(drawn.get_data()) <= _STREAM_MAX_BYTES:
            said.append(reader.pages[at].extract_text())
    return "\n".join(said)


def _of_ofd(content: bytes) -> str:
    said = []
    for name, member in members(content):
        if name.endswith("Content.xml"):
            for element in fromstring(member, forbid_dtd=True).iter():
                if _name(element.tag) == "TextCode" and element.text:
                    said.append(element.text)
    return "\n".join(said)


def _of_xml(content: bytes) -> str:
    said = []
    for element in fromstring(content, forbid_dtd=True).iter():
        text = (element.text or "").strip()
        told = [f"{_name(key)}: {value}" for key, value in element.attrib.items()]
        said += [f"{_name(element.tag)}: {text}"] if text else []
        said += told
    return "\n".join(said)


def _name(tag: object) -> str:
    return str(tag).rpartition("}")[2]
