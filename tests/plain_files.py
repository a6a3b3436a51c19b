"""Files as people send them, made by hand: as small as their format allows."""

from __future__ import annotations

import io
import zipfile

from PIL import Image
from pypdf import PdfWriter
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject

OFD_ROOT = '<ofd:OFD xmlns:ofd="http://www.ofdspec.org/2016" Version="1.0"/>'
OFD_PAGE = (
    '<ofd:Page xmlns:ofd="http://www.ofdspec.org/2016"><ofd:Content><ofd:Layer>{}</ofd:Layer>'
    "</ofd:Content></ofd:Page>"
)
OFD_TEXT = '<ofd:TextObject ID="{}"><ofd:TextCode>{}</ofd:TextCode></ofd:TextObject>'


def pdf_of(text: str = "a paper") -> bytes:
    """One page with this text (ASCII); the same text gives the same bytes."""
    return written(writer_of(text))


def writer_of(text: str = "a paper") -> PdfWriter:
    writer = PdfWriter()
    page = writer.add_blank_page(width=595, height=842)
    font = {"/Type": "/Font", "/Subtype": "/Type1", "/BaseFont": "/Helvetica"}
    named = DictionaryObject({NameObject(k): NameObject(v) for k, v in font.items()})
    fonts = DictionaryObject({NameObject("/F1"): writer._add_object(named)})
    page[NameObject("/Resources")] = DictionaryObject({NameObject("/Font"): fonts})
    stream = DecodedStreamObject()
    shown = " ".join(f"({line}) Tj T*" for line in text.splitlines())
    stream.set_data(f"BT /F1 11 Tf 50 780 Td 16 TL {shown} ET".encode("latin-1"))
    page[NameObject("/Contents")] = writer._add_object(stream)
    return writer


def written(writer: PdfWriter) -> bytes:
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def ofd_of(*lines: str, **members: bytes) -> bytes:
    """A page with these lines, and more members by name (``__`` stands for ``/``)."""
    texts = "".join(OFD_TEXT.format(at, line) for at, line in enumerate(lines, 1))
    files = {"OFD.xml": OFD_ROOT.encode()}
    files["Doc_0/Pages/Page_0/Content.xml"] = OFD_PAGE.format(texts).encode()
    files |= {name.replace("__", "/"): content for name, content in members.items()}
    return zip_of(files)


def zip_of(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def picture(kind: str = "JPEG", size: tuple[int, int] = (48, 32), **options: object) -> bytes:
    """Dark left half, light right half."""
    image = Image.new("RGB", size, (240, 240, 240))
    image.paste((20, 20, 20), (0, 0, size[0] // 2, size[1]))
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()
