"""Where recorded histories lie, and the hashes that keep them as they were recorded."""

from __future__ import annotations

import hashlib
from pathlib import Path

import yaml

FOLDER = Path(__file__).parent / "histories"
PINS = Path(__file__).parent / "pins.yaml"


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def pins() -> dict[str, str]:
    """File name → SHA-256 of its content."""
    if not PINS.exists():
        return {}
    known: dict[str, str] = yaml.safe_load(PINS.read_text("utf-8")) or {}
    return known


def keep(name: str, content: bytes) -> None:
    """Writes a history and its pin. Raises ``FileExistsError`` for a name that is taken."""
    known = pins()
    if name in known:
        raise FileExistsError(f"{name} is recorded already; a history is never recorded again")
    FOLDER.mkdir(exist_ok=True)
    with (FOLDER / name).open("xb") as file:
        file.write(content)
    known[name] = sha256(content)
    PINS.write_text(yaml.safe_dump(known, sort_keys=True), "utf-8")
