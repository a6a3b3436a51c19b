"""Of files from outside: what each says it is, nothing that acts, and of a photo the picture."""

from __future__ import annotations

import hashlib
import io
import struct
import zlib
from pathlib import Path

import pytest
from PIL import ExifTags, Image, PngImagePlugin
from pypdf import PdfReader, PdfWriter
from pypdf.generic import (
    ArrayObject,
    DictionaryObject,
    NameObject,
    TextStringObject,
)

from crossclaim.documents.inspection import gate, image, ofd
from crossclaim.documents.inspection.gate import JPEG, OFD, PDF, PNG, XML, inspected
from crossclaim.documents.inspection.refusal import NotTaken, Why
from crossclaim.documents.sheet_pdf import sheet_pdf
from crossclaim.documents.sheets.guarantee import guarantee_sheet
from tests.paper_facts import LETTER
from tests.plain_files import OFD_ROOT, ofd_of, pdf_of, picture, writer_of, written, zip_of

EXAMPLES = Path(__file__).parents[2] / "examples" / "documents"
EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}" + b"$EICAR-STANDARD-ANTIVIRUS-TEST" + b"-FILE!$H+H*"


def why(content_type: str, content: bytes) -> Why:
    with pytest.raises(NotTaken) as refused:
        inspected(content_type, content)
    return refused.value.why


def names(**members: object) -> DictionaryObject:
    return DictionaryObject({NameObject(f"/{k}"): v for k, v in members.items()})


def acting(**root: object) -> bytes:
    """A PDF whose catalogue has these members."""
    writer = writer_of()
    for key, value in root.items():
        writer._root_object[NameObject(f"/{key}")] = writer._add_object(value)  # type: ignore[arg-type]
    return written(writer)


def test_plain_files_of_each_kind_are_kept_as_they_are() -> None:
    for content_type, content in (
        (PDF, pdf_of()),
        (PDF, (EXAMPLES / "itemised-bill.pdf").read_bytes()),
        (OFD, ofd_of("one", "two")),
        (XML, b'<?xml version="1.0" encoding="UTF-8"?><bill><number>1</number></bill>'),
    ):
        assert inspected(content_type, content) == content


def test_our_own_papers_pass_our_own_gate() -> None:
    """PDF/A of Typst with outlines, structure and metadata: nothing there is taken for active."""
    sheet = guarantee_sheet(LETTER, "zh-Hant")
    content = sheet_pdf(sheet, "zh-Hant", code="C", link="https://a.example/verify/C", facts="0")
    assert inspected(PDF, content) == content


@pytest.mark.parametrize(
    ("content_type", "content"),
    [
        (PDF, b"MZ\x90\x00"),
        (PDF, picture()),
        (JPEG, picture("PNG")),
        (PNG, picture("JPEG")),
        (XML, pdf_of()),
        (OFD, zip_of({"word/document.xml": b"<a/>"})),
        (JPEG, b"\xff\xd8\xff" + b"<html>"),
    ],
)
def test_a_lie_about_the_type_is_refused(content_type: str, content: bytes) -> None:
    assert why(content_type, content) in (Why.CONTENT, Why.DAMAGED)


def test_the_test_signature_is_found_in_every_kind_of_file() -> None:
    assert why(PDF, pdf_of() + EICAR) is Why.MALWARE
    assert why(XML, b"<a>" + EICAR + b"</a>") is Why.MALWARE
    assert why(OFD, ofd_of("x", Doc_0__Res__a_png=b"")) is Why.ACTIVE
    assert why(OFD, zip_of({"OFD.xml": OFD_ROOT.encode(), "Res/a.png": EICAR})) is Why.MALWARE
    assert why(PNG, picture("PNG") + EICAR) is Why.MALWARE


SCRIPT = names(S=NameObject("/JavaScript"), JS=TextStringObject("app.alert(1)"))
LAUNCH = names(S=NameObject("/Launch"), F=TextStringObject("cmd.exe"))
LINK = names(S=NameObject("/URI"), URI=TextStringObject("https://example.org"))
ACTIVE = {
    "a script that runs at opening": lambda: acting(OpenAction=SCRIPT),
    "a program that is started": lambda: acting(OpenAction=LAUNCH),
    "a link that is followed at opening": lambda: acting(OpenAction=LINK),
    "a script that nothing names": lambda: acting(Anything=names(Deep=ArrayObject([SCRIPT]))),
    "a form that is sent": lambda: acting(X=names(S=NameObject("/SubmitForm"))),
    "another file that is opened": lambda: acting(X=names(S=NameObject("/GoToR"))),
    "a form of XFA": lambda: acting(AcroForm=names(XFA=TextStringObject("x"))),
    "scripts by name": lambda: acting(Names=names(JavaScript=names())),
    "a name written in another way": lambda: acting(OpenAction=SCRIPT).replace(b"/JS ", b"/J#53 "),
}


