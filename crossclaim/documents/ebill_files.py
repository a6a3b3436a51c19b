"""Reads what an electronic bill says of itself out of a file that was judged before.

What cannot be read is no fault of the file: then nobody has read it.
"""

from __future__ import annotations

import io
from collections.abc import Iterator

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring
from PIL import Image
from pypdf import PdfReader
from pypdf.errors import PyPdfError

from crossclaim.documents.inspection.gate import JPEG, OFD, PDF, PNG, XML
from crossclaim.documents.inspection.ofd import members
from crossclaim.documents.inspection.refusal import NotTaken
from crossclaim.domain.ebill_reading import EbillRead, Source, read_labels, read_qr

_PAGES_MAX = 3
_STREAM_MAX_BYTES = 2 * 1024 * 1024
_IMAGES_MAX = 10
_PIXELS_MAX = 25_000_000
_TEXT_MAX = 200_000
_WRONG = (
    PyPdfError,
    NotTaken,
    DefusedXmlException,
    OSError,
    SyntaxError,
    ValueError,
    TypeError,
    KeyError,
    IndexError,
    AttributeError,
    AssertionError,
    NotImplementedError,
    RecursionError,
    ModuleNotFoundError,
)


def ebills_in(content_type: str, content: bytes) -> list[EbillRead]:
    """At most one of each source."""
    found: dict[Source, EbillRead] = {}
    try:
        for read in _READERS[content_type](content):
            found.setdefault(read.source, read)
    except _WRONG:
        return list(found.values())
    return list(found.values())


def _in_pdf(content: bytes) -> Iterator[EbillRead]:
    reader = PdfReader(io.BytesIO(content))
    if reader.is_encrypted:
        reader.decrypt("")
    pages = [reader.pages[at] for at in range(min(len(reader.pages), _PAGES_MAX))]
    text = ""
    for page in pages:
        contents = page.get_contents()
        if contents is not None and len(contents.get_data()) <= _STREAM_MAX_BYTES:
            text += page.extract_text() + "\n"
    yield from _labelled(text, Source.TEXT)
    images = [image for page in pages for image in list(page.images)[:_IMAGES_MAX]]
    for image in images[:_IMAGES_MAX]:
        if image.image is not None:
            yield from _in_picture(image.image)


def _in_ofd(content: bytes) -> Iterator[EbillRead]:
    """The texts of its pages in their order, and the codes in its pictures."""
    text, pictures = "", []
    for name, member in members(content):
        if name.endswith("Content.xml"):
            for element in fromstring(member, forbid_dtd=True).iter():
                if str(element.tag).rpartition("}")[2] == "TextCode" and element.text:
                    text += element.text + "\n"
        elif name.lower().endswith((".png", ".jpg", ".jpeg")):
            pictures.append(member)
    yield from _labelled(text, Source.OFD)
    for picture in pictures[:_IMAGES_MAX]:
        yield from _in_image_file(picture)


def _in_xml(content: bytes) -> Iterator[EbillRead]:
    """[ASM] Elements or attributes named as the labels are."""
    said = []
    for element in fromstring(content, forbid_dtd=True).iter():
        name = str(element.tag).rpartition("}")[2]
        said += [f"{name}:{(element.text or '').strip()}"]
        said += [f"{key}:{value}" for key, value in element.attrib.items()]
    yield from _labelled("\n".join(said), Source.XML)


def _labelled(text: str, source: Source) -> Iterator[EbillRead]:
    read = read_labels(text[:_TEXT_MAX], source)
    if read is not None:
        yield read


def _in_image_file(content: bytes) -> Iterator[EbillRead]:
    yield from _in_picture(Image.open(io.BytesIO(content), formats=["JPEG", "PNG"]))


def _in_picture(image: Image.Image) -> Iterator[EbillRead]:
    if image.width * image.height > _PIXELS_MAX:
        return
    import zxingcpp

    for code in zxingcpp.read_barcodes(image.convert("L")):
        read = read_qr(code.text)
        if read is not None:
            yield read


_READERS = {
    PDF: _in_pdf,
    OFD: _in_ofd,
    XML: _in_xml,
    JPEG: _in_image_file,
    PNG: _in_image_file,
}
