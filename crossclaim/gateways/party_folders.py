"""The folders of one organisation: what it sends, where that is worked on, and what comes of it.

The organisation writes complete files into ``inbound`` and takes results from ``outbound``. A file
is moved out of its reach before it is read, and is in one place only at any moment: killed
anywhere, the next look goes on from there. Nothing is ever overwritten.
"""

from __future__ import annotations

import errno
import fcntl
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path

from crossclaim.domain.errors import CrossclaimError
from crossclaim.gateways.durable_names import numbered, reserve, sync

ENDINGS = (".csv", ".xlsx")
LONGEST_BYTES = 100 * 1024 * 1024
RESULTS = ".results.csv"


class FoldersBusy(CrossclaimError):
    """Another process watches them."""

    code = "FOLDERS_BUSY"


class PartyFolders:
    """``inbound`` with ``done`` and ``bad``, ``outbound``, and ``staging`` of ours; under one root
    and on one filesystem."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.inbound, self.outbound = root / "inbound", root / "outbound"
        self.done, self.bad = self.inbound / "done", self.inbound / "bad"
        self.work, self.results = root / "staging" / "work", root / "staging" / "results"
        for folder in (self.done, self.bad, self.outbound, self.work, self.results):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    @contextmanager
    def alone(self) -> Iterator[None]:
        """No other process works on them meanwhile. Raises ``FoldersBusy``."""
        with (self.root / "staging" / ".lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                raise FoldersBusy(f"another process watches {self.root.name} already") from None
            yield

    def begun(self) -> list[Path]:
        """Files that an earlier look began and did not end."""
        return sorted(path for path in self.work.iterdir() if not path.name.startswith("."))

    def arrived(self) -> list[Path]:
        """Complete files of ``inbound``, the oldest first; a leading dot or another ending says
        that one is still being written, and a link is no file of the organisation's."""
        _real(self.done, self.bad)
        found: list[tuple[int, str]] = []
        with os.scandir(self.inbound) as entries:
            for entry in entries:
                if entry.name.startswith(".") or not entry.name.lower().endswith(ENDINGS):
                    continue
                with suppress(FileNotFoundError):
                    status = entry.stat(follow_symlinks=False)
                    if stat.S_ISREG(status.st_mode):
                        found.append((status.st_mtime_ns, entry.name))
        return [self.inbound / name for _, name in sorted(found)]

    def take(self, path: Path) -> Path | None:
        """Moves a file of ``inbound`` to where it is worked on; None when it is gone, or no file
        any more."""
        names = (numbered(path.name, number) for number in count())
        # Nobody else writes there while these folders are ours alone.
        mine = next(free for name in names if not (free := self.work / name).exists())
        try:
            path.rename(mine)
        except FileNotFoundError:
            return None
        if not stat.S_ISREG(mine.lstat().st_mode):
            mine.unlink()
            return None
        self._synced(self.work, self.inbound)
        return mine

    def results_of(self, work: Path) -> Path:
        return self.results / f"{work.name}{RESULTS}"

    def finish(self, work: Path) -> None:
        """The file is worked on no more: it goes to ``done``, and then its results out."""
        _real(self.done)
        work.rename(reserve(self.done, work.name))
        self._synced(self.done, self.work)
        self.hand_out()

    def hand_out(self) -> None:
        """Puts out the results of every file that is worked on no more."""
        for path in sorted(self.results.glob(f"*{RESULTS}")):
            if not (self.work / path.name.removesuffix(RESULTS)).exists():
                self._hand_out(path)

    def _hand_out(self, path: Path) -> None:
        """Whole, under a name that is free: a name that is there is not taken by a link."""
        number = 0
        while path.stat().st_nlink == 1:
            try:
                (self.outbound / numbered(path.name, number)).hardlink_to(path)
            except FileExistsError:
                number += 1
        sync(self.outbound)
        path.unlink()
        sync(self.results)

    def set_aside(self, work: Path, reason: str) -> None:
        """Moves it to ``bad``, beside a text that says why."""
        _real(self.bad)
        free = reserve(self.bad, work.name)
        note = free.with_name(f"{free.name}.reason.txt")
        half = note.with_name(f".{note.name}.part")
        with half.open("w", encoding="utf-8") as opened:
            opened.write(f"{reason}\n")
            opened.flush()
            os.fsync(opened.fileno())
        half.rename(note)
        work.rename(free)
        self._synced(self.bad, self.work)

    def _synced(self, *folders: Path) -> None:
        for folder in folders:
            sync(folder)


def _real(*folders: Path) -> None:
    """Raises ``OSError`` for one that became a link: whoever writes into ``inbound`` could lead its
    files into another organisation's."""
    for folder in folders:
        if folder.is_symlink():
            raise NotADirectoryError(errno.ENOTDIR, "a folder became a link")
