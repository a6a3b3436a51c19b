"""Files that appear whole or not at all, and are made by exactly one of several processes."""

from __future__ import annotations

import os
import secrets
from pathlib import Path


def create_exclusively(path: Path, content: bytes) -> bool:
    """Makes ``path`` (mode 0600) with ``content``, synced; False when somebody else made it first.

    A hard link, unlike a rename, refuses to overwrite, so the first of several makers wins and
    nobody ever reads half a file.
    """
    temporary = _write_beside(path, content)
    try:
        os.link(temporary, path)
    except FileExistsError:
        return False
    finally:
        temporary.unlink()
    _sync_directory(path.parent)
    return True


def replace_and_wipe(path: Path, content: bytes) -> None:
    """Puts ``content`` in the place of ``path`` by an atomic rename, then zeroes the old bytes.

    The zeroes reach the old blocks where the file system writes in place; elsewhere only the
    master key's own destruction is certain.
    """
    with path.open("r+b") as old:
        size = os.fstat(old.fileno()).st_size
        _write_beside(path, content).rename(path)
        _sync_directory(path.parent)
        old.write(b"\0" * size)
        old.flush()
        os.fsync(old.fileno())


def _write_beside(path: Path, content: bytes) -> Path:
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    except OSError:
        temporary.unlink()
        raise
    return temporary


def _sync_directory(directory: Path) -> None:
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
