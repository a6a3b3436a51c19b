"""A template that is filled in by a table program comes back as it was typed."""

from __future__ import annotations

import io
from pathlib import Path

import openpyxl
import pytest
from typer.testing import CliRunner

from crossclaim.cli.application import app
from crossclaim.documents.table_reader import read_table
from crossclaim.documents.table_template import workbook_of
from crossclaim.domain.errors import CrossclaimError
from crossclaim.domain.import_files import IMPORT_FILES

COMMANDS = {"episodes": ("import",), "bills": ("import",), "claims": ("claims",)}


@pytest.mark.parametrize("word", sorted(IMPORT_FILES))
def test_what_is_typed_into_a_template_keeps_its_zeros(word: str, tmp_path: Path) -> None:
    file = tmp_path / "t.xlsx"
    last = () if word == "claims" else (word,)
    words = [*COMMANDS[word], "template", *last, "--xlsx", str(file)]
    assert CliRunner().invoke(app, words).exit_code == 0
    kind = IMPORT_FILES[word]
    book = openpyxl.load_workbook(file)
    sheet = book.active
    assert sheet is not None
    assert [cell.value for cell in sheet[1]] == list(kind.columns)
    formats = {sheet.column_dimensions[cell.column_letter].number_format for cell in sheet[1]}
    assert formats == {"@"}, "of a text a table program keeps what was typed"
    sheet.append(["007" for _ in kind.columns])
    book.save(file)
    table = read_table(file, kind.columns, kind.optional)
    assert table.faults == [] and table.rows[0].cells == dict.fromkeys(kind.columns, "007")


def test_a_template_overwrites_no_file_that_somebody_has_filled_in(tmp_path: Path) -> None:
    file = tmp_path / "t.xlsx"
    file.write_text("filled in")
    done = CliRunner().invoke(app, ["claims", "template", "--xlsx", str(file)])
    assert isinstance(done.exception, CrossclaimError) and file.read_text() == "filled in"


def test_what_must_be_filled_in_stands_out() -> None:
    kind = IMPORT_FILES["bills"]
    book = openpyxl.load_workbook(io.BytesIO(workbook_of(kind.columns, kind.optional, "bills")))
    sheet = book.active
    assert sheet is not None
    assert {c.value for c in sheet[1] if not c.font.bold} == set(kind.optional)
