"""A table that somebody sends as a file: rows by their numbers, and what is wrong by its place.

Whatever the file is of, nothing in it is dropped without a word: what no column takes, what is no
plain value and what is empty is told with its row.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

from crossclaim.domain.allocation import Frozen

Row = Mapping[str, str]
FIRST_ROW = 2
"""Below the heading."""


class Placed(Frozen):
    """Something wrong, by its place. ``row`` counts as in a table program, the heading being 1."""

    row: int
    column: str
    """Empty where no single column is wrong."""
    code: str
    detail: str


class FileRow(NamedTuple):
    at: int
    """Its number in the file."""
    cells: Row
    """By column; a column that is not here says nothing."""


class Table(NamedTuple):
    """``rows``: those that say anything; ``blank``: numbers of those that do not, before the last
    one that does."""

    rows: list[FileRow]
    faults: list[Placed]
    blank: list[int]

    def faults_of(self, rows: Collection[int]) -> list[Placed]:
        return [one for one in self.faults if one.row in rows]


def numbered(rows: Iterable[Row]) -> list[FileRow]:
    """Rows that follow each other under a heading, none of them blank."""
    return [FileRow(at, row) for at, row in enumerate(rows, FIRST_ROW)]


def heading_faults(
    heading: Sequence[str], columns: Sequence[str], optional: Collection[str]
) -> list[Placed]:
    """Columns that are missing, unknown or there twice."""
    needed = [name for name in columns if name not in optional]
    missing = [name for name in needed if name not in heading]
    unknown = [name for name in heading if name not in columns]
    twice = sorted({name for name in heading if heading.count(name) > 1})
    return [
        Placed(row=1, column=name, code=code, detail=detail)
        for names, code, detail in (
            (missing, "COLUMN_MISSING", "This column is needed and is not there."),
            (unknown, "COLUMN_UNKNOWN", "There is no such column; the template has them all."),
            (twice, "COLUMN_TWICE", "This column is there more than once."),
        )
        for name in names
    ]


def row_of(at: int, heading: Sequence[str], cells: Sequence[str]) -> tuple[FileRow, list[Placed]]:
    """A row by its columns. Cells beyond the heading are told, unless they are empty."""
    beyond = [cell for cell in cells[len(heading) :] if cell.strip()]
    faults = []
    if beyond:
        detail = (
            f"This row has {len(cells)} cells and the heading {len(heading)} columns; "
            "put a cell that has a comma into quotes, or give its column a heading."
        )
        faults.append(Placed(row=at, column="", code="ROW_TOO_LONG", detail=detail))
    missing = [""] * (len(heading) - len(cells))
    return FileRow(at, dict(zip(heading, [*cells, *missing], strict=False))), faults


def table_of(rows: Iterable[tuple[FileRow, list[Placed]]]) -> Table:
    """Blank rows at the end are no rows: table programs write them by the thousand."""
    found: list[FileRow] = []
    faults: list[Placed] = []
    blank: list[int] = []
    behind: list[int] = []
    for row, wrong in rows:
        if not wrong and not any(cell.strip() for cell in row.cells.values()):
            behind.append(row.at)
            continue
        blank += behind
        behind = []
        found.append(row)
        faults += wrong
    return Table(found, faults, blank)
