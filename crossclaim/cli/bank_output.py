"""What ``crossclaim bank`` prints: tables for people, JSON and CSV for programs."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal

import typer

from crossclaim.documents.csv_cells import text_cell
from crossclaim.domain.errors import CrossclaimError

if TYPE_CHECKING:
    from crossclaim.domain.bank_account import AccountKey
    from crossclaim.domain.bank_bridge import Bridge
    from crossclaim.domain.matching_tally import Tally

Format = Literal["table", "json", "csv"]
_COLUMNS: dict[str, tuple[str, ...]] = {
    "statements": (
        "id",
        "bank",
        "organisation",
        "number",
        "covers_from",
        "covers_to",
        "opening",
        "closing",
        "lines",
        "state",
    ),
    "entries": ("id", "booked_on", "direction", "amount", "reference", "status", "detail"),
    "movements": ("id", "due_at", "direction", "amount", "status", "detail"),
    "exceptions": ("id", "bank", "code", "file_name", "opened_at", "resolved_at", "detail"),
    "items": (
        "id",
        "day",
        "organisation",
        "source",
        "side",
        "item",
        "amount",
        "status",
        "detail",
    ),
    "days": ("day", "bank", "organisation", "state", "reopened"),
}
_ACCOUNT_CHARS = 12


def format_of(as_json: bool, as_csv: bool) -> Format:
    if as_json and as_csv:
        raise CrossclaimError("Choose one of --json and --csv.")
    return "json" if as_json else "csv" if as_csv else "table"


def show(name: str, rows: Iterable[dict[str, Any]], shown: Format) -> None:
    if shown == "json":
        typer.echo(json.dumps(list(rows), indent=2, ensure_ascii=False, default=str))
    elif shown == "csv":
        _csv(rows)
    else:
        _table(name, rows)


def _csv(rows: Iterable[dict[str, Any]]) -> None:
    writer: csv.DictWriter[str] | None = None
    for row in rows:
        flat = {member: _flat(value) for member, value in row.items()}
        if writer is None:
            writer = csv.DictWriter(sys.stdout, list(flat), extrasaction="ignore")
            writer.writeheader()
        writer.writerow(flat)


def _flat(value: object) -> object:
    """A cell; what could be taken for a formula by a spreadsheet is quoted."""
    if isinstance(value, Mapping) and set(value) == {"amount", "currency"}:
        return f"{value['amount']} {value['currency']}"
    if isinstance(value, Mapping | list):
        return json.dumps(value, ensure_ascii=False, default=str)
    return text_cell(value) if isinstance(value, str) else value


def _table(name: str, rows: Iterable[dict[str, Any]]) -> None:
    from crossclaim.cli.tables import console, table

    columns = _COLUMNS[name]
    shown = table(*columns, numbers=tuple({"amount", "opening", "closing"} & set(columns)))
    for row in rows:
        shown.add_row(*(str(_flat(row.get(column)) or "-") for column in columns))
    console().print(shown)


def show_tallies(
    tallies: Sequence[Tally], open_counts: Mapping[tuple[str, str], int], shown: Format
) -> int:
    """How many items are still open."""
    rows = [
        {
            "bank": tally.account.bank,
            "organisation": tally.account.organisation,
            "account": tally.account.account[:_ACCOUNT_CHARS],
            "looked_at": tally.entries,
            "open": open_counts.get((tally.account.bank, tally.account.account), 0),
            "closed": sum(day.event == "closed" for day in tally.days),
            "reopened": sum(day.event == "reopened" for day in tally.days),
            "statuses": tally.statuses,
        }
        for tally in tallies
    ]
    if shown == "table":
        from crossclaim.cli.tables import console, table

        columns = ("bank", "organisation", "account", "looked_at", "open", "closed", "reopened")
        found = table(*columns, numbers=columns[3:])
        for row in rows:
            found.add_row(*(str(row[column]) for column in columns))
        console().print(found)
    else:
        show("tallies", rows, shown)
    return sum(open_counts.values())


def show_bridge(
    found: Sequence[tuple[AccountKey, Bridge]], language: str, *, as_json: bool
) -> None:
    from crossclaim.service.bank_bodies import bridge_body

    bodies = [bridge_body(key, one, language) for key, one in found]
    if as_json:
        typer.echo(json.dumps(bodies, indent=2, ensure_ascii=False))
        return
    for body in bodies:
        verdict = "equal" if body["by_bank"] == body["by_ledger"] else "differs"
        typer.echo(
            f"{body['day']} {body['bank']} {body['organisation']}: bank {body['by_bank']},"
            f" ledger {body['by_ledger']}: {verdict}"
        )
        for line in body["lines"]:
            other = f" ({line['other_day']})" if line["other_day"] else ""
            typer.echo(f"  {line['amount']:>16}  {line['item']}: {line['detail']}{other}")
