"""``crossclaim simulators``: the outside parties alone, for parts that run elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from crossclaim.cli.options import DATA_DIR, DataDir

if TYPE_CHECKING:
    from crossclaim.stack import Stack
    from crossclaim.stack.signals import Asked


def simulators(
    data_dir: DataDir = DATA_DIR,
    host: Annotated[str, typer.Option(help="Name by which others find them.")] = "127.0.0.1",
) -> None:
    """Run the simulated outside parties until Ctrl-C."""
    from crossclaim import stack

    plan = stack.Plan(
        parts=frozenset({stack.Part.SIMULATORS}), progress=typer.echo, simulators_host=host
    )
    stack.up(data_dir, plan, ready=_ready)


def _ready(running: Stack, asked: Asked) -> None:
    for name, url in running.urls.simulators.items():
        typer.echo(f"{name:<14}{url}")
    typer.echo(f"{'parties':<14}{running.home.parties_file}")
