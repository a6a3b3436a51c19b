"""``crossclaim claims import``: a batch file of claims, sent one by one, with a result for each."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from crossclaim.cli.batch_command import Addressed, Batch, Wish, run
from crossclaim.cli.batch_results import Item
from crossclaim.cli.import_template import AsWorkbook, tell
from crossclaim.cli.options import AsJson
from crossclaim.domain.claim_file import COLUMNS, OPTIONAL, claims_of

if TYPE_CHECKING:
    import httpx

NUMBER = "claim_number"
TOLD = {
    "claim_id": "claim_id",
    "episode_id": "episode_id",
    "benefit": "benefit/amount",
    "currency": "benefit/currency",
}
"""Columns of the results beside those of every import, and where the answer has them."""


def template(workbook: AsWorkbook = None) -> None:
    """Print the heading of a batch file: one row a charge line, amounts in CNY."""
    tell("claims", workbook)


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
    run(CLAIMS, Wish(file, key_file, api, dry_run, results, resume, language, as_json))


def _to_one_place(
    http: httpx.Client, items: Sequence[Item], check: bool
) -> tuple[Sequence[Item], Addressed]:
    path = "/v1/claim-checks" if check else "/v1/claims"
    return items, lambda item: path


CLAIMS = Batch(
    word="claims",
    number=NUMBER,
    columns=COLUMNS,
    optional=OPTIONAL,
    items_of=claims_of,
    told=TOLD,
    addressed=_to_one_place,
)
