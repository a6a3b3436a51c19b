"""``crossclaim import``: a hospital's episodes and bills from a CSV file or a workbook."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from crossclaim.cli.batch_command import Addressed, Batch, Wish, run
from crossclaim.cli.batch_results import Item
from crossclaim.cli.batch_sending import SILENCE
from crossclaim.cli.import_template import AsWorkbook, tell
from crossclaim.cli.options import AsJson
from crossclaim.domain import bill_file, episode_file
from crossclaim.domain.table_file import Placed

if TYPE_CHECKING:
    import httpx

app = typer.Typer(no_args_is_help=True, help="A hospital's episodes and bills from files.")
LOOK_UPS_AT_ONCE = 8
File = Annotated[Path, typer.Argument(help="CSV in UTF-8, or .xlsx; `import template` heads it.")]
KeyFile = Annotated[Path, typer.Option("--key-file", help="Holds the hospital's API key.")]
Api = Annotated[str, typer.Option("--api", help="Where the API is.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Tell every fault and keep nothing.")]
Results = Annotated[
    Path | None, typer.Option("--results", help="A CSV file with a line for each row.")
]
Resume = Annotated[bool, typer.Option("--resume", help="Go on with an import that broke off.")]
Lang = Annotated[str, typer.Option("--lang", help="en, zh-Hant or zh-Hans.")]
HERE = "http://127.0.0.1:8080"


@app.callback()
def begin() -> None:
    """A hospital's episodes and bills from files."""


@app.command("template")
def template(
    what: Annotated[str, typer.Argument(help="episodes or bills")],
    workbook: AsWorkbook = None,
) -> None:
    """Print the heading of a file: one row a coverage, or one row a charge line."""
    if what not in (EPISODES.word, BILLS.word):
        raise typer.BadParameter("there are templates of episodes and of bills")
    tell(what, workbook)


@app.command("episodes")
def episodes(
    file: File,
    key_file: KeyFile,
    api: Api = HERE,
    dry_run: DryRun = False,
    results: Results = None,
    resume: Resume = False,
    language: Lang = "en",
    as_json: AsJson = False,
) -> None:
    """Open the episodes of a file. Sent again, each is answered as before."""
    wish = Wish(file, key_file, api, dry_run, results, resume, language, as_json)
    run(EPISODES, wish)


@app.command("bills")
def bills(
    file: File,
    key_file: KeyFile,
    api: Api = HERE,
    dry_run: DryRun = False,
    results: Results = None,
    resume: Resume = False,
    language: Lang = "en",
    as_json: AsJson = False,
) -> None:
    """Submit the bills of a file to the episodes of their visits."""
    wish = Wish(file, key_file, api, dry_run, results, resume, language, as_json)
    run(BILLS, wish)


def _to_episodes(
    http: httpx.Client, items: Sequence[Item], check: bool
) -> tuple[Sequence[Item], Addressed]:
    path = "/v1/episode-checks" if check else "/v1/episodes"
    return items, lambda item: path


def _to_their_visits(
    http: httpx.Client, items: Sequence[Item], check: bool
) -> tuple[Sequence[Item], Addressed]:
    """Each visit is looked up once; one that is not known is a fault of its bills."""
    bills = [item for item in items if isinstance(item, bill_file.FileBill)]
    visits = list(dict.fromkeys(bill.visit for bill in bills if bill.visit))
    with ThreadPoolExecutor(LOOK_UPS_AT_ONCE) as pool:
        found = dict(zip(visits, pool.map(lambda v: _episode(http, v), visits), strict=True))
    verb = "bill-checks" if check else "bills"
    known = [_known(bill, found.get(bill.visit)) for bill in bills]
    return known, lambda item: f"/v1/episodes/{found[_visit(item)]}/{verb}"


def _visit(item: Item) -> str:
    assert isinstance(item, bill_file.FileBill), "only bills have a visit"
    return item.visit


def _known(bill: bill_file.FileBill, episode: str | None) -> bill_file.FileBill:
    if episode or not bill.visit:
        return bill
    code, detail = _UNHEARD if episode is None else _UNKNOWN
    fault = Placed(row=bill.rows[0], column=bill_file.VISIT, code=code, detail=detail)
    return bill._replace(faults=[*bill.faults, fault])


_UNHEARD = (SILENCE, "The API did not say whose visit this is; send the file again.")
_UNKNOWN = ("EPISODE_UNKNOWN", "No episode of yours has this visit number; open it first.")


def _episode(http: httpx.Client, visit: str) -> str | None:
    """Empty where there is none; None where the API does not say: then nothing is sent."""
    import httpx

    try:
        answer = http.get("/v1/episodes", params={"visit": visit, "limit": 1})
        if answer.status_code != httpx.codes.OK:
            return None
        found = answer.json()["episodes"]
    except (httpx.HTTPError, ValueError):
        return None
    return str(found[0]["id"]) if found else ""


EPISODES = Batch(
    word="episodes",
    number=episode_file.VISIT,
    columns=episode_file.COLUMNS,
    optional=episode_file.OPTIONAL,
    items_of=episode_file.episodes_of,
    told={"episode_id": "episode_id"},
    addressed=_to_episodes,
)
BILLS = Batch(
    word="bills",
    number="bill",
    columns=bill_file.COLUMNS,
    optional=bill_file.OPTIONAL,
    items_of=bill_file.bills_of,
    told={"episode_id": "episode_id", "bill_id": "bill/id"},
    addressed=_to_their_visits,
)
