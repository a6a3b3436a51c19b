"""The folders of one bank profile, with moves that a crash leaves either undone or done.

A file is complete when it has its name: it is written under a ``.part`` name, synced, renamed, and
the folder is synced. Nothing is ever overwritten in ``done`` and ``bad``. Errors of the disk are
``Retryable``: none of these calls is harmed by being made again.
"""

from __future__ import annotations

import errno
import os
import stat
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import BufferedReader
from pathlib import Path

from crossclaim.domain.errors import Final, Retryable
from crossclaim.gateways.durable_names import ended, reserve, sync

_ABANDONED_S = 3600
"""A part file so old belongs to a process that was killed while writing it."""


@contextmanager
def disk() -> Iterator[None]:
    """Turns errors of the disk into ``Retryable``, named by their code only."""
    try:
        yield
    except OSError as error:
        name = errno.errorcode.get(error.errno or 0, "unknown")
        if error.errno == errno.EXDEV:
            raise Final(
                "the bank's folders are not on one filesystem", code="BANK_FOLDERS_SPLIT"
            ) from None
        raise Retryable(f"the bank's folders failed with {name}", code="BANK_FOLDERS") from None


class Folders:
    """``staging``, ``outbound``, ``inbound`` with ``done`` and ``bad``, under one root."""

    def __init__(self, root: Path) -> None:
        self.staging = root / "staging"
        self.outbound = root / "outbound"
        self.inbound = root / "inbound"
        self.done = self.inbound / "done"
        self.bad = self.inbound / "bad"
        with disk():
            for folder in (root, self.staging, self.outbound, self.inbound, self.done, self.bad):
                folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            _drop_abandoned(self.staging)

    def write(self, folder: Path, name: str, content: bytes) -> None:
        """Makes ``folder/name`` hold ``content``, for certain on disk when the call returns."""
        with disk():
            descriptor, made = tempfile.mkstemp(prefix=f".{name}.", suffix=".part", dir=folder)
            part = Path(made)
            try:
                with os.fdopen(descriptor, "wb") as file:
                    file.write(content)
                    file.flush()
                    os.fsync(file.fileno())
                part.rename(folder / name)
            except BaseException:
                part.unlink(missing_ok=True)
                raise
            sync(folder)

    def release(self, name: str) -> None:
        """Renames ``staging/name`` into ``outbound``; nothing when that has happened before."""
        with disk():
            # Absent means already released, unless a folder itself is gone: the syncs tell.
            with suppress(FileNotFoundError):
                (self.staging / name).rename(self.outbound / name)
            sync(self.outbound)
            sync(self.staging)

    def complete_files(self) -> list[Path]:
        """Regular ``*.xml`` files of ``inbound`` that are not still being written, oldest first."""
        found: list[tuple[int, str]] = []
        with disk(), os.scandir(self.inbound) as entries:
            for entry in entries:
                if entry.name.startswith(".") or not entry.name.endswith(".xml"):
                    continue
                with suppress(FileNotFoundError):
                    status = entry.stat(follow_symlinks=False)
                    if stat.S_ISREG(status.st_mode):
                        found.append((status.st_mtime_ns, entry.name))
        return [self.inbound / name for _, name in sorted(found)]

    def content(self, path: Path, limit: int) -> bytes:
        """At most ``limit`` + 1 bytes of an inbound file, never through a symbolic link."""
        with disk():
            descriptor = os.open(self._inbound(path), os.O_RDONLY | os.O_NOFOLLOW)
            with os.fdopen(descriptor, "rb") as file:
                return file.read(limit + 1)

    @contextmanager
    def opened(self, path: Path) -> Iterator[BufferedReader]:
        """An inbound file to be read piece by piece, never through a symbolic link."""
        with disk():
            descriptor = os.open(self._inbound(path), os.O_RDONLY | os.O_NOFOLLOW)
        with os.fdopen(descriptor, "rb") as file:
            yield file

    def move(self, path: Path, target: Path, note: str = "") -> None:
        """Moves an inbound file under a free name of ``target``, after its note if it has one.

        Nothing when the file is gone: it was moved before.
        """
        with disk():
            source = self._inbound(path)
            if not source.is_file():
                return
            free = reserve(target, source.name)
            if note:
                self.write(target, ended(free.name, ".reason.txt"), f"{note}\n".encode())
            try:
                source.rename(free)
            except FileNotFoundError:
                free.unlink()
            sync(target)
            sync(self.inbound)

    def _inbound(self, path: Path) -> Path:
        if path.parent.resolve() != self.inbound.resolve() or path.name in ("", ".", ".."):
            raise ValueError("not a file of the inbound folder")
        return self.inbound / path.name


def _drop_abandoned(folder: Path) -> None:
    """Removes part files of killed processes: they hold personal data and serve nobody."""
    before = time.time() - _ABANDONED_S
    for part in folder.glob(".*.part"):
        with suppress(FileNotFoundError):
            if part.stat().st_mtime < before:
                part.unlink()
