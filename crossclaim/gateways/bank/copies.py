"""Processed files of one bank, each sealed piece by piece beside no plain one."""

from __future__ import annotations

import os
import stat
import struct
import tempfile
from collections.abc import Collection, Iterable, Iterator
from contextlib import suppress
from io import BufferedReader
from pathlib import Path
from typing import BinaryIO

from crossclaim.domain.errors import Final
from crossclaim.gateways.bank.folders import disk
from crossclaim.gateways.durable_names import ended, reserve, sync

SEALED = ".sealed"
_REASON = ".reason.txt"
_MAGIC = b"CKBANK1\n"
_FRAME = struct.Struct(">HI")
_MOST = 16 * 1024 * 1024


def sealed_name(name: str) -> str:
    """Under which a file's copy lies."""
    return ended(name, SEALED)


class CopyFolders:
    """``inbound/done``, ``inbound/bad``, ``staging`` and ``outbound`` of one bank profile."""

    def __init__(self, root: Path) -> None:
        self._inbound = root / "inbound"
        self._ours = (root / "staging", root / "outbound")

    def plain(self) -> Iterator[Path]:
        """Processed files that lie in the open. An empty one is a name that a crash left."""
        for name in ("done", "bad"):
            folder = self._inbound / name
            if not folder.is_dir():
                continue
            with disk(), os.scandir(folder) as entries:
                # Sealed copies stay for years: they are passed over by name alone.
                found = sorted(one.name for one in entries if not _is_ours(one.name))
            for path in (folder / one for one in found):
                with suppress(FileNotFoundError):
                    status = path.lstat()
                    if stat.S_ISREG(status.st_mode) and status.st_size > 0:
                        yield path

    def opened(self, path: Path) -> BufferedReader:
        with disk():
            return os.fdopen(os.open(path, os.O_RDONLY | os.O_NOFOLLOW), "rb")

    def keep(self, path: Path, frames: Iterable[tuple[str, bytes]], known: str = "") -> str:
        """The sealed copy's name; the plain file lies there still. ``settle`` makes it certain.

        ``known``: the name under which a crash left the copy already.
        """
        if known and (path.parent / known).is_file():
            return known
        return _written(path, frames)

    def sealed(self, folder: str, name: str) -> BufferedReader:
        return self.opened(self._inbound / folder / Path(name).name)

    def orders(self) -> Iterator[Path]:
        """Files of ours that a bank has not taken, or shall not see."""
        for folder in self._ours:
            with disk():
                found = sorted(folder.glob("*.xml")) if folder.is_dir() else []
            yield from found

    def settle(self, paths: Collection[Path]) -> None:
        """Makes the names beside these files durable."""
        for folder in sorted({path.parent for path in paths}):
            with disk():
                sync(folder)

    def drop(self, paths: Collection[Path]) -> None:
        """They are gone for certain afterwards."""
        with disk():
            for path in paths:
                path.unlink(missing_ok=True)
        self.settle(paths)


def _is_ours(name: str) -> bool:
    """A copy, a note, or a part of one: no file of the bank."""
    return name.startswith(".") or name.endswith((SEALED, _REASON))


def _written(path: Path, frames: Iterable[tuple[str, bytes]]) -> str:
    descriptor, made = tempfile.mkstemp(prefix=".copy.", suffix=".part", dir=path.parent)
    part = Path(made)
    try:
        with os.fdopen(descriptor, "wb") as file, disk():
            file.write(_MAGIC)
            for scope, sealed in frames:
                named = scope.encode()
                file.write(_FRAME.pack(len(named), len(sealed)) + named + sealed)
            file.flush()
            os.fsync(file.fileno())
        with disk():
            free = reserve(path.parent, sealed_name(path.name))
            part.rename(free)
        return free.name
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def frames_of(file: BinaryIO) -> Iterator[tuple[str, bytes]]:
    """(scope, sealed) of each piece. Raises ``Final`` for what is no copy of ours."""
    if file.read(len(_MAGIC)) != _MAGIC:
        raise Final("not a sealed copy of a bank's file", code="BANK_COPY_UNREADABLE")
    while head := file.read(_FRAME.size):
        if len(head) < _FRAME.size:
            raise Final("the sealed copy ends too early", code="BANK_COPY_UNREADABLE")
        named, length = _FRAME.unpack(head)
        scope, sealed = file.read(named), file.read(min(length, _MOST))
        if len(scope) < named or len(sealed) < length:
            raise Final("the sealed copy ends too early", code="BANK_COPY_UNREADABLE")
        yield scope.decode("ascii", "replace"), sealed
