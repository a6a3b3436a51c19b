"""A table of figures as a workbook: words as text, whatever they begin with, numbers as such."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence

Cell = str | int | float | None


def workbook(title: str, rows: Iterable[Sequence[Cell]]) -> bytes:
    """One sheet; the first row is its heading and stays in sight."""
    import openpyxl
    from openpyxl.cell import WriteOnlyCell

    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet(title[:31])
    sheet.freeze_panes = "A2"
    for row in rows:
        cells = []
        for value in row:
            cell = WriteOnlyCell(sheet, value=value)
            if isinstance(value, str):
                # A text that begins like a formula is a text all the same.
                cell.data_type = "s"
            cells.append(cell)
        sheet.append(cells)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()
