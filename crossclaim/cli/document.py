"""``crossclaim document``: legal holds on documents, and the versions that the store keeps."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from crossclaim.cli.connection import settings_for
from crossclaim.cli.options import DATA_DIR, AsJson, DataDir
from crossclaim.cli.said import say
from crossclaim.domain.errors import CrossclaimError, NotAuthenticated

if TYPE_CHECKING:
    from crossclaim.security.roles import Principal
    from crossclaim.service.document_holds import HoldDesk
    from crossclaim.wiring import House

app = typer.Typer(no_args_is_help=True, help="Documents: legal holds.")
Episode = Annotated[str, typer.Argument(help="The episode's id.")]
Sha256 = Annotated[str, typer.Argument(help="The document's SHA-256.")]
Reason = Annotated[str, typer.Option(help="Why; it is kept.")]
KeyFile = Annotated[
    Path, typer.Option("--key-file", help="Holds your own API key: `keys new --person`.")
]


@app.callback()
def begin() -> None:
    """Documents: legal holds."""


@contextmanager
def _house(data_dir: Path) -> Iterator[House]:
    from crossclaim.wiring import worker_house

    house = worker_house(settings_for(data_dir))
    try:
        yield house
    finally:
        house.database.close()


def _desk(house: House) -> HoldDesk:
    from crossclaim.service.document_holds import HoldDesk

    return HoldDesk(house.database, house.document_holds)


def _known(house: House, key_file: Path) -> Principal:
    """Whose key it is, as the API would find. Raises ``CrossclaimError``."""
    from crossclaim.service.directory import SqlDirectory
    from crossclaim.store.keys import SqlApiKeys

    directory = SqlDirectory(house.database, house.keyring, SqlApiKeys(house.database))
    try:
        key = key_file.read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError):
        raise CrossclaimError(
            f"{key_file.name} cannot be read; name a file with your key"
        ) from None
    principal = asyncio.run(directory.principal_of(key))
    if principal is None:
        raise NotAuthenticated("the API key is unknown or no longer valid")
    return principal


@app.command("hold")
def hold(
    episode: Episode,
    sha256: Sha256,
    reason: Reason,
    key_file: KeyFile,
    as_json: AsJson = False,
    data_dir: DataDir = DATA_DIR,
) -> None:
    """Hold a document: the store removes no version of it until it is released."""
    with _house(data_dir) as house:
        _desk(house).hold(episode, sha256, reason, _known(house, key_file))
    say(as_json, {"sha256": sha256, "state": "held"}, "held")


@app.command("release")
def release(
    episode: Episode,
    sha256: Sha256,
    reason: Reason,
    key_file: KeyFile,
    as_json: AsJson = False,
    data_dir: DataDir = DATA_DIR,
) -> None:
    """Release a document; it is released once a second person says so too."""
    with _house(data_dir) as house:
        done = _desk(house).release(episode, sha256, reason, _known(house, key_file))
    told = {"sha256": sha256, "state": "released" if done else "release_asked"}
    say(as_json, told, "released" if done else "asked: another person has to release it too")


@app.command("holds")
def holds(as_json: AsJson = False, data_dir: DataDir = DATA_DIR) -> None:
    """List what is held, why, and by whom."""
    with _house(data_dir) as house:
        found = _desk(house).listed()
    if as_json:
        typer.echo(json.dumps(found, default=str, indent=2))
        return
    for one in found:
        asked = f"; {one['release_asked_by']} asks to release" if one["release_asked_by"] else ""
        said = f"{one['reason']} ({one['held_by']}){asked}"
        typer.echo(f"{one['episode_id']}  {one['sha256']}  {said}")
