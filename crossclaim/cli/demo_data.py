"""``crossclaim demo-data``: a large house to try the console in, all of it invented."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Annotated

import typer

from crossclaim.cli.connection import settings_for
from crossclaim.cli.options import DATA_DIR, AsJson, DataDir


def demo_data(
    episodes: Annotated[
        int, typer.Option(min=0, max=5_000_000, help="Rows of so many invented episodes.")
    ] = 1_000_000,
    real: Annotated[
        int, typer.Option(min=0, max=20_000, help="So many more that run through the workflows.")
    ] = 500,
    processes: Annotated[int, typer.Option(min=1, max=64, help="That load side by side.")] = 2,
    as_json: AsJson = False,
    data_dir: DataDir = DATA_DIR,
) -> None:
    """Fill a running demonstration with invented episodes; what is there already is left alone.

    Rows alone: the engine's history of these episodes counts as archived. Called again after it
    was stopped, it goes on where it was.
    """
    from crossclaim.demo_data.loading import Load, analyse, load, now
    from crossclaim.demo_data.real import run_for_real

    settings = settings_for(data_dir)
    begun = time.monotonic()
    if episodes:
        with _bar("episodes as rows", episodes) as advance:
            load(settings, Load(episodes=episodes, now=now(), processes=processes), advance)
        analyse(settings)
    loaded_s = time.monotonic() - begun
    if real:
        with _bar("episodes for real", real) as advance:
            run_for_real(data_dir, settings.public_url, real, advance)
    told = {"episodes": episodes, "loaded_in_s": round(loaded_s, 1), "real": real}
    if as_json:
        typer.echo(json.dumps(told))
    else:
        typer.echo(f"{episodes:,} episodes as rows in {loaded_s:,.0f} s, {real:,} more for real.")


@contextmanager
def _bar(what: str, total: int) -> Iterator[Callable[[int], None]]:
    """On a terminal only, and on stderr, so that the figures can be piped."""
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    console = Console(stderr=True)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, disable=not console.is_terminal) as shown:
        task = shown.add_task(what, total=total)
        yield lambda more: shown.advance(task, more)
