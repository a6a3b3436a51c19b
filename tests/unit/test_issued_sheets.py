"""Papers as they are set: the same facts are the same file, whatever stands on it fits."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import timedelta

import pytest
import zxingcpp
from PIL import Image, ImageChops, ImageStat
from pypdf import PdfReader

from crossclaim.documents.sheet_pdf import sheet_pdf, sheet_png
from crossclaim.documents.sheets.claim import claim_sheet
from crossclaim.documents.sheets.covering import covering_sheet
from crossclaim.documents.sheets.settlement_list import settlement_list
from crossclaim.documents.sheets.sheet import Grid, Sheet, money
from crossclaim.domain.claim_letter import LANGUAGES, LetterKind
from crossclaim.domain.issued_paper import PaperKind
from crossclaim.domain.money import fen
from crossclaim.domain.settlement import settlement_of
from crossclaim.service.issued_papers import facts_of
from tests.paper_facts import covering, letter, sheets
from tests.unit.golden_papers import CODE, FACTS, FOLDER, LINK, pages
from tests.unit.settled_day import DAY, HOSPITAL, INSURER, booked


def made(sheet: Sheet, language: str = "en") -> bytes:
    return sheet_pdf(sheet, language, code=CODE, link=LINK, facts=facts_of(sheet))


def text_of(content: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)


def benefits(count: int, language: str = "en") -> Sheet:
    return claim_sheet(letter(count), LetterKind.BENEFITS, "cl_1", "victoria-health", language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_paper_is_the_same_to_the_byte_and_says_pdf_a(language: str) -> None:
    again = sheets(language)
    assert set(again) | {PaperKind.REMITTANCE_ADVICE} == set(PaperKind)
    for kind, sheet in sheets(language).items():
        content = made(sheet, language)
        assert content == made(again[kind], language), kind
        assert b"pdfaid" in content and sheet.title in text_of(content).replace("\n", "")
        assert b"/FontFile" in content, "its fonts go with it"


def test_another_fact_or_another_time_is_another_file_and_another_digest() -> None:
    sheet = benefits(3)
    for other in (
        replace(sheet, number="CL2"),
        replace(sheet, dated=sheet.dated + timedelta(minutes=1)),
        replace(sheet, totals=sheet.totals[:-1]),
    ):
        assert facts_of(other) != facts_of(sheet)
        assert made(other) != made(sheet)


def test_the_code_on_the_paper_leads_to_where_it_can_be_verified() -> None:
    for sheet in (benefits(3), sheets("zh-Hant")[PaperKind.SETTLEMENT_LIST]):
        (first, *_) = sheet_png(sheet, "zh-Hant", code=CODE, link=LINK, facts=FACTS, ppi=110)
        (found,) = zxingcpp.read_barcodes(Image.open(io.BytesIO(first)))
        assert found.text == LINK
        assert CODE in text_of(made(sheet, "zh-Hant"))


def test_three_hundred_lines_fill_pages_and_lose_none() -> None:
    content = made(benefits(300))
    pages_ = PdfReader(io.BytesIO(content)).pages
    assert 5 < len(pages_) < 20
    shown = [page.extract_text() for page in pages_]
    assert all("Description" in text for text in shown[:-1]), "the columns' names on each page"
    assert "CNY 3,000.00" in shown[-2] + shown[-1] and "CNY 51,850.50" in shown[-1]
    assert all(f"{at} / {len(pages_)}" in text for at, text in enumerate(shown, 1))


def test_no_line_at_all_is_said_and_no_empty_table_is_set() -> None:
    shown = text_of(made(covering_sheet(covering(0), "en")))
    assert "No documents are enclosed." in shown and "SHA-256" not in shown


def test_a_sign_that_no_font_has_keeps_no_paper_from_being_issued() -> None:
    told = letter().model_copy(update={"patient": "CHAN \U0001f600\x07 Tai Man，陳大文"})
    sheet = claim_sheet(told, LetterKind.DECISION, "cl_1", "victoria-health", "zh-Hant")
    shown = text_of(made(sheet, "zh-Hant"))
    assert "Tai Man" in shown and "陳大文" in shown


def test_a_text_is_shown_and_never_taken_for_an_instruction() -> None:
    odd = '#import "x" $y$ *z* `w` <label> @ref \\ " </script>'
    told = letter().model_copy(update={"note": odd})
    sheet = claim_sheet(told, LetterKind.DECISION, "cl_1", "victoria-health", "en")
    assert odd.replace(" ", "") in text_of(made(sheet)).replace("\n", "").replace(" ", "")


def test_amounts_are_told_with_commas_and_their_sign() -> None:
    assert [money(fen(n)) for n in (0, 5, -5, 123_456_789, -100_000)] == [
        "CNY 0.00",
        "CNY 0.05",
        "CNY -0.05",
        "CNY 1,234,567.89",
        "CNY -1,000.00",
    ]


def test_pages_look_as_they_did_when_a_person_last_looked_at_them() -> None:
    seen = set()
    for name, drawn in pages():
        seen.add(f"{name}.png")
        known = Image.open(FOLDER / f"{name}.png").convert("L")
        assert drawn.size == known.size, name
        difference = ImageStat.Stat(ImageChops.difference(drawn, known))
        assert difference.mean[0] < 0.5, f"{name} looks different"
    assert seen == {file.name for file in FOLDER.iterdir()}


def test_a_page_whose_total_is_another_would_be_noticed() -> None:
    """The twin: the comparison above sees one changed block."""
    name, drawn = next(pages())
    changed = drawn.copy()
    changed.paste(0, (200, 200, 260, 210))
    difference = ImageStat.Stat(ImageChops.difference(changed, drawn))
    assert difference.mean[0] >= 0.5, name


def test_a_settlement_list_names_what_a_hospital_gave_back_itself() -> None:
    rows = (booked(5_000), booked(-700, "claw_back"))
    one = settlement_of(HOSPITAL, INSURER, DAY, rows, 0)
    sheet = settlement_list(HOSPITAL, "Hospital", DAY, [("Insurer", "RA-1", one)], "en")
    (grid,) = (part for part in sheet.body if isinstance(part, Grid))
    told = dict(zip(grid.columns, grid.rows[0], strict=True))
    assert told["Payments"] == "50.00"
    assert told["Given back by the hospital itself"] == "-7.00"
    assert "-7.00" in text_of(made(sheet))
