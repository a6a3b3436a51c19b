"""``crossclaim bank``: statements, their entries against ours, and what people say of the rest."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from crossclaim.cli.bank_copy import copy
from crossclaim.cli.bank_output import Format, format_of, show, show_bridge, show_tallies
from crossclaim.cli.connection import settings_for
from crossclaim.cli.options import DATA_DIR, AsJson, DataDir
from crossclaim.cli.said import say
from crossclaim.domain.errors import CrossclaimError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crossclaim.wiring import House

app = typer.Typer(no_args_is_help=True, help="Bank statements, matched with our entries.")

_DAY = "%Y-%m-%d"
BankName = Annotated[str | None, typer.Option("--bank", help="A bank profile's id.")]
Whose = Annotated[str | None, typer.Option("--organisation", help="Accounts of this one only.")]
Day = Annotated[datetime | None, typer.Option("--day", formats=[_DAY], help="As 2025-10-14.")]
AsCsv = Annotated[bool, typer.Option("--csv", help="As CSV, every row.")]
OnlyOpen = Annotated[bool, typer.Option("--open", help="Only what is not settled.")]
Status = Annotated[str | None, typer.Option("--status", help="For instance missing.")]
Limit = Annotated[int, typer.Option("--limit", min=1, max=100_000, help="Rows to show.")]
Language = Annotated[str, typer.Option("--lang", help="en, zh-Hant or zh-Hans.")]
Reason = Annotated[str, typer.Option("--reason", help="Why; it is kept for ever.")]
By = Annotated[str, typer.Option("--by", help="Who at the organisation says so.")]
Entries = Annotated[list[int] | None, typer.Option("--entry", help="A bank entry's id.")]
Movements = Annotated[list[str] | None, typer.Option("--expected", help="A movement's id.")]


@app.callback()
def begin() -> None:
    """Bank statements, matched with our entries."""


@app.command("reconcile")
def reconcile(
    bank: BankName = None,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
    data_dir: DataDir = DATA_DIR,
) -> None:
    """Match every account anew: what was due meanwhile is missing, what came meanwhile is found.

    Days close and open by it; no money moves. The exit status is 1 while anything is open.
    """
    from activities.bank_matching import StatementMatching
    from crossclaim.store.bank_books import SqlBankBooks

    with _house(data_dir) as house:
        books = SqlBankBooks(house.database)
        work = StatementMatching(books, house.reference)
        accounts, tallies = books.bank_accounts(bank or ""), []
        for number, key in enumerate(accounts, start=1):
            _progress(number, len(accounts))
            tallies.append(work.match(key, "statement", datetime.now(UTC)))
        still_open = show_tallies(tallies, books.open_counts(accounts), format_of(as_json, as_csv))
    if still_open:
        raise typer.Exit(1)


@app.command("statements")
def statements(
    bank: BankName = None,
    organisation: Whose = None,
    day: Day = None,
    limit: Limit = 50,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
    data_dir: DataDir = DATA_DIR,
) -> None:
    """List statements and notifications, newest first."""
    filters = {"bank": bank, "organisation": organisation, "day": _date(day)}
    list_rows("statements", filters, limit, format_of(as_json, as_csv), "en", data_dir)


@app.command("entries")
def entries(
    bank: BankName = None,
    organisation: Whose = None,
    status: Status = None,
    day: Day = None,
    only_open: OnlyOpen = False,
    limit: Limit = 50,
    language: Language = "en",
    as_json: AsJson = False,
    as_csv: AsCsv = False,
    data_dir: DataDir = DATA_DIR,
) -> None:
    """List what banks booked, with the reason of each match and candidates where there is none."""
    filters = {"bank": bank, "organisation": organisation, "status": status, "day": _date(day)}
    shown = format_of(as_json, as_csv)
    list_rows("entries", {**filters, "open": only_open}, limit, shown, language, data_dir)


@app.command("movements")
def movements(
    bank: BankName = None,
    organisation: Whose = None,
    status: Status = None,
    day: Day = None,
    only_open: OnlyOpen = False,
    limit: Limit = 50,
    language: Language = "en",
    as_json: AsJson = False,
    as_csv: AsCsv = False,
    data_dir: DataDir = DATA_DIR,
) -> None:
    """List what we expect on accounts: payouts, returns, receipts, reimbursements."""
    filters = {"bank": bank, "organisation": organisation, "status": status, "day": _date(day)}
    shown = format_of(as_json, as_csv)
    list_rows("movements", {**filters, "open": only_open}, limit, shown, language, data_dir)


@app.command("exceptions")
def exceptions(
    bank: BankName = None,
    only_open: OnlyOpen = False,
    limit: Limit = 50,
    language: Language = "en",
    as_json: AsJson = False,
    as_csv: AsCsv = False,
    data_dir: DataDir = DATA_DIR,
) -> None:
    """List files and statements that a person must look at."""
    filters = {"bank": bank, "open": only_open}
    list_rows("exceptions", filters, limit, format_of(as_json, as_csv), language, data_dir)


@app.command("days")
def days(
    bank: BankName = None,
    organisation: Whose = None,
    only_open: OnlyOpen = False,
    limit: Limit = 50,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
    data_dir: DataDir = DATA_DIR,
) -> None:
    """List days that closed and those that were opened again."""
    filters = {"bank": bank, "organisation": organisation, "open": only_open}
    list_rows("days", filters, limit, format_of(as_json, as_csv), "en", data_dir)


@app.command("day")
def bridge(
    day: Annotated[datetime, typer.Argument(formats=[_DAY], help="As 2025-10-14.")],
    bank: BankName = None,
    language: Language = "en",
    as_json: AsJson = False,
    data_dir: DataDir = DATA_DIR,
) -> None:
    """Show a day by the banks and by our ledger: equal, or the difference line by line."""
    from crossclaim.store.bank_books import SqlBankBooks
    from crossclaim.store.bank_reads import SqlBankReads

    with _house(data_dir) as house:
        reads = SqlBankReads(house.database)
        accounts = SqlBankBooks(house.database).bank_accounts(bank or "")
        found = [reads.bridge(key.bank, key.account, day.date()) for key in accounts]
    show_bridge(found, language, as_json=as_json)


@app.command("match")
def match(
    reason: Reason,
    by: By,
    entry: Entries = None,
    expected: Movements = None,
    as_json: AsJson = False,
    data_dir: DataDir = DATA_DIR,
) -> None:
    """Match bank entries with movements of ours; moves no money, and can be taken back."""
    content = {"entries": entry or [], "expected": expected or [], "reason": reason, "by": by}
    _order("match", content, as_json, data_dir)


@app.command("explain")
def explain(
    reason: Reason,
    by: By,
    entry: Entries = None,
    expected: Movements = None,
    exception: Annotated[
        list[int] | None, typer.Option("--exception", help="A statement exception's id.")
    ] = None,
    as_json: AsJson = False,
    data_dir: DataDir = DATA_DIR,
) -> None:
    """Say why something stays open, so that its day can close; can be taken back.

    An explained exception about a statement cannot be taken back.
    """
    content = {"entries": entry or [], "expected": expected or [], "exceptions": exception or []}
    _order("explain", {**content, "reason": reason, "by": by}, as_json, data_dir)


app.command("copy")(copy)


@app.command("undo")
def undo(
    match: Annotated[int, typer.Argument(help="The number of a match or an explanation.")],
    reason: Reason,
    by: By,
    as_json: AsJson = False,
    data_dir: DataDir = DATA_DIR,
) -> None:
    """Take a match or an explanation back: everything stands again as before it."""
    _order("undo", {"match": match, "reason": reason, "by": by}, as_json, data_dir)


def _order(kind: str, content: dict[str, Any], as_json: bool, data_dir: Path) -> None:
    """Kept and applied as one that comes over the API, in the name of the accounts' owner."""
    from ulid import ULID

    from crossclaim.domain.fault_shape import read_shape
    from crossclaim.domain.match_order import SHAPES, OrderKind
    from crossclaim.store.match_orders import SqlMatchOrders

    model, faults = read_shape(SHAPES[OrderKind(kind)], content)
    if model is None:
        raise CrossclaimError(f"{faults[0].pointer}: {faults[0].text.en}")
    with _house(data_dir) as house:
        orders, order_id = SqlMatchOrders(house.database), f"ro_{ULID()}"
        organisation = orders.owner_of(content)
        if organisation is None:
            raise CrossclaimError("There is no such entry, movement or match.")
        orders.add_order(
            order_id, organisation, f"cli:{content['by']}", kind, model.model_dump_json()
        )
        outcome = orders.apply_order(order_id, datetime.now(UTC))
    body = outcome["body"]
    if outcome["status"] != 201:
        raise CrossclaimError(" ".join(one["text"]["en"] for one in body["errors"]))
    days = [f"{change['day']} {change['event']}" for change in body["days"]]
    say(as_json, body, f"{body.get('match', 'exceptions')}: {body['status']}", *days)


