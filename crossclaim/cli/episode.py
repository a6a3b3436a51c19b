"""``crossclaim episode``: one episode's story, and the list of all."""

from __future__ import annotations

import asyncio
import json
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from crossclaim.cli.connection import settings_for
from crossclaim.cli.options import DATA_DIR, AsJson, DataDir

if TYPE_CHECKING:
    from crossclaim.security.roles import Principal
    from crossclaim.service.reads import SqlReads

app = typer.Typer(no_args_is_help=True, help="Episodes: what happened and what they wait for.")


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
    reads, reader = _reads(data_dir)
    story = await reads.story(reader, episode_id, lang.value)
    if not as_json:
        for sentence in story:
            typer.echo(sentence)
        return
    found = await reads.episode(reader, episode_id)
    typer.echo(_json({**found, "story": story}))


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

    reads, reader = _reads(data_dir)
    filters = EpisodeFilters(state=state, hospital=hospital, visit=visit, limit=limit)
    found = asyncio.run(reads.episodes(reader, filters, None))
    if as_json:
        typer.echo(_json(found["episodes"]))
        return
    for one in found["episodes"]:
        typer.echo(
            f"{one['id']}  {one['status']:<11}  {one['opened_at'][:16]}"
            f"  {one['encounter_class']:<13}  {one['hospital_id']}  {one['visit_number']}"
        )
    if found["next"]:
        typer.echo(f"There are more than {limit}; narrow them, or give --limit.", err=True)


def _reads(data_dir: Path) -> tuple[SqlReads, Principal]:
    """Reads as the reader's role, which sees every organisation's episodes."""
    from crossclaim.domain.errors import CrossclaimError
    from crossclaim.security.roles import Principal, Role
    from crossclaim.service.reads import SqlReads
    from crossclaim.store.session import Database

    url = settings_for(data_dir).database_reader_url.get_secret_value()
    if not url:
        raise CrossclaimError("Set CROSSCLAIM_DATABASE_READER_URL to read episodes.")
    reader = Principal(organisation="", role=Role.SUPPORT, key_id="command-line")
    return SqlReads(Database(url, pool_size=1)), reader


def _json(found: Any) -> str:
    return json.dumps(found, indent=2, ensure_ascii=False, default=str)
