"""Folders of the demonstration's organisations, and the list of those that are watched."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

import yaml

from crossclaim.config import Settings

FOLDERS = "folders"
KEYS = "secrets/folder-keys"


def seed_folders(settings: Settings, keys: Mapping[str, str]) -> None:
    """Writes the list where there is none; yours stays as it is. ``keys``: by organisation."""
    if settings.folders_file.exists() or not settings.demonstration:
        return
    place = settings.data_dir / KEYS
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    listed = []
    for name, key in sorted(keys.items()):
        # A second person of an organisation leaves no files.
        if "." in name:
            continue
        file = place / name
        _write(file, f"{key}\n")
        folder = settings.data_dir / FOLDERS / name
        listed.append({"organisation": name, "folder": str(folder), "key_file": str(file)})
        for inside in ("inbound", "outbound"):
            (folder / inside).mkdir(mode=0o700, parents=True, exist_ok=True)
    _write(settings.folders_file, yaml.safe_dump({"folders": listed}, sort_keys=False))


def _write(file: Path, text: str) -> None:
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as handle:
        handle.write(text)
