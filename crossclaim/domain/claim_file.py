"""A batch file of claims with papers: one charge line a row, and what stands above it repeated.

Rows of one claim have its number, rows of one paper that too; they may stand in any order. The file
is not judged here beyond what only a file can have wrong: columns and rows that contradict each
other. Everything else is judged by the API, whose pointers lead back to row and column.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from crossclaim.domain.table_file import FileRow, Placed, Row, Table

_CLAIM = {
    "policy_number": "policy_number",
    "plan": "plan",
    "hospital": "hospital",
    "patient_name_en": "patient/name/en",
    "patient_name_zh": "patient/name/zh",
    "birth_date": "patient/birth_date",
    "mobile": "patient/mobile",
    "document_type": "patient/documents/0/type",
    "document_number": "patient/documents/0/number",
    "diagnosis": "diagnoses/0/code",
    "account_holder": "account/holder",
    "account_number": "account/number",
    "bank_name": "account/bank_name",
    "bank_code": "account/bank_code",
    "requested_at": "requested_at",
}
_PAPER = {
    "encounter_class": "encounter_class",
    "department": "department",
    "issued_at": "issued_at",
    "paper_total": "total",
    "paid_by": "paid/0/method",
    "paid_reference": "paid/0/reference",
    "ebill_code": "ebill/code",
    "ebill_number": "ebill/number",
    "ebill_check": "ebill/check",
    "ebill_issued_on": "ebill/issued_on",
}
_LINE = {
    "category": "category",
    "code": "code",
    "description": "description",
    "service_date": "service_date",
    "quantity": "quantity",
    "unit_price": "unit_price",
    "amount": "amount",
}
COLUMNS = ("claim_number", *_CLAIM, "paper_number", *_PAPER, *_LINE)
"""In the order of the template. Amounts are CNY; a moment has its offset, as in ISO 8601."""
OPTIONAL = frozenset(
    {"patient_name_en", "patient_name_zh", "mobile", "paid_reference"}
    | {name for name in _PAPER if name.startswith("ebill")}
)
_LINE_POINTER = re.compile(r"/papers/(\d+)/lines/(\d+)(?:/(.*))?")
_PAPER_POINTER = re.compile(r"/papers/(\d+)(?:/(.*))?")


class FileClaim(NamedTuple):
    """One claim of the file. ``body`` is for ``POST /v1/claims``; unusable with ``faults``."""

    number: str
    rows: list[int]
    body: dict[str, Any]
    papers: list[list[int]]
    """The rows of each paper, in the order of the body."""
    faults: list[Placed]

    def place(self, pointer: str) -> tuple[int, str]:
        """Row and column of what a JSON pointer of the body means."""
        line = _LINE_POINTER.fullmatch(pointer)
        if line is not None:
            return self._of_line(int(line[1]), int(line[2]), line[3] or "")
        paper = _PAPER_POINTER.fullmatch(pointer)
        if paper is not None and int(paper[1]) < len(self.papers):
            return self.papers[int(paper[1])][0], _column(_PAPER, paper[2] or "")
        return self.rows[0], _column(_CLAIM, pointer.removeprefix("/"))

    def _of_line(self, paper: int, line: int, member: str) -> tuple[int, str]:
        if paper < len(self.papers) and line < len(self.papers[paper]):
            return self.papers[paper][line], _column(_LINE, member)
        return self.rows[0], ""


def _column(members: Mapping[str, str], member: str) -> str:
    """The column of a member, or of what it is a part of."""
    for column, path in members.items():
        if member == path or member.startswith(f"{path}/"):
            return column
    return "claim_number" if member == "number" else ""


def claims_of(table: Table) -> list[FileClaim]:
    """The claims in the order of their first rows, each with what is wrong with its rows."""
    found: dict[str, list[FileRow]] = {}
    for row in table.rows:
        found.setdefault(_cell(row.cells, "claim_number"), []).append(row)
    return [_claim(number, rows, table) for number, rows in found.items()]


def _claim(number: str, rows: list[FileRow], table: Table) -> FileClaim:
    papers: dict[str, list[FileRow]] = {}
    for row in rows:
        papers.setdefault(_cell(row.cells, "paper_number"), []).append(row)
    faults = [*_unnumbered(number, rows), *table.faults_of({row.at for row in rows})]
    faults += _contradictions(rows, _CLAIM)
    for found in papers.values():
        faults += _contradictions(found, _PAPER)
    body = {
        "number": number,
        **_members(rows[0].cells, _CLAIM),
        "papers": [_paper(name, found) for name, found in papers.items()],
        "consents": [],
    }
    for one in body.get("diagnoses", []):
        one["system"] = "icd-10"
    placed = [[at for at, _ in found] for found in papers.values()]
    return FileClaim(number, [at for at, _ in rows], body, placed, faults)


def _unnumbered(number: str, rows: list[FileRow]) -> list[Placed]:
    """Rows that name no claim are of nobody knows which."""
    detail = "This row names no claim; each row of a claim has its number."
    missing = {"column": "claim_number", "code": "ROW_WITHOUT_NUMBER", "detail": detail}
    return [] if number else [Placed(row=row.at, **missing) for row in rows]


def _paper(number: str, rows: list[FileRow]) -> dict[str, Any]:
    """Paid in one sum, as its receipt says; an electronic bill that nobody else paid a part of."""
    paper = {"number": number, **_members(rows[0].cells, _PAPER)}
    paper["lines"] = [
        {"number": place, **_members(row, _LINE)} for place, (_, row) in enumerate(rows, 1)
    ]
    total = paper.get("total")
    for leg in paper.setdefault("paid", []):
        leg["amount"] = total
    if "ebill" in paper:
        nothing = {"amount": "0.00", "currency": "CNY"}
        others = dict.fromkeys(("pooled_fund", "other", "personal_account"), nothing)
        paper["ebill"] |= {**others, "cash": total}
    return paper


def _members(row: Row, members: Mapping[str, str]) -> dict[str, Any]:
    """What the row says of them, put where the body has it; an empty cell says nothing."""
    found: dict[str, Any] = {}
    for column, path in members.items():
        cell = _cell(row, column)
        if cell:
            _put(found, path.split("/"), _value(column, cell))
    return found


def _put(found: dict[str, Any], path: list[str], value: object) -> None:
    name, *rest = path
    if not rest:
        found[name] = value
    elif rest[0] == "0":
        (items := found.setdefault(name, [{}]))
        _put(items[0], rest[1:], value)
    else:
        _put(found.setdefault(name, {}), rest, value)


def _value(column: str, cell: str) -> object:
    """A whole number where one is meant and there; otherwise the API says what is wrong with it."""
    if column == "quantity":
        return int(cell) if re.fullmatch(r"\d{1,9}", cell) else cell
    if column in ("unit_price", "amount", "paper_total"):
        return {"amount": cell, "currency": "CNY"}
    return cell


def _contradictions(rows: list[FileRow], members: Mapping[str, str]) -> list[Placed]:
    """Cells that are not as in the first row of the same claim or paper."""
    (first_at, first), *others = rows
    detail = f"This is another value than in row {first_at}, of the same claim or paper."
    return [
        Placed(row=at, column=column, code="ROWS_DISAGREE", detail=detail)
        for at, row in others
        for column in members
        if _cell(row, column) != _cell(first, column)
    ]


def _cell(row: Row, column: str) -> str:
    return (row.get(column) or "").strip()
