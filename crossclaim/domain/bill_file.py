"""A batch file of bills: one charge line a row, and what stands above it repeated.

Rows of one version of a bill have its visit, number and version. The episode is found by the visit
number, which the hospital knows. Everything beyond columns and rows that contradict each other is
judged by the API, whose pointers lead back to row and column.
"""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from crossclaim.domain.row_members import (
    cell_of,
    column_of,
    contradictions,
    members_of,
    unnumbered,
)
from crossclaim.domain.table_file import FileRow, Placed, Table

_BILL = {
    "status": "status",
    "issued_at": "issued_at",
    "service_completed_at": "service_completed_at",
    "total": "total",
}
_LINE = {
    "category": "category",
    "code": "code",
    "description": "description",
    "service_date": "service_date",
    "quantity": "quantity",
    "unit_price": "unit_price",
    "amount": "amount",
    "surgery_class": "surgery_class",
}
VISIT, NUMBER, BILL_VERSION = KEY = ("visit_number", "bill_number", "bill_version")
COLUMNS = (*KEY, *_BILL, *_LINE)
"""In the order of the template. Amounts are CNY; a moment has its offset, as in ISO 8601."""
OPTIONAL = frozenset({"service_completed_at", "surgery_class"})
_AMOUNTS, _WHOLES = frozenset({"total", "unit_price", "amount"}), frozenset({"quantity"})
_LINE_POINTER = re.compile(r"/lines/(\d+)(?:/(.*))?")


class FileBill(NamedTuple):
    """One version of a bill. ``body`` is for ``POST /v1/episodes/{id}/bills``; unusable with
    ``faults``."""

    number: str
    visit: str
    rows: list[int]
    body: dict[str, Any]
    faults: list[Placed]

    def place(self, pointer: str) -> tuple[int, str]:
        """Row and column of what a JSON pointer of the body means."""
        line = _LINE_POINTER.fullmatch(pointer)
        if line is not None and int(line[1]) < len(self.rows):
            return self.rows[int(line[1])], column_of(_LINE, line[2] or "")
        own = {"/number": NUMBER, "/version": BILL_VERSION}.get(pointer)
        return self.rows[0], own or column_of(_BILL, pointer.removeprefix("/"))


def bills_of(table: Table) -> list[FileBill]:
    """The bills in the order of their first rows, each with what is wrong with its rows."""
    found: dict[tuple[str, ...], list[FileRow]] = {}
    for row in table.rows:
        found.setdefault(tuple(cell_of(row.cells, name) for name in KEY), []).append(row)
    return [_bill(key, rows, table) for key, rows in found.items()]


def _bill(key: tuple[str, ...], rows: list[FileRow], table: Table) -> FileBill:
    visit, number, version = key
    faults = [*unnumbered(rows, KEY), *table.faults_of({row.at for row in rows})]
    faults += contradictions(rows, [*_BILL], "bill")
    body = {
        "number": number,
        "version": int(version) if re.fullmatch(r"\d{1,9}", version) else version,
        **members_of(rows[0].cells, _BILL, amounts=_AMOUNTS, wholes=_WHOLES),
        "lines": [
            {"number": place, **members_of(row, _LINE, amounts=_AMOUNTS, wholes=_WHOLES)}
            for place, (_, row) in enumerate(rows, 1)
        ],
        "documents": [],
    }
    return FileBill("/".join(key), visit, [at for at, _ in rows], body, faults)
