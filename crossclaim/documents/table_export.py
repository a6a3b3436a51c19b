"""A table of a page as a file: CSV in UTF-8, or a workbook; no cell of either is computed."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Literal

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

from crossclaim.documents.csv_cells import text_cell

Cell = str | int | Decimal
Form = Literal["csv", "xlsx"]
MEDIA_TYPES: dict[str, str] = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_WIDTH = 22


def table_file(
    form: Form, title: str, heading: Sequence[str], rows: Iterable[Sequence[Cell]]
) -> bytes:
    return _workbook(title, heading, rows) if form == "xlsx" else _csv(heading, rows)


def _csv(heading: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(heading)
    for row in rows:
        writer.writerow([text_cell(c) if isinstance(c, str) else str(c) for c in row])
    return out.getvalue().encode("utf-8-sig")


def _workbook(title: str, heading: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    book = Workbook(write_only=True)
    # What a workbook takes in a sheet's name is less than what a title has.
    sheet = book.create_sheet("".join(c for c in title if c not in "[]:*?/\\")[:31])
    sheet.freeze_panes = "A2"
    for column in range(len(heading)):
        sheet.column_dimensions[chr(ord("A") + column)].width = _WIDTH
    sheet.append([_cell(sheet, name, bold=True) for name in heading])
    for row in rows:
        sheet.append([_cell(sheet, value) for value in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _cell(sheet: object, value: Cell, bold: bool = False) -> WriteOnlyCell:
    plain = "".join(c for c in value if c >= " ") if isinstance(value, str) else value
    cell = WriteOnlyCell(sheet, value=plain)
    if isinstance(value, str):
        # Never a formula, whatever it begins with.
        cell.data_type = "s"
    elif isinstance(value, Decimal):
        cell.number_format = "#,##0.00"
    if bold:
        cell.font = Font(bold=True)
    return cell
