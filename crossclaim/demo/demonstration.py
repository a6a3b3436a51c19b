"""The whole demonstration against a running API: plays, shows and compares every run."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from crossclaim.demo import figures
from crossclaim.demo.money import tables_of
from crossclaim.demo.play import Played, Player
from crossclaim.demo.script import Run
from crossclaim.demo.window import Desks

AT_ONCE = 3


def progress_on(console: Console) -> Progress:
    """Bars with the step that is being taken."""
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(bar_width=12),
        TimeElapsedColumn(),
        TextColumn("[dim]{task.fields[step]}"),
        console=console,
    )


def demonstrate(
    runs: Sequence[Run],
    url: str,
    api_keys: Mapping[str, str],
    examples: Path,
    console: Console,
    stopping: threading.Event,
) -> None:
    """Raises ``DemoFailed`` when anything is not as expected, ``DemoStopped`` when stopped."""
    with (
        closing(Desks(url, api_keys, stopping)) as desks,
        progress_on(console) as progress,
        ThreadPoolExecutor(AT_ONCE) as pool,
    ):
        bars = [
            progress.add_task(run.title, total=len(run.steps), step="", start=False) for run in runs
        ]
        begun: dict[str, Future[Played]] = {}

        def one(run: Run, bar: TaskID) -> Played:
            if run.after:
                begun[run.after].result()
            return _play(run, desks, examples, progress, bar)

        ends = []
        for run, bar in zip(runs, bars, strict=True):
            ends.append(pool.submit(one, run, bar))
            begun[run.name] = ends[-1]
        played = [end.result() for end in ends]
    for one_played in played:
        show(one_played, console)
    expected = figures.expected_of(examples)
    compared = sum(figures.compare(one, expected[one.run.name]) for one in played)
    console.print()
    console.rule()
    console.print(
        f"[bold green]{len(played)} episodes closed; all {compared} figures are as expected."
    )


def _play(run: Run, desks: Desks, examples: Path, progress: Progress, bar: TaskID) -> Played:
    taken = -1

    def told(title: str) -> None:
        nonlocal taken
        taken += 1
        progress.update(bar, completed=taken, step=title)

    progress.start_task(bar)
    played = Player(run, desks, examples).play(told)
    progress.update(bar, completed=len(run.steps), step="closed")
    return played


def show(played: Played, console: Console) -> None:
    """The story and the money of one episode."""
    console.print()
    console.rule(f"[bold]{played.run.title}")
    console.print(f"{played.run.about}\nEpisode {played.episode_id}\n", highlight=False)
    console.print(_story(played), highlight=False)
    for table in tables_of(played):
        console.print()
        console.print(table, highlight=False)


def _story(played: Played) -> Table:
    """Times on the left, so that long sentences wrap beside them."""
    told = Table.grid(padding=(0, 2))
    for at, sentence in played.story:
        told.add_row(Text(at, style="dim"), Text(sentence))
    return told