@pytest.mark.parametrize("case", ACTIVE)
def test_what_a_pdf_would_do_is_refused(case: str) -> None:
    assert why(PDF, ACTIVE[case]()) is Why.ACTIVE


def test_an_embedded_file_is_refused() -> None:
    writer = writer_of()
    writer.add_attachment("invoice.xml", b"<a/>")
    assert why(PDF, written(writer)) is Why.ACTIVE


def test_objects_in_compressed_streams_are_looked_at_too() -> None:
    writer = PdfWriter(clone_from=io.BytesIO(acting(OpenAction=SCRIPT)))
    content = written(writer)
    packed = _with_object_stream(content)
    assert b"JavaScript" not in packed and len(PdfReader(io.BytesIO(packed)).pages) == 1
    assert why(PDF, packed) is Why.ACTIVE


def _with_object_stream(_: bytes) -> bytes:
    """A hand-made PDF 1.5 whose catalogue and action stand in an object stream."""
    inner = [
        (1, b"<< /Type /Catalog /Pages 2 0 R /OpenAction 4 0 R >>"),
        (2, b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>"),
        (3, b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] >>"),
        (4, b"<< /S /JavaScript /JS (x) >>"),
    ]
    offsets, body = [], b""
    for number, text in inner:
        offsets.append(f"{number} {len(body)}".encode())
        body += text + b" "
    first = b" ".join(offsets) + b" "
    packed = zlib.compress(first + body)
    out = b"%PDF-1.5\n"
    at = len(out)
    out += (
        f"5 0 obj\n<< /Type /ObjStm /N 4 /First {len(first)} /Filter /FlateDecode "
        f"/Length {len(packed)} >>\nstream\n"
    ).encode()
    out += packed + b"\nendstream\nendobj\n"
    table_at = len(out)
    rows = [struct.pack(">BHB", 0, 0, 255)]
    rows += [struct.pack(">BHB", 2, 5, place) for place in range(4)]
    rows += [struct.pack(">BHB", 1, at, 0), struct.pack(">BHB", 1, table_at, 0)]
    table = b"".join(rows)
    out += (
        f"6 0 obj\n<< /Type /XRef /Size 7 /W [1 2 1] /Root 1 0 R /Length {len(table)} >>\nstream\n"
    ).encode()
    return out + table + f"\nendstream\nendobj\nstartxref\n{table_at}\n%%EOF\n".encode()


def test_a_pdf_that_cannot_be_read_or_needs_a_password_is_refused() -> None:
    assert why(PDF, b"%PDF-1.7 discharge summary") is Why.DAMAGED
    assert why(PDF, pdf_of()[:200]) is Why.DAMAGED
    writer = writer_of()
    writer.encrypt("secret")
    assert why(PDF, written(writer)) is Why.LOCKED


def test_bookmarks_and_links_that_a_person_follows_are_no_reason() -> None:
    writer = writer_of()
    writer.add_outline_item(title="Page one", page_number=0)
    writer._root_object[NameObject("/Link")] = writer._add_object(LINK)
    assert inspected(PDF, written(writer))


OFD_WRONG = {
    "a way out of the folder": (ofd_of(**{"..__..__etc__x.xml": b"<a/>"}), Why.ACTIVE),
    "an absolute way": (zip_of({"OFD.xml": b"<a/>", "/etc/x.xml": b"<a/>"}), Why.ACTIVE),
    "a way of another system": (zip_of({"OFD.xml": b"<a/>", "a\\b.xml": b"<a/>"}), Why.ACTIVE),
    "a program": (zip_of({"OFD.xml": b"<a/>", "Attachs/run.exe": b"MZ"}), Why.ACTIVE),
    "a page of a browser": (zip_of({"OFD.xml": b"<a/>", "a.html": b"<p>"}), Why.ACTIVE),
    "an archive within": (zip_of({"OFD.xml": b"<a/>", "a.zip": b"PK"}), Why.ACTIVE),
    "an entity": (
        zip_of({"OFD.xml": b'<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]><a>&e;</a>'}),
        Why.ACTIVE,
    ),
    "an entity under a name in capitals": (
        zip_of({"OFD.xml": b"<a/>", "P.XML": b'<!DOCTYPE a [<!ENTITY e "x">]><a>&e;</a>'}),
        Why.ACTIVE,
    ),
    "damaged XML": (zip_of({"OFD.xml": b"<a>"}), Why.DAMAGED),
    "half a file": (ofd_of("x" * 500)[:300], Why.DAMAGED),
}


@pytest.mark.parametrize("case", OFD_WRONG)
def test_an_ofd_with_more_than_pages_is_refused(case: str) -> None:
    content, expected = OFD_WRONG[case]
    assert why(OFD, content) is expected


def test_a_bomb_is_refused_before_it_is_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ofd, "UNPACKED_MAX_BYTES", 1_000_000)
    bomb = zip_of({"OFD.xml": OFD_ROOT.encode(), "Res/a.bmp": b"\0" * 5_000_000})
    assert len(bomb) < 20_000
    assert why(OFD, bomb) is Why.BOMB
    # A member that lies about its own size is not read beyond what is left.
    lying = bomb.replace(struct.pack("<I", 5_000_000), struct.pack("<I", 10))
    assert why(OFD, lying) in (Why.BOMB, Why.DAMAGED)
    many = {"OFD.xml": OFD_ROOT.encode(), **{f"p{n}.xml": b"<a/>" for n in range(2_001)}}
    assert why(OFD, zip_of(many)) is Why.BOMB


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', Why.ACTIVE),
        (b'<!DOCTYPE a SYSTEM "http://127.0.0.1/x"><a/>', Why.ACTIVE),
        (b'<?xml-stylesheet href="x.xsl"?><a/>', Why.ACTIVE),
        (b'<svg xmlns="http://www.w3.org/2000/svg" onload="x()"/>', Why.ACTIVE),
        (b"<html><body>a</body></html>", Why.ACTIVE),
        (b"<a><b></a>", Why.DAMAGED),
        # In two bytes a letter no style sheet is found.
        ('<?xml-stylesheet href="x.xsl"?><a/>'.encode("utf-16-le"), Why.DAMAGED),
        (b"<a>" * 5_000 + b"</a>" * 5_000, Why.BOMB),
    ],
)
def test_xml_that_is_more_than_data_is_refused(content: bytes, expected: Why) -> None:
    assert why(XML, content) is expected


