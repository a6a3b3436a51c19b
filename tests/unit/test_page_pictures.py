"""Pages of a PDF are drawn by a program of its own, whatever the file is."""

from __future__ import annotations

import io
from pathlib import Path

from PIL import Image
from pypdf import PdfReader, PdfWriter

from crossclaim.documents import page_drawer, page_picture
from crossclaim.documents.page_picture import pages_in
from tests.plain_files import pdf_of


def pages_of(count: int, height: float = 842) -> bytes:
    writer = PdfWriter()
    page = PdfReader(io.BytesIO(pdf_of())).pages[0]
    for _ in range(count):
        writer.add_page(page).mediabox.upper_right = (595, height)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def test_a_page_is_drawn_and_what_is_none_is_not() -> None:
    content = pages_of(2)
    assert pages_in(content) == 2
    drawn = page_picture.page_picture(content, 2)
    assert drawn is not None
    width, height = Image.open(io.BytesIO(drawn)).size
    assert 850 < width < 950 < height
    for wrong, page in ((content, 3), (content, 0), (content, 10_000), (b"%PDF-1.7 no", 1)):
        assert page_picture.page_picture(wrong, page) is None
    assert pages_in(b"%PDF-1.7 no") == 0


def test_a_page_that_would_take_all_memory_is_not_drawn_and_harms_nobody() -> None:
    assert page_picture.page_picture(pages_of(1, height=2_000_000), 1) is None


def test_the_drawer_knows_nothing_of_ours_and_is_bounded() -> None:
    source = Path(page_drawer.__file__).read_text(encoding="utf-8")
    assert "crossclaim" not in source
    assert page_drawer.CPU_S <= 10
    assert page_drawer.MEMORY_BYTES <= 1 << 30
