"""``crossclaim up``: the embedded stack until Ctrl-C."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from crossclaim.cli.options import DATA_DIR, DataDir, PortBase

if TYPE_CHECKING:
    from crossclaim.stack import Stack
    from crossclaim.stack.signals import Asked


def up(
    data_dir: DataDir = DATA_DIR,
    workers: Annotated[int, typer.Option(min=1, max=64, help="Worker processes.")] = 1,
    port_base: PortBase = None,
    sign_in: Annotated[
        bool, typer.Option("--sign-in", help="Let people sign in, by picking a name.")
    ] = False,
) -> None:
    """Start everything on this machine and stay until Ctrl-C."""
    from crossclaim import stack
    from crossclaim.seed import seed_to_stay

    parts = stack.ALL | {stack.Part.FOLDERS}
    if sign_in:
        parts |= {stack.Part.IDENTITY}
    plan = stack.Plan(
        parts=parts, workers=workers, port_base=port_base, progress=typer.echo, seed=seed_to_stay
    )
    stack.up(data_dir, plan, ready=_ready)


def _ready(running: Stack, asked: Asked) -> None:
    typer.echo("")
    for line in addresses(running):
        typer.echo(line)
    typer.echo("Ctrl-C stops it; the next start goes on with every open episode.")


def addresses(running: Stack) -> list[str]:
    """Where people find things, one line each."""
    from crossclaim.seed import KEYS_FILE
    from crossclaim.seed_folders import FOLDERS

    provided = running.settings.oidc_issuer
    sign_in = [f"Console       {running.urls.api}/console"] if provided else []
    return [
        f"API           {running.urls.api}",
        *sign_in,
        f"OpenAPI page  {running.urls.api}/docs",
        f"Temporal UI   {running.urls.temporal_ui}",
        f"API keys      {running.home.root / KEYS_FILE}",
        *_folders(running.home.root / FOLDERS),
    ]


def _folders(place: Path) -> list[str]:
    return [f"Folders       {place}"] if place.is_dir() else []
