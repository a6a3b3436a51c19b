"""What a batch has reached so far, beside its results: an import that broke off goes on from it."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TextIO

from crossclaim.cli.batch_results import CLEAN, TAKEN, Item, Result

_GOOD = (TAKEN, CLEAN)


class JournalRefused(Exception):
    """It is of something else; the text is a sentence."""


class Journal:
    """One JSON object a line, the first about the whole; a line that a crash has cut off is none.

    Only what was taken counts: whatever was refused or not sent is sent again. It holds what the
    results hold, and goes when they are written.
    """

    def __init__(self, results: Path, path: str, *, resume: bool) -> None:
        self.file = results.with_name(f"{results.name}.part")
        self._about = {"path": path}
        self._known: dict[str, dict[str, Any]] = {}
        if self.file.exists():
            if not resume:
                raise JournalRefused(
                    f"{self.file.name} is of an import that broke off; go on with --resume, or "
                    "delete it to begin anew."
                )
            self._read()
        self._open: TextIO | None = None

    def _read(self) -> None:
        lines = [self._line(text) for text in self.file.read_text("utf-8").splitlines()]
        whole = [line for line in lines if line is not None]
        if whole and whole[0] != self._about:
            raise JournalRefused(
                f"{self.file.name} is of another kind of import (a check, or other things); name "
                "other results."
            )
        self._known = {line["digest"]: line["answer"] for line in whole[1:]}

    @staticmethod
    def _line(text: str) -> dict[str, Any] | None:
        try:
            found: dict[str, Any] = json.loads(text)
        except json.JSONDecodeError:
            return None
        return found

    def __enter__(self) -> Self:
        begun = self.file.exists() and self.file.stat().st_size > 0
        self._open = self.file.open("a", encoding="utf-8")
        # A line that was cut off has no end: the next one begins on its own.
        self._open.write("\n" if begun else json.dumps(self._about) + "\n")
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        assert self._open is not None, "it was entered"
        self._open.close()

    def known(self, item: Item) -> dict[str, Any] | None:
        """The answer to the very same content, if it was taken."""
        return self._known.get(_digest(item))

    def note(self, result: Result) -> None:
        assert self._open is not None, "it was entered"
        if result.status in _GOOD:
            line = {"digest": _digest(result.item), "answer": result.answer}
            self._open.write(json.dumps(line, ensure_ascii=False) + "\n")
            self._open.flush()

    def done(self) -> None:
        self.file.unlink(missing_ok=True)


def _digest(item: Item) -> str:
    """Of the number too: two visits may have bills that are alike."""
    whole = [item.number, item.body]
    return hashlib.sha256(json.dumps(whole, sort_keys=True).encode()).hexdigest()