def list_rows(
    name: str,
    filters: dict[str, Any],
    limit: int,
    shown: Format,
    language: str,
    data_dir: Path,
) -> None:
    from crossclaim.service.bank_bodies import body_of
    from crossclaim.store.bank_reads import BankFilters, SqlBankReads

    with _house(data_dir) as house:
        reads = SqlBankReads(house.database)

        def rows() -> Iterator[dict[str, Any]]:
            """Page by page, so that an export of any length fits into memory."""
            after, left = None, limit
            while left:
                page = BankFilters(**filters, limit=min(left, 1000))
                found, after = reads.page(name, page, after)
                yield from (body_of(name, row, language) for row in found)
                left -= len(found)
                if after is None:
                    return

        show(name, rows(), shown)


def _house(data_dir: Path) -> _Open:
    from crossclaim.wiring import worker_house

    return _Open(worker_house(settings_for(data_dir)))


class _Open:
    """A house whose database is closed at the end."""

    def __init__(self, house: House) -> None:
        self._house = house

    def __enter__(self) -> House:
        return self._house

    def __exit__(self, *_: object) -> None:
        self._house.database.close()


def _date(day: datetime | None) -> date | None:
    return None if day is None else day.date()


def _progress(number: int, count: int) -> None:
    """On a terminal only, and on stderr: the output stays what it is."""
    import sys

    if sys.stderr.isatty():
        typer.echo(f"\raccount {number} of {count}", err=True, nl=number == count)
