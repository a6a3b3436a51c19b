"""Passwords and keys of the embedded engines, made once and kept readable by their owner alone."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable
from pathlib import Path


def write_private(path: Path, content: bytes) -> None:
    """Replaces ``path`` whole, with mode 0600, so that a crash leaves old or new content."""
    fresh = path.with_name(f".{path.name}.new")
    fresh.unlink(missing_ok=True)
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)


def kept(
    folder: Path, name: str, make: Callable[[], str] = lambda: secrets.token_urlsafe(24)
) -> str:
    """The secret called ``name``, made by ``make`` when it is asked for the first time."""
    path = folder / name
    if not path.exists():
        write_private(path, make().encode())
    return path.read_text()
