"""``crossclaim health``: whether one part works, for health checks."""

from __future__ import annotations

from typing import Annotated

import typer

from crossclaim.cli.options import AsJson
from crossclaim.cli.said import say


def health(
    part: Annotated[
        str, typer.Argument(help="api, worker, folders, database, temporal, objects or simulators.")
    ],
    as_json: AsJson = False,
) -> None:
    """Say whether one part works."""
    from crossclaim.config import Settings
    from crossclaim.health import check

    try:
        sentence = check(part, Settings())
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None
    if as_json:
        say(as_json, {"part": part, "works": not sentence, "reason": sentence or None})
    elif sentence:
        typer.echo(sentence, err=True)
    if sentence:
        raise typer.Exit(1)
