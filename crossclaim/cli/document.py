"""``crossclaim document``: legal holds on documents, and the versions that the store keeps."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from crossclaim.cli.connection import settings_for
from crossclaim.cli.options import DATA_DIR, AsJson, DataDir

if TYPE_CHECKING:
    from crossclaim.service.document_holds import HoldDesk

app = typer.Typer(no_args_is_help=True, help="Documents: legal holds.")
Episode = Annotated[str, typer.Argument(help="The episode's id.")]
Sha256 = Annotated[str, typer.Argument(help="The document's SHA-256.")]
Reason = Annotated[str, typer.Option(help="Why; it is kept.")]
By = Annotated[str, typer.Option(help="Who you are; it is kept.")]


@app.callback()
def begin() -> None:
    """Documents: legal holds."""


@contextmanager
def _desk(data_dir: Path) -> Iterator[HoldDesk]:
    from crossclaim.service.document_holds import HoldDesk
    from crossclaim.wiring import worker_house

    house = worker_house(settings_for(data_dir))
    try:
        yield HoldDesk(house.database, house.document_holds)
    finally:
        house.database.close()


@app.command("hold")
def hold(
    episode: Episode, sha256: Sha256, reason: Reason, by: By, data_dir: DataDir = DATA_DIR
) -> None:
    """Hold a document: the store removes no version of it until it is released."""
    with _desk(data_dir) as desk:
        desk.hold(episode, sha256, reason, by)
    typer.echo("held")


@app.command("release")
def release(
    episode: Episode, sha256: Sha256, reason: Reason, by: By, data_dir: DataDir = DATA_DIR
) -> None:
    """Release a document; it is released once a second person says so too."""
    with _desk(data_dir) as desk:
        done = desk.release(episode, sha256, reason, by)
    typer.echo("released" if done else "asked: another person has to release it too")


@app.command("holds")
def holds(as_json: AsJson = False, data_dir: DataDir = DATA_DIR) -> None:
    """List what is held, why, and by whom."""
    with _desk(data_dir) as desk:
        found = desk.listed()
    if as_json:
        typer.echo(json.dumps(found, default=str, indent=2))
        return
    for one in found:
        asked = f"; {one['release_asked_by']} asks to release" if one["release_asked_by"] else ""
        said = f"{one['reason']} ({one['held_by']}){asked}"
        typer.echo(f"{one['episode_id']}  {one['sha256']}  {said}")
