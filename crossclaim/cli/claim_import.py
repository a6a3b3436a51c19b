"""``crossclaim claims import``: a batch file of claims, sent one by one, with a result for each."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from crossclaim.cli.batch_journal import Journal, JournalRefused
from crossclaim.cli.batch_results import (
    CLEAN,
    NOT_SENT,
    REFUSED,
    TAKEN,
    Result,
    columns_of,
    counts_of,
    lines_of,
    write_results,
)
from crossclaim.cli.batch_sending import AT_A_TIME, send_all
from crossclaim.cli.options import AsJson
from crossclaim.documents.table_reader import Unreadable, read_table
from crossclaim.domain.claim_file import COLUMNS, OPTIONAL, FileClaim, claims_of

NUMBER = "claim_number"
TOLD = {
    "claim_id": "claim_id",
    "episode_id": "episode_id",
    "benefit": "benefit/amount",
    "currency": "benefit/currency",
}
"""Columns of the results beside those of every import, and where the answer has them."""


def template() -> None:
    """Print the heading of a batch file: one row a charge line, amounts in CNY."""
    typer.echo(",".join(COLUMNS))


def import_claims(
    file: Annotated[
        Path, typer.Argument(help="CSV in UTF-8, or .xlsx; `claims template` heads it.")
    ],
    key_file: Annotated[Path, typer.Option("--key-file", help="Holds the insurer's API key.")],
    api: Annotated[str, typer.Option("--api", help="Where the API is.")] = "http://127.0.0.1:8080",
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Tell every fault and send nothing.")
    ] = False,
    results: Annotated[
        Path | None, typer.Option("--results", help="A CSV file with a line for each row.")
    ] = None,
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on with an import that broke off.")
    ] = False,
    language: Annotated[str, typer.Option("--lang", help="en, zh-Hant or zh-Hans.")] = "en",
    as_json: AsJson = False,
) -> None:
    """Send a batch file of claims. Sent again, what was taken is answered as before.

    The exit status is 1 where a claim was refused or not sent; the others were taken all the same.
    """
    import httpx

    if resume and results is None:
        _leave("--resume goes on beside the results of before; name them with --results.")
    claims, blank = _read(file)
    headers = {"Authorization": f"Bearer {_key(key_file)}", "Accept-Language": language}
    limits = httpx.Limits(max_connections=AT_A_TIME)
    path = "/v1/claim-checks" if dry_run else "/v1/claims"
    journal = None if results is None else _journal(results, path, resume=resume)
    with (
        httpx.Client(base_url=api, headers=headers, timeout=60, limits=limits) as http,
        journal or contextlib.nullcontext(),
    ):
        found = send_all(http, path, claims, journal, check=dry_run, quiet=as_json)
    lines = lines_of(found, blank, NUMBER, TOLD)
    if results is not None:
        write_results(results, columns_of(NUMBER, TOLD), lines)
    if journal is not None:
        journal.done()
    _end(found, lines, as_json=as_json)


def _end(found: list[Result], lines: list[dict[str, str]], *, as_json: bool) -> None:
    counts = counts_of(found)
    if as_json:
        typer.echo(json.dumps({"claims": counts, "results": lines}, ensure_ascii=False, indent=2))
    else:
        _tell(counts, lines)
    if counts[REFUSED] or counts[NOT_SENT]:
        raise typer.Exit(1)


def _read(file: Path) -> tuple[list[FileClaim], list[int]]:
    """The claims and the numbers of blank rows; leaves with one sentence where the file cannot be
    read at all."""
    try:
        table = read_table(file, COLUMNS, OPTIONAL)
    except Unreadable as error:
        _leave(str(error))
    return claims_of(table), table.blank


def _journal(results: Path, path: str, *, resume: bool) -> Journal:
    try:
        return Journal(results, path, resume=resume)
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


def _tell(counts: dict[str, int], lines: list[dict[str, str]]) -> None:
    words: dict[str, Callable[[int], str]] = {
        TAKEN: lambda n: f"{n} taken",
        CLEAN: lambda n: f"{n} without a fault (nothing was sent)",
        REFUSED: lambda n: f"{n} refused",
        NOT_SENT: lambda n: f"{n} not sent",
    }
    told = [words[status](count) for status, count in counts.items() if count]
    typer.echo(", ".join(told) or "The file has no claims.")
    for line in lines:
        if line["code"]:
            place = f"row {line['row']}" + (f", {line['column']}" if line["column"] else "")
            which = f"{line[NUMBER]}, " if line[NUMBER] else ""
            typer.echo(f"  {which}{place}: {line['detail']} ({line['code']})")
