"""``crossclaim binding``: one family binding's story, and the list of all."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from crossclaim.cli.episode import Language, house_of
from crossclaim.cli.options import DATA_DIR, AsJson, DataDir

app = typer.Typer(no_args_is_help=True, help="Family bindings: what happened to them.")


@app.callback()
def begin() -> None:
    """Family bindings: what happened to them."""


@app.command("show")
def show(
    binding_id: Annotated[str, typer.Argument(metavar="ID")],
    lang: Annotated[Language, typer.Option(help="Language of the story.")] = Language.EN,
    as_json: AsJson = False,
    data_dir: DataDir = DATA_DIR,
) -> None:
    """Print the story of one family binding."""
    told = _told(binding_id, lang, data_dir)
    if as_json:
        typer.echo(json.dumps(told, indent=2, ensure_ascii=False))
        return
    typer.echo(f"{told['binding_id']}  {told['state']}")
    for line in told["story"]:
        typer.echo(f"{line['at'][:10]} {line['at'][11:16]}  {line['text']}")
    typer.echo(told["waiting"]["text"])


def _told(binding_id: str, lang: Language, data_dir: Path) -> dict[str, Any]:
    from crossclaim.domain.errors import NotFound
    from crossclaim.domain.family_story import tell_binding
    from crossclaim.service.family import story_view
    from crossclaim.store.binding_rows import read_story

    house = house_of(data_dir)
    try:
        with house.database.begin() as connection:
            story = read_story(connection, binding_id)
        if story is None:
            raise NotFound("there is no such family binding")
        habits = house.binding_habits
        return story_view(tell_binding(story, habits, datetime.now(UTC)), lang.value)
    finally:
        house.database.close()
