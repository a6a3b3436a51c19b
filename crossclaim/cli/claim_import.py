"""``crossclaim claims import``: a batch file of claims, sent one by one, with a result for each."""

from __future__ import annotations

import csv
import json
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from crossclaim.cli.options import AsJson
from crossclaim.documents.csv_cells import text_cell
from crossclaim.domain.claim_file import COLUMNS, FileClaim, Placed, claims_of, heading_faults
from crossclaim.domain.errors import InProgress

if TYPE_CHECKING:
    import httpx

AT_A_TIME = 8
PATIENCE_S = 60.0
RESULT_COLUMNS = (
    "claim_number",
    "row",
    "status",
    "column",
    "code",
    "detail",
    "claim_id",
    "episode_id",
    "benefit",
    "currency",
)
TAKEN, CLEAN, REFUSED, NOT_SENT = "taken", "clean", "refused", "not_sent"


@dataclass(frozen=True)
class Result:
    """What became of one claim of the file."""

    claim: FileClaim
    status: str
    answer: dict[str, Any] = field(default_factory=dict)
    faults: list[Placed] = field(default_factory=list)


def template() -> None:
    """Print the heading of a batch file: one row a charge line, amounts in CNY."""
    typer.echo(",".join(COLUMNS))


def import_claims(
    file: Annotated[Path, typer.Argument(help="A CSV file in UTF-8; `claims template` heads it.")],
    key_file: Annotated[Path, typer.Option("--key-file", help="Holds the insurer's API key.")],
    api: Annotated[str, typer.Option("--api", help="Where the API is.")] = "http://127.0.0.1:8080",
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Tell every fault and send nothing.")
    ] = False,
    results: Annotated[
        Path | None, typer.Option("--results", help="A CSV file with a line for each claim.")
    ] = None,
    language: Annotated[str, typer.Option("--lang", help="en, zh-Hant or zh-Hans.")] = "en",
    as_json: AsJson = False,
) -> None:
    """Send a batch file of claims. Sent again, what was taken is answered as before.

    The exit status is 1 where a claim was refused or not sent; the others were taken all the same.
    """
    import httpx

    claims = _read(file)
    headers = {"Authorization": f"Bearer {_key(key_file)}", "Accept-Language": language}
    limits = httpx.Limits(max_connections=AT_A_TIME)
    with httpx.Client(base_url=api, headers=headers, timeout=60, limits=limits) as http:
        found = _send_all(http, claims, dry_run=dry_run, quiet=as_json)
    lines = [line for result in found for line in _lines(result)]
    if results is not None:
        _write(results, lines)
    counts = _counts(found)
    if as_json:
        typer.echo(json.dumps({"claims": counts, "results": lines}, ensure_ascii=False, indent=2))
    else:
        _tell(counts, lines)
    if counts[REFUSED] or counts[NOT_SENT]:
        raise typer.Exit(1)


def _read(file: Path) -> list[FileClaim]:
    """Leaves with one sentence where the file cannot be read at all."""
    try:
        with file.open(encoding="utf-8-sig", newline="") as opened:
            rows = csv.DictReader(opened, restkey="", restval="")
            wrong = heading_faults([*(rows.fieldnames or [])])
            if wrong:
                _leave("; ".join(f"column {one.column}: {one.detail}" for one in wrong))
            return claims_of(_whole(rows))
    except FileNotFoundError:
        _leave(f"There is no file {file.name}; name an existing one.")
    except (UnicodeDecodeError, csv.Error):
        _leave(f"{file.name} is not CSV in UTF-8; save it as such and send it again.")


def _whole(rows: Iterable[dict[str, Any]]) -> Iterator[dict[str, str]]:
    for row in rows:
        yield {name: cell for name, cell in row.items() if name and isinstance(cell, str)}


def _leave(sentence: str) -> NoReturn:
    typer.echo(sentence, err=True)
    raise typer.Exit(2)


