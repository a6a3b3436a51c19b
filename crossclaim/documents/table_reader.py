"""Reads a table from a CSV file in UTF-8 or from an XLSX workbook, its values and nothing else."""

from __future__ import annotations

import csv
import zipfile
import zlib
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, time
from decimal import Decimal
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from crossclaim.domain.table_file import (
    FIRST_ROW,
    FileRow,
    Placed,
    Table,
    heading_faults,
    row_of,
    table_of,
)

if TYPE_CHECKING:
    from openpyxl.cell.read_only import EmptyCell, ReadOnlyCell
    from openpyxl.worksheet._read_only import ReadOnlyWorksheet

_ZIP, _OLD_OFFICE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
LARGEST_BYTES = 500 * 1024 * 1024
"""Of a workbook when it is unpacked: what is larger is no list of charges."""
_DIGITS_KEPT = 15
"""Table programs keep numbers as binary fractions: of a longer one the end is lost."""
_BROKEN = (
    *(zipfile.BadZipFile, zlib.error, OSError, EOFError, SyntaxError),
    *(LookupError, ValueError, TypeError, AttributeError, NotImplementedError),
)
"""What a broken or foreign workbook raises is of every kind: zip, XML, keys, types."""


class Unreadable(Exception):
    """The file is no table at all; the text is a sentence for whoever sent it."""


def read_table(file: Path, columns: Sequence[str], optional: Collection[str]) -> Table:
    """By its first bytes, whatever its name says. Raises ``Unreadable``."""
    try:
        with file.open("rb") as opened:
            first = opened.read(4)
    except FileNotFoundError:
        raise Unreadable(f"There is no file {file.name}; name an existing one.") from None
    except OSError:
        raise Unreadable(f"{file.name} cannot be read; name a file that can be.") from None
    if first == _OLD_OFFICE:
        raise Unreadable(
            f"{file.name} is an old workbook or has a password; save it as .xlsx without one."
        )
    if first == _ZIP:
        return _workbook(file, columns, optional)
    return _csv(file, columns, optional)


def _checked(heading: Sequence[str], columns: Sequence[str], optional: Collection[str]) -> None:
    wrong = heading_faults(heading, columns, optional)
    if wrong:
        raise Unreadable("; ".join(f"column {one.column}: {one.detail}" for one in wrong))


def _csv(file: Path, columns: Sequence[str], optional: Collection[str]) -> Table:
    """Blank lines count as rows, as they do where the file is looked at."""
    try:
        with file.open(encoding="utf-8-sig", newline="") as opened:
            rows = csv.reader(opened, strict=True)
            heading = next(rows, [])
            _checked(heading, columns, optional)
            read = (row_of(at, heading, cells) for at, cells in enumerate(rows, FIRST_ROW))
            return table_of(read)
    except (UnicodeDecodeError, csv.Error):
        raise Unreadable(
            f"{file.name} is not CSV in UTF-8 (nor .xlsx); save it as such and send it again."
        ) from None


def sheet_rows(file: Path) -> Iterator[tuple[int, list[str]]]:
    """The rows of a workbook's one sheet by their numbers, heading and all, as texts.

    Raises ``Unreadable``, also for a cell that is no plain value.
    """
    with _only_sheet(file) as rows:
        for at, cells in enumerate(rows, FIRST_ROW - 1):
            told = [_text(cell, "") for cell in cells]
            wrong = next((fault for _, fault in told if fault is not None), None)
            if wrong is not None:
                raise Unreadable(f"{file.name}, row {at}: {wrong[1]}")
            texts = [text for text, _ in told]
            while texts and not texts[-1]:
                texts.pop()
            yield at, texts


def _workbook(file: Path, columns: Sequence[str], optional: Collection[str]) -> Table:
    """Raises ``Unreadable``."""
    with _only_sheet(file) as rows:
        return _sheet(rows, columns, optional)


@contextmanager
def _only_sheet(file: Path) -> Iterator[Iterator[_Cells]]:
    """The rows of the one sheet that holds anything. Raises ``Unreadable``."""
    import openpyxl
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        with zipfile.ZipFile(file) as packed:
            size = sum(one.file_size for one in packed.infolist())
        if size > LARGEST_BYTES:
            raise Unreadable(f"{file.name} is too large when it is unpacked; send it in parts.")
        book = openpyxl.load_workbook(file, read_only=True, data_only=False, keep_links=False)
        try:
            sheets = [rows for sheet in book.worksheets if (rows := _begun(sheet)) is not None]
            if len(sheets) != 1:
                raise Unreadable(
                    f"{file.name} has {len(sheets)} sheets that hold anything; "
                    "send one file for each."
                )
            yield sheets[0]
        finally:
            book.close()
    except (*_BROKEN, InvalidFileException):
        raise Unreadable(
            f"{file.name} is no workbook that can be read; save it as .xlsx and send it again."
        ) from None


_Cells = tuple["ReadOnlyCell | EmptyCell", ...]


def _begun(sheet: ReadOnlyWorksheet) -> Iterator[_Cells] | None:
    """The rows from the first one that says anything on; None where none does."""
    # What the file states of its own size may be wrong: rows would be left out.
    sheet.reset_dimensions()
    rows = sheet.iter_rows()
    for row in rows:
        if any(cell.value not in (None, "") for cell in row):
            return chain([row], rows)
    return None


def _sheet(rows: Iterator[_Cells], columns: Sequence[str], optional: Collection[str]) -> Table:
    first = next(rows)
    if next((row for cell in first if (row := getattr(cell, "row", None))), 1) != 1:
        raise Unreadable("The heading is not in the first row; take out what stands above it.")
    heading = [str(cell.value or "") for cell in first]
    while heading and not heading[-1]:
        heading.pop()
    _checked(heading, columns, optional)
    return table_of(_row(at, heading, cells) for at, cells in enumerate(rows, FIRST_ROW))


def _row(at: int, heading: Sequence[str], cells: _Cells) -> tuple[FileRow, list[Placed]]:
    texts, wrong = [], []
    for place, cell in enumerate(cells):
        name = heading[place] if place < len(heading) else ""
        text, fault = _text(cell, name)
        texts.append(text)
        if fault is not None:
            code, detail = fault
            wrong.append(Placed(row=at, column=name, code=code, detail=detail))
    row, more = row_of(at, heading, texts)
    return row, [*wrong, *more]


def _text(cell: ReadOnlyCell | EmptyCell, column: str) -> tuple[str, tuple[str, str] | None]:
    """A cell as it would stand in a CSV file; never a formula's result, which may be an old one."""
    value = cell.value
    kind = getattr(cell, "data_type", "n")
    if value is None:
        return "", None
    if kind == "f":
        return "", ("CELL_FORMULA", "This cell holds a formula; put its value there.")
    if kind == "e":
        return "", ("CELL_ERROR", f"This cell holds the error {value}; put its value there.")
    if isinstance(value, bool):
        return str(value).upper(), None
    if isinstance(value, int | float):
        return _number(value)
    if isinstance(value, datetime):
        bare = value.time() == time() and not column.endswith("_at")
        return (value.date() if bare else value).isoformat(), None
    if isinstance(value, date | time):
        return value.isoformat(), None
    return str(value), None


def _number(value: float) -> tuple[str, tuple[str, str] | None]:
    text = format(Decimal(repr(value)), "f")
    if text.endswith(".0"):
        text = text[:-2]
    if len(text.replace("-", "").replace(".", "").strip("0")) > _DIGITS_KEPT:
        detail = "A number of so many digits is not kept exactly here; make the cell a text."
        return text, ("CELL_NUMBER_INEXACT", detail)
    return text, None
