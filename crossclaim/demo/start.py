"""The start of the stack as one bar that names the part which is starting."""

from __future__ import annotations

from types import TracebackType
from typing import Self

from rich.console import Console

from crossclaim.demo.demonstration import progress_on

PARTS = 9


class StartBar:
    """A context manager; after ``done`` what is said becomes lines."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._progress = progress_on(console)
        self._bar = self._progress.add_task("Starting everything", total=PARTS, step="")
        self._said = -1

    def said(self, sentence: str) -> None:
        if self._progress.live.is_started:
            self._said += 1
            self._progress.update(self._bar, completed=self._said, step=sentence)
        else:
            self._console.print(sentence, highlight=False)

    def done(self) -> None:
        self._progress.update(self._bar, completed=PARTS, step="ready")
        self._stop()

    def _stop(self) -> None:
        # A second stop would print an empty line.
        if self._progress.live.is_started:
            self._progress.stop()

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stop()