def _key(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        _leave(f"{file.name} cannot be read; name a file with the API key.")


def _send_all(
    http: httpx.Client, claims: list[FileClaim], *, dry_run: bool, quiet: bool
) -> list[Result]:
    """In the order of the file."""
    from rich.console import Console
    from rich.progress import track

    with ThreadPoolExecutor(AT_A_TIME) as pool:
        path = "/v1/claim-checks" if dry_run else "/v1/claims"
        sent = {pool.submit(_send, http, path, one): at for at, one in enumerate(claims)}
        done: Iterable[Any] = as_completed(sent)
        if not quiet and sys.stderr.isatty():
            console = Console(stderr=True)
            done = track(done, "claims", total=len(sent), console=console)
        found = {sent[one]: one.result() for one in done}
    return [found[at] for at in sorted(found)]


def _send(http: httpx.Client, path: str, claim: FileClaim) -> Result:
    import httpx

    if claim.faults:
        return Result(claim, REFUSED, faults=claim.faults)
    try:
        answer, body = _answered(http, path, claim.body)
    except (httpx.HTTPError, json.JSONDecodeError):
        told = "The API did not answer; send the file again."
        return Result(claim, NOT_SENT, faults=[_whole_claim(claim, "NO_ANSWER", told)])
    if answer.status_code in (200, 201):
        return Result(claim, CLEAN if path.endswith("checks") else TAKEN, answer=body)
    errors = body.get("errors", [])
    faults = [_placed(claim, one) for one in errors]
    faults = faults or [_whole_claim(claim, body.get("code", ""), body.get("detail", ""))]
    return Result(claim, REFUSED if errors else NOT_SENT, faults=faults)


def _answered(
    http: httpx.Client, path: str, content: dict[str, Any]
) -> tuple[httpx.Response, dict[str, Any]]:
    """The answer to a claim; one that is still worked on is sent again, as the API says to."""
    deadline = time.monotonic() + PATIENCE_S
    while True:
        answer = http.post(path, json=content)
        body: dict[str, Any] = answer.json()
        worked_on = answer.status_code in (202, 503) or body.get("code") == InProgress.code
        if not worked_on or time.monotonic() > deadline:
            return answer, body
        time.sleep(float(answer.headers.get("Retry-After", "1")))


def _placed(claim: FileClaim, error: dict[str, str]) -> Placed:
    row, column = claim.place(error.get("pointer", ""))
    return Placed(row=row, column=column, code=error["code"], detail=error["detail"])


def _whole_claim(claim: FileClaim, code: str, detail: str) -> Placed:
    return Placed(row=claim.rows[0], column="", code=code, detail=detail)


def _lines(result: Result) -> list[dict[str, str]]:
    """One line where it went well, else one for each fault."""
    benefit = result.answer.get("benefit", {})
    known = {
        "claim_number": result.claim.number,
        "row": str(result.claim.rows[0]),
        "status": result.status,
        "claim_id": str(result.answer.get("claim_id", "")),
        "episode_id": str(result.answer.get("episode_id", "")),
        "benefit": str(benefit.get("amount", "")),
        "currency": str(benefit.get("currency", "")),
    }
    told = [one.model_dump() | {"row": str(one.row)} for one in result.faults]
    empty = dict.fromkeys(RESULT_COLUMNS, "")
    return [empty | known | one for one in told or [{}]]


def _counts(found: list[Result]) -> dict[str, int]:
    counts = dict.fromkeys((TAKEN, CLEAN, REFUSED, NOT_SENT), 0)
    for one in found:
        counts[one.status] += 1
    return counts


def _write(file: Path, lines: list[dict[str, str]]) -> None:
    with file.open("w", encoding="utf-8", newline="") as opened:
        out = csv.DictWriter(opened, RESULT_COLUMNS)
        out.writeheader()
        out.writerows({name: text_cell(cell) for name, cell in line.items()} for line in lines)


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
            typer.echo(f"  {line['claim_number']}, {place}: {line['detail']} ({line['code']})")
