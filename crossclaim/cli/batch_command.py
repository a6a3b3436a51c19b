"""One import of a batch file from its rows to its results, whatever the file is of."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import typer

from crossclaim.cli.batch_journal import Journal, JournalRefused
from crossclaim.cli.batch_results import (
    CLEAN,
    NOT_SENT,
    REFUSED,
    TAKEN,
    Item,
    Result,
    columns_of,
    counts_of,
    lines_of,
    write_results,
)
from crossclaim.cli.batch_sending import AT_A_TIME, send_all
from crossclaim.documents.table_reader import Unreadable, read_table
from crossclaim.domain.table_file import Table

if TYPE_CHECKING:
    import httpx

Addressed = Callable[[Item], str]


@dataclass(frozen=True)
class Batch:
    """A kind of file: what it holds and where each thing of it goes."""

    word: str
    number: str
    """Column of the results that names the thing."""
    columns: Sequence[str]
    optional: Collection[str]
    items_of: Callable[[Table], Sequence[Item]]
    told: dict[str, str]
    """Columns of the results, and where the answer has them."""
    addressed: Callable[[httpx.Client, Sequence[Item], bool], tuple[Sequence[Item], Addressed]]
    """The items, with what is wrong with their addresses, and where each goes; true: a check."""


@dataclass(frozen=True)
class Wish:
    """What the command line asked for."""

    file: Path
    key_file: Path
    api: str
    dry_run: bool
    results: Path | None
    resume: bool
    language: str
    as_json: bool


@dataclass(frozen=True)
class Outcome:
    """What became of a file."""

    found: list[Result]
    lines: list[dict[str, str]]
    """One a row of the file."""

    @property
    def later(self) -> bool:
        """Whether something was not sent that the same file sends once the API is back."""
        return any(one.later for one in self.found)


def carried(
    batch: Batch,
    table: Table,
    http: httpx.Client,
    journal: Journal | None,
    *,
    check: bool,
    quiet: bool,
) -> Outcome:
    """Sends a file; ``check``: tells what would become of it and keeps nothing."""
    items, address = batch.addressed(http, batch.items_of(table), check)
    found = send_all(http, address, items, journal, check=check, quiet=quiet, told=batch.told)
    return Outcome(found, lines_of(found, table.blank, batch.number, batch.told))


@contextlib.contextmanager
def client_of(api: str, key: str, language: str) -> Iterator[httpx.Client]:
    import httpx

    headers = {"Authorization": f"Bearer {key}", "Accept-Language": language}
    limits = httpx.Limits(max_connections=AT_A_TIME)
    with httpx.Client(base_url=api, headers=headers, timeout=60, limits=limits) as http:
        yield http


def run(batch: Batch, wish: Wish) -> None:
    """Exits with 1 where something was refused or not sent; the rest was taken all the same."""
    if wish.resume and wish.results is None:
        _leave("--resume goes on beside the results of before; name them with --results.")
    table = _read(batch, wish.file)
    journal = _journal(batch, wish)
    with (
        client_of(wish.api, _key(wish.key_file), wish.language) as http,
        journal or contextlib.nullcontext(),
    ):
        done = carried(batch, table, http, journal, check=wish.dry_run, quiet=wish.as_json)
    if wish.results is not None:
        write_results(wish.results, columns_of(batch.number, batch.told), done.lines)
    if journal is not None:
        journal.done()
    _end(batch, done.found, done.lines, as_json=wish.as_json)


def _end(batch: Batch, found: list[Result], lines: list[dict[str, str]], *, as_json: bool) -> None:
    counts = counts_of(found)
    if as_json:
        told = {batch.word: counts, "results": lines}
        typer.echo(json.dumps(told, ensure_ascii=False, indent=2))
    else:
        _tell(batch, counts, lines)
    if counts[REFUSED] or counts[NOT_SENT]:
        raise typer.Exit(1)


def _read(batch: Batch, file: Path) -> Table:
    try:
        return read_table(file, batch.columns, batch.optional)
    except Unreadable as error:
        _leave(str(error))


def about(batch: Batch, *, check: bool) -> str:
    """What a journal says that it is of."""
    return f"{batch.word} checked" if check else batch.word


def _journal(batch: Batch, wish: Wish) -> Journal | None:
    if wish.results is None:
        return None
    try:
        return Journal(wish.results, about(batch, check=wish.dry_run), resume=wish.resume)
    except JournalRefused as error:
        _leave(str(error))


def _leave(sentence: str) -> NoReturn:
    typer.echo(sentence, err=True)
    raise typer.Exit(2)


def _key(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        _leave(f"{file.name} cannot be read; name a file with the API key.")


def _tell(batch: Batch, counts: dict[str, int], lines: list[dict[str, str]]) -> None:
    words = {
        TAKEN: "taken",
        CLEAN: "without a fault (nothing was sent)",
        REFUSED: "refused",
        NOT_SENT: "not sent",
    }
    told = [f"{count} {words[status]}" for status, count in counts.items() if count]
    typer.echo(", ".join(told) or f"The file has no {batch.word}.")
    for line in lines:
        if line["code"]:
            place = f"row {line['row']}" + (f", {line['column']}" if line["column"] else "")
            which = f"{line[batch.number]}, " if line[batch.number] else ""
            typer.echo(f"  {which}{place}: {line['detail']} ({line['code']})")
