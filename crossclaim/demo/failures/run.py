"""Plays the whole catalogue on a running stack, several at once, and compares what is found."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.progress import Progress, TaskID

from crossclaim.demo.demonstration import progress_on
from crossclaim.demo.failure import DemoFailed
from crossclaim.demo.failures.catalogue import Catalogue, Failure
from crossclaim.demo.failures.control import Controls
from crossclaim.demo.failures.persons import Numbers
from crossclaim.demo.failures.plays import MOVE_THE_BANK_S_CLOCK, PLAYS
from crossclaim.demo.failures.stage import Moment, Stage
from crossclaim.demo.window import PATIENCE_S, Desks

AT_ONCE = 8
ASK_EVERY_S = 0.5
"""With eight at once, asking more often costs more than it saves."""


@dataclass(frozen=True)
class Place:
    """The running stack as the failures need it."""

    api: str
    keys: Mapping[str, str]
    parties: Mapping[str, str]
    authority: Path
    examples: Path
    language: str
    patience_s: float = PATIENCE_S


@dataclass(frozen=True)
class Result:
    """What became of one failure; ``failing`` is missing where nobody had anything to do."""

    failure: Failure
    subject: str
    failing: Moment | None
    ended: Moment | None
    wrong: tuple[str, ...]
    """Every difference from the catalogue; none: all is as expected."""


def play_all(
    catalogue: Catalogue, place: Place, console: Console, stopping: threading.Event
) -> list[Result]:
    """In the catalogue's order. ``DemoStopped`` when somebody asked to stop."""
    failures = catalogue.failures
    together = [f for f in failures if f.name not in MOVE_THE_BANK_S_CLOCK]
    alone = [f for f in failures if f.name in MOVE_THE_BANK_S_CLOCK]
    controls = Controls(place.parties, place.authority)
    desks = Desks(place.api, place.keys, stopping, ASK_EVERY_S)
    results: dict[str, Result] = {}
    try:
        with progress_on(console) as progress:
            bar = progress.add_task("Failures", total=len(failures), step="")
            for group, at_once in ((together, AT_ONCE), (alone, 1)):
                played = _group(group, place, controls, desks, progress, bar, at_once)
                results |= {one.failure.name: one for one in played}
            progress.update(bar, step="played")
    finally:
        desks.close()
        controls.close()
    return [results[failure.name] for failure in failures]


def raise_if_wrong(results: Sequence[Result]) -> None:
    """``DemoFailed`` that names every failure which came out otherwise."""
    wrong = [result.failure.name for result in results if result.wrong]
    if wrong:
        raise DemoFailed(
            f"{len(wrong)} of {len(results)} failures came out otherwise: {', '.join(wrong)}."
        )


def _group(
    failures: Sequence[Failure],
    place: Place,
    controls: Controls,
    desks: Desks,
    progress: Progress,
    bar: TaskID,
    at_once: int,
) -> list[Result]:
    begun = int(time.time()) * 50

    def one(numbered: tuple[int, Failure]) -> Result:
        number, failure = numbered
        progress.update(bar, step=failure.name)
        numbers = Numbers((begun + number) % 1_000_000)
        stage = Stage(
            failure,
            desks,
            controls,
            numbers,
            place.language,
            place.examples,
            patience_s=place.patience_s,
        )
        try:
            return _played(stage)
        finally:
            progress.update(bar, advance=1)

    with ThreadPoolExecutor(at_once) as pool:
        return list(pool.map(one, enumerate(failures)))


def _played(stage: Stage) -> Result:
    """A step that is answered otherwise ends this failure, and not the others."""
    failure, ended, wrong = stage.failure, None, []
    try:
        PLAYS[failure.name](stage)
        ended = stage.moment(failure.ended)
        wrong += [f"in the end {one}" for one in ended.differences]
    except DemoFailed as error:
        wrong.append(error.detail)
    if stage.seen is not None:
        wrong = [f"while it fails {one}" for one in stage.seen.differences] + wrong
    return Result(failure, stage.subject, stage.seen, ended, tuple(wrong))
