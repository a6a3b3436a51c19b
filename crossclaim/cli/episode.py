"""``crossclaim episode``: one episode's story, and the list of all."""

from __future__ import annotations

import asyncio
import json
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from crossclaim.cli.connection import settings_for
from crossclaim.cli.options import DATA_DIR, AsJson, DataDir
from crossclaim.security.roles import Principal, Role

if TYPE_CHECKING:
    from crossclaim.wiring import House

app = typer.Typer(no_args_is_help=True, help="Episodes: what happened and what they wait for.")

_READER = Principal(organisation="", role=Role.SUPPORT, key_id="command-line")


class Language(StrEnum):
    """Languages of a story."""

    EN = "en"
    ZH_HANT = "zh-Hant"
    ZH_HANS = "zh-Hans"


@app.callback()
def begin() -> None:
    """Episodes: what happened and what they wait for."""


@app.command("show")
def show(
    episode_id: Annotated[str, typer.Argument(metavar="ID")],
    lang: Annotated[Language, typer.Option(help="Language of the story.")] = Language.EN,
    as_json: AsJson = False,
    data_dir: DataDir = DATA_DIR,
) -> None:
    """Print the story of one episode."""
    asyncio.run(_show(episode_id, lang, as_json, data_dir))


async def _show(episode_id: str, lang: Language, as_json: bool, data_dir: Path) -> None:
    from crossclaim.domain.story_page import page_of
    from crossclaim.service.story import story_body, story_of

    house = _house(data_dir)
    try:
        story = await story_of(house, episode_id, lang.value)
    finally:
        house.database.close()
    if as_json:
        typer.echo(_json(story_body(story)))
        return
    for line in page_of(story):
        typer.echo(line)


@app.command("list")
def list_episodes(
    state: Annotated[str | None, typer.Option(help="Only those in this state.")] = None,
    hospital: Annotated[str | None, typer.Option(help="Only those of this hospital.")] = None,
    visit: Annotated[str | None, typer.Option(help="Only that of this visit number.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=1000)] = 50,
    as_json: AsJson = False,
    data_dir: DataDir = DATA_DIR,
) -> None:
    """List episodes, the newest first."""
    from crossclaim.api.services import EpisodeFilters
    from crossclaim.domain.stay import REGION_ZONE
    from crossclaim.service.reads import SqlEpisodes

    house = _house(data_dir)
    filters = EpisodeFilters(state=state, hospital=hospital, visit=visit, limit=limit)
    found = asyncio.run(SqlEpisodes(house.database).episodes(_READER, filters, None))
    house.database.close()
    if as_json:
        typer.echo(_json(found["episodes"]))
        return
    for one in found["episodes"]:
        opened = datetime.fromisoformat(one["opened_at"]).astimezone(REGION_ZONE)
        typer.echo(
            f"{one['id']}  {one['status']:<11}  {opened:%Y-%m-%d %H:%M}"
            f"  {one['encounter_class']:<13}  {one['hospital_id']}  {one['visit_number']}"
        )
    if found["next"]:
        typer.echo(f"There are more than {limit}; narrow them, or give --limit.", err=True)


@app.command("accesses")
def accesses(
    episode_id: Annotated[str, typer.Argument(metavar="ID")],
    as_json: AsJson = False,
    data_dir: DataDir = DATA_DIR,
) -> None:
    """Print who fetched or looked at health records of one episode, when and by which consent."""
    from crossclaim.service.health_records import accesses_told

    house = _house(data_dir)
    try:
        told = accesses_told(house.database, None, episode_id)
    finally:
        house.database.close()
    if as_json:
        typer.echo(_json(told))
        return
    for one in told["accesses"]:
        consents = ", ".join(c["type"] for c in one["consents"]) or "-"
        typer.echo(
            f"{one['at'][:19]}  {one['what']:<8}  {one['request']:<12}  {one['system']:<18}"
            f"  {one['organisation']}  {one['staff']}  {consents}"
        )
    for notice in told["notices"]:
        typer.echo(
            f"{notice['at'][:19]}  notice    {notice['event']} by {notice['means']}"
            f"  {notice['number']}"
        )


def _house(data_dir: Path) -> House:
    """As the reader's role, which sees every organisation's episodes."""
    from crossclaim.domain.errors import CrossclaimError
    from crossclaim.wiring import House

    settings = settings_for(data_dir)
    url = settings.database_reader_url.get_secret_value()
    if not url:
        raise CrossclaimError("Set CROSSCLAIM_DATABASE_READER_URL to read episodes.")
    return House(settings, url)


def _json(found: Any) -> str:
    return json.dumps(found, indent=2, ensure_ascii=False, default=str)
