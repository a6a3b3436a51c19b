"""``crossclaim credit``: a pay-after-care account's statement and story."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Annotated, Any

import typer

from crossclaim.cli.connection import settings_for
from crossclaim.cli.episode import Language
from crossclaim.cli.options import DATA_DIR, AsJson, DataDir

app = typer.Typer(no_args_is_help=True, help="Pay-after-care accounts: what is owed, and why.")


@app.callback()
def begin() -> None:
    """Pay-after-care accounts: what is owed, and why."""


@app.command("show")
def show(
    account_id: Annotated[str, typer.Argument(metavar="ID")],
    lang: Annotated[Language, typer.Option(help="Language of the story.")] = Language.EN,
    as_json: AsJson = False,
    data_dir: DataDir = DATA_DIR,
) -> None:
    """Print the statement and the story of one account."""
    from crossclaim.domain.credit_story import statement_body
    from crossclaim.domain.errors import CrossclaimError
    from crossclaim.service.credit_reads import SqlCreditReads
    from crossclaim.wiring import House

    settings = settings_for(data_dir)
    url = settings.database_reader_url.get_secret_value()
    if not url:
        raise CrossclaimError("Set CROSSCLAIM_DATABASE_READER_URL to read accounts.")
    house = House(settings, url)
    try:
        rows, standing = SqlCreditReads(house.database).read("", account_id)
    finally:
        house.database.close()
    body = statement_body(rows, standing, lang.value)
    if as_json:
        typer.echo(json.dumps(body, indent=2, ensure_ascii=False))
        return
    for line in _page(body):
        typer.echo(line)


def _page(body: dict[str, Any]) -> Iterator[str]:
    from crossclaim.domain.stay import REGION_ZONE

    yield f"{body['title']} {body['account_id']}"
    for total in body["totals"]:
        yield f"  {total['label']}: {_amount(total['amount'])}"
    yield ""
    for line in body["story"]:
        at = datetime.fromisoformat(line["at"]).astimezone(REGION_ZONE)
        yield f"{at:%Y-%m-%d %H:%M}  {line['text']}"
    yield ""
    for line in body["lines"]:
        yield f"{line['on']}  {line['label']}  {_amount(line['amount'])}  {line['draw']}"
    for one in body["exceptions"]:
        yield f"!  {one['text']}"
    if body["waiting"]:
        yield f"→  {body['waiting']}"


def _amount(money: dict[str, str]) -> str:
    return f"{money['currency']} {money['amount']}"
