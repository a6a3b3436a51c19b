"""Cells of a row as members of a body: where each goes, and rows that contradict each other."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Any

from crossclaim.domain.table_file import FileRow, Placed, Row

_STEP = re.compile(r"\d")


def cell_of(row: Row, column: str) -> str:
    return (row.get(column) or "").strip()


def members_of(
    row: Row, members: Mapping[str, str], *, amounts: Collection[str], wholes: Collection[str]
) -> dict[str, Any]:
    """What the row says of them, put where the body has it; an empty cell says nothing.

    A number stands for one where it is one; otherwise the API says what is wrong with it.
    """
    found: dict[str, Any] = {}
    for column, path in members.items():
        cell = cell_of(row, column)
        if not cell:
            continue
        value: object = cell
        if column in amounts:
            value = {"amount": cell, "currency": "CNY"}
        elif column in wholes and re.fullmatch(r"\d{1,9}", cell):
            value = int(cell)
        _put(found, path.split("/"), value)
    return found


def _put(found: dict[str, Any], path: list[str], value: object) -> None:
    """A digit is a place of a list; one place follows the other."""
    name, *rest = path
    if not rest:
        found[name] = value
    elif _STEP.fullmatch(rest[0]):
        items = found.setdefault(name, [])
        while len(items) <= int(rest[0]):
            items.append({})
        _put(items[int(rest[0])], rest[1:], value)
    else:
        _put(found.setdefault(name, {}), rest, value)


def column_of(members: Mapping[str, str], member: str) -> str:
    """The column of a member, or of what it is a part of."""
    for column, path in members.items():
        if member == path or member.startswith(f"{path}/"):
            return column
    return ""


def contradictions(rows: list[FileRow], members: Collection[str], what: str) -> list[Placed]:
    """Cells that are not as in the first row of the same thing."""
    (first_at, first), *others = rows
    detail = f"This is another value than in row {first_at}, of the same {what}."
    return [
        Placed(row=at, column=column, code="ROWS_DISAGREE", detail=detail)
        for at, row in others
        for column in members
        if cell_of(row, column) != cell_of(first, column)
    ]


def unnumbered(rows: list[FileRow], columns: Collection[str]) -> list[Placed]:
    """Rows that do not say what they are of."""
    detail = "This row does not say what it is of; every row has this column."
    return [
        Placed(row=at, column=column, code="ROW_WITHOUT_NUMBER", detail=detail)
        for at, row in rows
        for column in columns
        if not cell_of(row, column)
    ]
