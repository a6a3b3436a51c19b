"""Every file passes here: what it really is, that nothing in it acts, and what of it is kept."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from crossclaim.documents.inspection.image import jpeg_without_metadata, png_without_metadata
from crossclaim.documents.inspection.ofd import check_ofd
from crossclaim.documents.inspection.pdf import check_pdf
from crossclaim.documents.inspection.refusal import NotTaken, Why
from crossclaim.documents.inspection.signature import has_test_signature
from crossclaim.documents.inspection.xml_file import check_xml

PDF, OFD, XML = "application/pdf", "application/ofd", "application/xml"
JPEG, PNG = "image/jpeg", "image/png"

FIRST_BYTES: Mapping[str, tuple[bytes, ...]] = MappingProxyType(
    {
        PDF: (b"%PDF-",),
        OFD: (b"PK\x03\x04",),
        XML: (b"<", b"\xef\xbb\xbf<"),
        JPEG: (b"\xff\xd8\xff",),
        PNG: (b"\x89PNG\r\n\x1a\n",),
    }
)
"""Content types that are taken, and how their content begins."""


def _as_it_is(check: Callable[[bytes], None]) -> Callable[[bytes], bytes]:
    def checked(content: bytes) -> bytes:
        check(content)
        return content

    return checked


_KEPT: Mapping[str, Callable[[bytes], bytes]] = MappingProxyType(
    {
        PDF: _as_it_is(check_pdf),
        OFD: _as_it_is(check_ofd),
        XML: _as_it_is(check_xml),
        JPEG: jpeg_without_metadata,
        PNG: png_without_metadata,
    }
)


def inspected(content_type: str, content: bytes) -> bytes:
    """What is kept of the file: itself, or the picture alone. Raises ``NotTaken``.

    The same file always gives the same bytes.
    """
    if not content.startswith(FIRST_BYTES[content_type]):
        raise NotTaken(Why.CONTENT)
    if has_test_signature(content):
        raise NotTaken(Why.MALWARE)
    return _KEPT[content_type](content)
