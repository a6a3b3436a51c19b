"""Names in a folder that a crash leaves as they were, or as they are to be."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

_LONGEST = 240
"""Bytes of a name with an ending of ours; a disk holds 255, and a number or mark may be added."""


def sync(folder: Path) -> None:
    """Makes the names in a folder durable."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def reserve(folder: Path, name: str) -> Path:
    """An empty file under the first free name: ``a.xml``, ``a-1.xml``, ``a-2.xml`` …"""
    number = 0
    while True:
        free = folder / numbered(name, number)
        try:
            os.close(os.open(free, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        except FileExistsError:
            number += 1
        else:
            return free


def numbered(name: str, number: int) -> str:
    """``a.xml`` for 0, ``a-1.xml`` for 1."""
    stem, dot, extension = name.rpartition(".")
    return f"{stem}-{number}{dot}{extension}" if number else name


def told(name: str) -> str:
    """A name as text that rows hold, whatever bytes it is made of."""
    return os.fsencode(name).decode("utf-8", "backslashreplace")


def ended(name: str, ending: str) -> str:
    """``name`` with an ending of ours; a digest for one that is too long for it, or no text."""
    raw = os.fsencode(name)
    if told(name) == name and len(raw) + len(ending) <= _LONGEST:
        return f"{name}{ending}"
    return f"{hashlib.sha256(raw).hexdigest()}{ending}"
