"""XML that is data: no document type, no entities, no style sheet, no page of a browser."""

from __future__ import annotations

import io
import re
from xml.etree.ElementTree import ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import iterparse

from crossclaim.documents.inspection.refusal import NotTaken, Why

_PAGES = frozenset({"html", "svg", "stylesheet", "transform", "script"})
_STYLE = re.compile(rb"<\?\s*xml-stylesheet", re.IGNORECASE)
ELEMENTS_MAX = 500_000
DEPTH_MAX = 200


def check_xml(content: bytes) -> None:
    """Raises ``NotTaken``. External things are never fetched."""
    if b"\x00" in content:
        # In two bytes a letter nothing below would be found, and browsers read it all the same.
        raise NotTaken(Why.DAMAGED)
    if _STYLE.search(content):
        raise NotTaken(Why.ACTIVE)
    depth = count = 0
    try:
        for event, element in iterparse(
            io.BytesIO(content), events=("start", "end"), forbid_dtd=True
        ):
            if event == "end":
                depth -= 1
                element.clear()
                continue
            depth, count = depth + 1, count + 1
            if count > ELEMENTS_MAX or depth > DEPTH_MAX:
                raise NotTaken(Why.BOMB)
            if str(element.tag).rpartition("}")[2].lower() in _PAGES:
                raise NotTaken(Why.ACTIVE)
    except DefusedXmlException:
        raise NotTaken(Why.ACTIVE) from None
    except (ParseError, ValueError, LookupError):
        raise NotTaken(Why.DAMAGED) from None
