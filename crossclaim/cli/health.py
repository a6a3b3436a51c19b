"""``crossclaim health``: whether one part works, for health checks."""

from __future__ import annotations

from typing import Annotated

import typer


def health(
    part: Annotated[
        str, typer.Argument(help="api, worker, folders, database, temporal, objects or simulators.")
    ],
) -> None:
    """Say whether one part works."""
    from crossclaim.config import Settings
    from crossclaim.health import check

    try:
        sentence = check(part, Settings())
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None
    if sentence:
        typer.echo(sentence, err=True)
        raise typer.Exit(1)