def _photo(orientation: int = 1) -> bytes:
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    exif[ExifTags.Base.Make] = "CANARY-CAMERA"
    gps = exif.get_ifd(ExifTags.IFD.GPSInfo)
    gps[ExifTags.GPS.GPSLatitude] = (22.0, 32.0, 1.0)
    gps[ExifTags.GPS.GPSMapDatum] = "CANARY-PLACE"
    sent = picture("JPEG", exif=exif, comment=b"CANARY-COMMENT", quality=80)
    return sent + b"CANARY-BEHIND"


def test_where_and_by_what_a_photo_was_taken_is_not_kept() -> None:
    sent = _photo()
    assert sent.count(b"CANARY") == 4 and Image.open(io.BytesIO(sent)).getexif()
    kept = inspected(JPEG, sent)
    assert b"CANARY" not in kept and b"Exif" not in kept
    shown = Image.open(io.BytesIO(kept))
    assert (shown.format, shown.size, dict(shown.getexif())) == ("JPEG", (48, 32), {})
    assert inspected(JPEG, sent) == kept, "the same photo, the same hash"


def test_a_photo_stands_upright_although_its_orientation_is_gone() -> None:
    shown = Image.open(io.BytesIO(inspected(JPEG, _photo(orientation=6))))
    assert shown.size == (32, 48)
    dark, light = shown.getpixel((16, 4)), shown.getpixel((16, 44))
    assert isinstance(dark, tuple) and isinstance(light, tuple)
    assert sum(dark) < 150 < sum(light), "dark above, light below"


def test_texts_in_a_png_are_not_kept_and_its_pixels_are() -> None:
    info = PngImagePlugin.PngInfo()
    info.add_text("Author", "CANARY")
    sent = picture("PNG", pnginfo=info)
    kept = inspected(PNG, sent)
    assert b"CANARY" in sent and b"CANARY" not in kept
    first, second = (Image.open(io.BytesIO(one)).tobytes() for one in (sent, kept))
    assert hashlib.sha256(first).digest() == hashlib.sha256(second).digest()
    assert inspected(PNG, kept) == kept


def test_a_picture_of_too_many_pixels_is_refused_by_its_header(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    header = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    crc = struct.pack(">I", zlib.crc32(b"IHDR" + header))
    huge = b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + b"IHDR" + header + crc
    huge += picture("PNG")[33:]
    assert why(PNG, huge) is Why.BOMB
    monkeypatch.setattr(image, "PIXELS_MAX", 1_000)
    assert why(JPEG, picture()) is Why.BOMB


def test_a_picture_that_ends_in_its_middle_is_refused() -> None:
    assert why(JPEG, picture()[:300]) is Why.DAMAGED
    assert why(PNG, picture("PNG")[:60]) is Why.DAMAGED


def test_without_the_gate_each_of_these_would_be_kept() -> None:
    """The naive twin: the first bytes alone, as it was before."""
    for content in (acting(OpenAction=SCRIPT), pdf_of() + EICAR, b"%PDF-1.7 discharge summary"):
        assert content.startswith(gate.FIRST_BYTES[PDF])
    assert b"CANARY" in _photo() and _photo().startswith(gate.FIRST_BYTES[JPEG])
