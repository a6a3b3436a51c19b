"""Reads claims, each the facts of one bill, from JSON lines, CSV or a workbook, row by row.

A JSON line is a ``Claim``. A row of CSV or of a workbook (``.xlsx``) is a charge line: its columns
are paths into ``Claim`` (``episode.hospital``, ``consents.0``) or, below ``line.``, into the charge
line. Rows that follow each other and differ only there are one bill; an empty cell states nothing,
``[]`` and ``{}`` state that there is nothing.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import Any, NamedTuple

from pydantic import ValidationError

from crossclaim.backtest.claim import Claim
from crossclaim.backtest.fault import ClaimsRefused
from crossclaim.documents.table_reader import Unreadable, sheet_rows

LINE_BYTES_MAX = 1_000_000
_LINE = "line."
_FAULTS_SHOWN = 3
Row = dict[str, str]


class RawClaim(NamedTuple):
    """One claim as it stands in a file: a JSON text, or the rows of one bill."""

    file: str
    line: int
    content: bytes | list[Row]


def raw_claims(path: Path) -> Iterator[RawClaim]:
    """Every claim of a file, unread. Raises ClaimsRefused."""
    if not path.is_file():
        raise ClaimsRefused(f"There is no file {path}.")
    if path.suffix == ".csv":
        yield from _csv_claims(path)
    elif path.suffix == ".xlsx":
        yield from _workbook_claims(path)
    elif path.suffix in (".jsonl", ".ndjson"):
        yield from _json_claims(path)
    else:
        ends = "its name ends in .jsonl, .csv or .xlsx"
        raise ClaimsRefused(f"{path.name} is no claims file; {ends}.")


def claim_of(raw: RawClaim) -> Claim:
    """The claim, judged. Raises ClaimsRefused with file, line, member and reason."""
    try:
        if isinstance(raw.content, bytes):
            return Claim.model_validate_json(raw.content)
        return Claim.model_validate(_nested(raw))
    except ValidationError as error:
        found = error.errors(include_url=False, include_input=False, include_context=False)
        faults = [f"{'.'.join(map(str, f['loc'])) or 'claim'}: {f['msg']}" for f in found]
        more = f"; and {len(faults) - _FAULTS_SHOWN} more" if len(faults) > _FAULTS_SHOWN else ""
        shown = "; ".join(faults[:_FAULTS_SHOWN])
        raise ClaimsRefused(f"{raw.file}:{raw.line}: {shown}{more}.") from None


def _json_claims(path: Path) -> Iterator[RawClaim]:
    with path.open("rb") as file:
        number = 0
        while line := file.readline(LINE_BYTES_MAX + 1):
            number += 1
            if len(line) > LINE_BYTES_MAX:
                longest = f"longer than {LINE_BYTES_MAX} bytes"
                raise ClaimsRefused(f"{path.name}:{number}: the line is {longest}.")
            if line.strip():
                yield RawClaim(path.name, number, line)


def _csv_claims(path: Path) -> Iterator[RawClaim]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file, strict=True)
            _check_header(path, reader.fieldnames or [])
            rows = ((reader.line_num, _stated(path, reader.line_num, row)) for row in reader)
            yield from _bills(path, rows)
    except UnicodeDecodeError:
        raise ClaimsRefused(f"{path.name} is not UTF-8.") from None
    except csv.Error as error:
        raise ClaimsRefused(f"{path.name} is not readable as CSV: {error}.") from None


def _workbook_claims(path: Path) -> Iterator[RawClaim]:
    try:
        rows = sheet_rows(path)
        _, header = next(rows)
        _check_header(path, header)
        stated = ((at, _cells(path, at, header, cells)) for at, cells in rows if cells)
        yield from _bills(path, stated)
    except Unreadable as error:
        raise ClaimsRefused(str(error)) from None


def _cells(path: Path, line: int, header: list[str], cells: list[str]) -> Row:
    """A table program writes no empty cells behind the last one that says anything."""
    missing = [""] * (len(header) - len(cells))
    names = [*header, *([None] * (len(cells) - len(header)))]
    return _stated(path, line, dict(zip(names, [*cells, *missing], strict=True)))


def _bills(path: Path, rows: Iterator[tuple[int, Row]]) -> Iterator[RawClaim]:
    """Rows that follow each other and differ only in their charge lines are one bill."""
    for _, group in groupby(rows, key=lambda numbered: _of_bill(numbered[1])):
        bill = list(group)
        yield RawClaim(path.name, bill[0][0], [row for _, row in bill])


def _check_header(path: Path, names: Any) -> None:
    twice = sorted({name for name in names if list(names).count(name) > 1})
    if twice:
        raise ClaimsRefused(f"{path.name}:1: the column {twice[0]} stands twice.")
    known = {"line", *Claim.model_fields}
    for name in names:
        if name.split(".")[0] not in known:
            allowed = ", ".join(sorted(known))
            raise ClaimsRefused(
                f"{path.name}:1: the column {name} is not known; allowed are paths below {allowed}."
            )


def _stated(path: Path, line: int, row: dict[Any, Any]) -> Row:
    if None in row or None in row.values():
        raise ClaimsRefused(f"{path.name}:{line}: the row has not as many cells as the header.")
    return {name: text for name, text in row.items() if text != ""}


def _of_bill(row: Row) -> Row:
    return {name: text for name, text in row.items() if not name.startswith(_LINE)}


def _nested(raw: RawClaim) -> dict[str, Any]:
    rows = raw.content
    assert isinstance(rows, list)
    nested = _tree(_of_bill(rows[0]), raw)
    lines = [{k[len(_LINE) :]: v for k, v in row.items() if k.startswith(_LINE)} for row in rows]
    bill = nested.setdefault("bill", {})
    bill["lines"] = [_tree(line, raw) for line in lines]
    return nested


def _tree(row: Row, raw: RawClaim) -> dict[str, Any]:
    """``{"a.b": 1}`` as ``{"a": {"b": 1}}``; names that are numbers make a list."""
    root: dict[str, Any] = {}
    for path, text in row.items():
        *way, last = path.split(".")
        here = root
        for name in way:
            here = here.setdefault(name, {})
            if not isinstance(here, dict):
                raise ClaimsRefused(f"{raw.file}:{raw.line}: {name} is a value and has {path}.")
        here[last] = {"[]": [], "{}": {}}.get(text, text)
    return {name: _listed(value) for name, value in root.items()}


def _listed(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    inner = {name: _listed(one) for name, one in value.items()}
    if inner and all(name.isdigit() for name in inner):
        return [inner[name] for name in sorted(inner, key=int)]
    return inner


def json_line(facts: Claim) -> str:
    """A claim as it is written to a file of JSON lines; facts that nobody gave are left out."""
    content = facts.model_dump(mode="json", exclude_none=True)
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"))
