"""What became of a batch file: one line a row of the file, in its order."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from crossclaim.documents.csv_cells import text_cell
from crossclaim.domain.table_file import Placed

TAKEN, CLEAN, REFUSED, NOT_SENT, BLANK = "taken", "clean", "refused", "not_sent", "blank"
STATUSES = (TAKEN, CLEAN, REFUSED, NOT_SENT)
JOINED = "; "


class Item(Protocol):
    """What is sent as one: a claim, an episode, a bill, of one row or of several."""

    @property
    def number(self) -> str: ...
    @property
    def rows(self) -> list[int]: ...
    @property
    def body(self) -> dict[str, Any]: ...
    @property
    def faults(self) -> list[Placed]:
        """With any of them it is not sent."""
        ...

    def place(self, pointer: str) -> tuple[int, str]:
        """Row and column of what a JSON pointer of the body means."""
        ...


@dataclass(frozen=True)
class Result:
    """What became of one item of the file."""

    item: Item
    status: str
    answer: dict[str, Any] = field(default_factory=dict)
    """Of it only what the results tell."""
    faults: list[Placed] = field(default_factory=list)
    later: bool = False
    """Not sent for a reason that passes: the same again is answered once the API is back."""


def lines_of(
    results: Sequence[Result], blank: Iterable[int], number: str, told: dict[str, str]
) -> list[dict[str, str]]:
    """One line a row. ``number``: the column of the item's number; ``told``: columns of the result
    and where the answer has them (``benefit/amount``), said once an item where they are sums."""
    columns = columns_of(number, told)
    lines = [line for one in results for line in _of_item(one, number, told)]
    for at in blank:
        detail = "This row is empty; nothing was read from it."
        lines.append({"row": str(at), "status": BLANK, "code": "ROW_BLANK", "detail": detail})
    empty = dict.fromkeys(columns, "")
    return [empty | line for line in sorted(lines, key=lambda line: int(line["row"]))]


def columns_of(number: str, told: dict[str, str]) -> tuple[str, ...]:
    return ("row", number, "status", "column", "code", "detail", *told)


def _of_item(result: Result, number: str, told: dict[str, str]) -> list[dict[str, str]]:
    item, found = result.item, []
    rows = {*item.rows, *(one.row for one in result.faults)}
    for at in sorted(rows):
        wrong = [one for one in result.faults if one.row == at]
        line = {"row": str(at), number: item.number, "status": result.status}
        line |= {
            "column": JOINED.join(one.column for one in wrong),
            "code": JOINED.join(one.code for one in wrong),
            "detail": JOINED.join(one.detail for one in wrong),
        }
        first = at == min(item.rows)
        for column, path in told.items():
            if first or "/" not in path:
                line[column] = _answered(result.answer, path)
        found.append(line)
    return found


def _answered(answer: dict[str, Any], path: str) -> str:
    value: Any = answer
    for name in path.split("/"):
        value = value.get(name, "") if isinstance(value, dict) else ""
    return str(value)


def told_of(answer: dict[str, Any], told: dict[str, str]) -> dict[str, Any]:
    """What the results tell of an answer: of 50,000 whole ones nobody has the room."""
    tops = {path.partition("/")[0] for path in told.values()}
    return {name: value for name, value in answer.items() if name in tops}


def write_results(file: Path, columns: Sequence[str], lines: Iterable[dict[str, str]]) -> None:
    """Whole or not at all, so that nobody takes a half for the end."""
    half = file.with_name(f"{file.name}.half")
    with half.open("w", encoding="utf-8", newline="") as opened:
        out = csv.DictWriter(opened, columns)
        out.writeheader()
        out.writerows({name: text_cell(cell) for name, cell in line.items()} for line in lines)
        opened.flush()
        os.fsync(opened.fileno())
    half.replace(file)


def counts_of(results: Iterable[Result]) -> dict[str, int]:
    counts = dict.fromkeys(STATUSES, 0)
    for one in results:
        counts[one.status] += 1
    return counts
