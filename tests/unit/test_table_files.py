"""A table from a file: every row has its number, and nothing in it is dropped without a word."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from crossclaim.documents import table_reader
from crossclaim.documents.table_reader import Unreadable, read_table
from crossclaim.domain.table_file import Table

COLUMNS = ("number", "amount", "issued_at", "day", "note")
OPTIONAL = frozenset({"note", "day", "issued_at"})
HEAD = "number,amount,note"


def of_csv(folder: Path, text: str, encoding: str = "utf-8") -> Table:
    file = folder / "table.csv"
    file.write_bytes(text.encode(encoding))
    return read_table(file, COLUMNS, OPTIONAL)


def of_book(folder: Path, *rows: list[Any], more: Callable[[Any], object] | None = None) -> Table:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    if more is not None:
        more(book)
    book.save(folder / "table.xlsx")
    return read_table(folder / "table.xlsx", COLUMNS, OPTIONAL)


def cells(table: Table) -> list[tuple[int, str, str]]:
    return [(row.at, row.cells["number"], row.cells["amount"]) for row in table.rows]


def faults(table: Table) -> list[tuple[int, str, str]]:
    return [(one.row, one.column, one.code) for one in table.faults]


def test_rows_keep_their_numbers_after_blank_ones_and_blank_ones_are_told(tmp_path: Path) -> None:
    read = of_csv(tmp_path, f"{HEAD}\nA,1.00,\n\n,,\nB,2.00,\n\n\n")
    assert cells(read) == [(2, "A", "1.00"), (5, "B", "2.00")]
    assert read.blank == [3, 4], "those at the end are none"
    book = of_book(tmp_path, ["number", "amount"], ["A", "1.00"], [], ["", " "], ["B", "2.00"])
    assert (cells(book), book.blank) == ([(2, "A", "1.00"), (5, "B", "2.00")], [3, 4])


def test_a_cell_of_several_lines_is_one_row(tmp_path: Path) -> None:
    read = of_csv(tmp_path, f'{HEAD}\nA,1.00,"two\nlines"\nB,2.00,')
    assert cells(read) == [(2, "A", "1.00"), (3, "B", "2.00")]


def test_cells_beyond_the_heading_are_told_and_empty_ones_are_not(tmp_path: Path) -> None:
    read = of_csv(tmp_path, f"{HEAD}\nA,1,000.00,\nB,2.00,,,\nC,3.00,,,x")
    assert faults(read) == [(4, "", "ROW_TOO_LONG")]
    more = of_csv(tmp_path, f"{HEAD}\nA,1,000.00,note,x")
    assert faults(more) == [(2, "", "ROW_TOO_LONG")]
    book = of_book(tmp_path, ["number", "amount"], ["A", "1.00", "", "lost"])
    assert faults(book) == [(2, "", "ROW_TOO_LONG")]


def test_a_row_of_nothing_but_what_no_column_takes_is_told(tmp_path: Path) -> None:
    assert faults(of_csv(tmp_path, f"{HEAD}\n,,,lost")) == [(2, "", "ROW_TOO_LONG")]


def test_a_workbook_says_what_the_same_csv_says(tmp_path: Path) -> None:
    heading = ["number", "amount", "issued_at", "day", "note"]
    when, day = datetime(2026, 4, 1, 9, 30), date(2026, 4, 1)
    book = of_book(
        tmp_path,
        heading,
        ["0017", 860, "2026-04-01T09:30:00+08:00", day, None],
        ["18", 860.5, when, datetime(2026, 4, 1), True],
        [19, 0.1, None, None, "=1+1 as a text"],
        more=lambda book: setattr(book.active["E4"], "data_type", "s"),
    )
    assert [dict(row.cells) for row in book.rows] == [
        dict(zip(heading, row, strict=True))
        for row in (
            ("0017", "860", "2026-04-01T09:30:00+08:00", "2026-04-01", ""),
            ("18", "860.5", "2026-04-01T09:30:00", "2026-04-01", "TRUE"),
            ("19", "0.1", "", "", "=1+1 as a text"),
        )
    ]
    assert book.faults == []


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("=SUM(A1:A2)", "CELL_FORMULA"),
        ("#N/A", "CELL_ERROR"),
        (6200000000000047, "CELL_NUMBER_INEXACT"),
        (123456789.12345678, "CELL_NUMBER_INEXACT"),
    ],
)
def test_what_is_no_plain_value_is_refused_by_its_place(
    tmp_path: Path, value: object, code: str
) -> None:
    book = of_book(tmp_path, ["number", "amount"], ["A", "1.00"], ["B", value])
    assert faults(book) == [(3, "amount", code)]


def test_a_workbook_whose_stated_size_is_wrong_loses_no_row(tmp_path: Path) -> None:
    of_book(tmp_path, ["number", "amount"], ["A", "1.00"], ["B", "2.00"])
    small = tmp_path / "small.xlsx"
    with zipfile.ZipFile(tmp_path / "table.xlsx") as old, zipfile.ZipFile(small, "w") as new:
        for one in old.infolist():
            new.writestr(one, old.read(one).replace(b'ref="A1:B3"', b'ref="A1:A1"'))
    assert len(read_table(small, COLUMNS, OPTIONAL).rows) == 2


def test_a_second_sheet_that_holds_anything_and_a_title_above_are_refused(tmp_path: Path) -> None:
    def second(book: Any) -> None:
        book.create_sheet("more").append(["x"])

    with pytest.raises(Unreadable, match="2 sheets"):
        of_book(tmp_path, ["number", "amount"], ["A", "1.00"], more=second)
    empty = of_book(
        tmp_path, ["number", "amount"], ["A", "1.00"], more=lambda b: b.create_sheet("empty")
    )
    assert len(empty.rows) == 1
    with pytest.raises(Unreadable, match="first row"):
        of_book(tmp_path, [], ["number", "amount"], ["A", "1.00"])


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "password"),
        (b"PK\x03\x04 and nothing else", "no workbook"),
        (b"\xff\xfen\x00", "CSV in UTF-8"),
        (b'number,amount\n"A" x,1.00\n', "CSV in UTF-8"),
        (b'number,amount\n"A,1.00\nB,2.00\n', "CSV in UTF-8"),
        (b"", "column number"),
        (b"number,amount,amount,colour\n", "more than once"),
    ],
)
def test_what_is_no_table_is_told_in_one_sentence(
    tmp_path: Path, content: bytes, sentence: str
) -> None:
    file = tmp_path / "x.xlsx"
    file.write_bytes(content)
    with pytest.raises(Unreadable, match=sentence):
        read_table(file, COLUMNS, OPTIONAL)
    with pytest.raises(Unreadable, match="no file"):
        read_table(tmp_path / "none.csv", COLUMNS, OPTIONAL)


def test_a_workbook_that_unpacks_to_more_than_a_list_of_charges_is_not_unpacked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(table_reader, "LARGEST_BYTES", 1_000)
    with pytest.raises(Unreadable, match="too large"):
        of_book(tmp_path, ["number", "amount"], ["A", "1.00"])
