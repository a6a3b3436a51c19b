"""E-bills read from their files, and what is said when they are laid beside a claim."""

from __future__ import annotations

from datetime import date

import pytest

from crossclaim.documents.ebill_files import ebills_in
from crossclaim.documents.inspection.gate import JPEG, OFD, PDF, PNG, XML, inspected
from crossclaim.domain.ebill_reading import (
    ClaimedEbill,
    Compared,
    EbillRead,
    Outcome,
    Source,
    Stored,
    compared,
    read_labels,
    read_qr,
)
from crossclaim.domain.money import fen
from crossclaim.domain.paper_claim import EbillNamed
from tests.ebill_files import Said, ebill_ofd, ebill_pdf, ebill_xml, qr_png
from tests.plain_files import ofd_of, pdf_of, picture
from tests.steps.paper_claims import ebill

NUMBER = "0012345678"
SAID = Said(NUMBER, "1,240.00")
WHOLE = {
    "code": "44060126",
    "number": NUMBER,
    "check": "a1b2c3",
    "issued_on": date(2026, 3, 2),
    "total": fen(124_000),
}


def expected(source: Source) -> EbillRead:
    return EbillRead(source=source, **WHOLE)


@pytest.mark.parametrize(
    ("content_type", "content", "source"),
    [
        (PDF, ebill_pdf(SAID), Source.TEXT),
        (OFD, ebill_ofd(SAID), Source.OFD),
        (XML, ebill_xml(SAID), Source.XML),
        (PNG, qr_png(Said(NUMBER, "1240.00")), Source.QR),
        (PDF, ebill_pdf(Said(NUMBER, "1240.00"), text=False, qr=True), Source.QR),
    ],
    ids=["text", "ofd", "xml", "qr", "qr in a PDF"],
)
def test_every_field_is_read_from_each_kind_of_file(
    content_type: str, content: bytes, source: Source
) -> None:
    kept = inspected(content_type, content)
    assert ebills_in(content_type, kept) == [expected(source)]


def test_text_and_code_of_one_file_are_two_readings() -> None:
    both = ebills_in(PDF, ebill_pdf(Said(NUMBER, "1240.00"), qr=True))
    assert [one.source for one in both] == [Source.TEXT, Source.QR]


@pytest.mark.parametrize(
    ("content_type", "content"),
    [
        (PDF, pdf_of("an itemised bill")),
        (OFD, ofd_of("a page")),
        (XML, b"<a>1</a>"),
        (JPEG, picture()),
        (PNG, b"\x89PNG\r\n\x1a\nbroken"),
        (PDF, b"%PDF-broken"),
        (OFD, b"PK\x03\x04broken"),
        (XML, b"<!DOCTYPE a><a/>"),
    ],
)
def test_a_file_without_an_ebill_says_nothing_and_breaks_nothing(
    content_type: str, content: bytes
) -> None:
    assert ebills_in(content_type, content) == []


def test_fields_that_cannot_be_are_left_out() -> None:
    found = read_labels("票据号码:0012345678 开票日期:2026年13月40日 校验码:a1b2c", Source.TEXT)
    assert found == EbillRead(source=Source.TEXT, number=NUMBER)
    assert read_labels("票据号码:00123456789", Source.TEXT) is None
    assert read_qr("https://example.org/?n=0012345678") is None
    assert read_qr("") is None


def claimed(**changes: object) -> ClaimedEbill:
    told = ebill(NUMBER, "1240.00") | changes
    return ClaimedEbill(paper="V1", ebill=EbillNamed.model_validate(told), total=fen(124_000))


def words(*reads: EbillRead, claim: ClaimedEbill | None = None) -> list[Compared]:
    stored = [Stored(sha256="f" * 64, read=read) for read in reads]
    return list(compared(stored, [claim or claimed()]))


def test_what_agrees_is_said_too() -> None:
    (word,) = words(expected(Source.TEXT), expected(Source.QR))
    assert (word.outcome, word.members, word.paper) == (Outcome.AGREES, [], "V1")


@pytest.mark.parametrize(
    ("member", "other"),
    [
        ("code", "44060125"),
        ("check", "ffffff"),
        ("issued_on", date(2026, 3, 3)),
        ("total", fen(124_001)),
    ],
)
def test_each_field_that_differs_is_named_and_not_its_value(member: str, other: object) -> None:
    read = expected(Source.TEXT).model_copy(update={member: other})
    (word,) = words(read)
    assert (word.outcome, word.members) == (Outcome.DIFFERS, [member])


def test_a_code_that_contradicts_the_text_of_its_own_file_differs() -> None:
    forged = expected(Source.TEXT).model_copy(update={"total": fen(924_000)})
    changed = claimed()
    (word,) = words(forged, expected(Source.QR), claim=changed)
    assert word.members == ["total"]


def test_a_file_of_another_number_is_another_bill_and_one_that_is_silent_agrees() -> None:
    other = expected(Source.QR).model_copy(update={"number": "0099999999"})
    (word,) = words(other)
    assert (word.outcome, word.paper) == (Outcome.OTHER_BILL, "")
    (short,) = words(EbillRead(source=Source.QR, number="００１２３４５６７８"))
    assert short.outcome is Outcome.AGREES
    assert list(compared([Stored(sha256="f", read=other)], [])) == []
