"""The two folders of the file desk: taking from ``outbound``, writing into ``inbound``."""

from __future__ import annotations

import os
import shutil
import time
from pathlib import Path

_TAKING = ".taking-"


class Folders:
    """Survives a kill at any point: a file is in ``outbound`` or in ``taken``, never lost."""

    def __init__(self, shared: Path, data: Path) -> None:
        self.outbound = shared / "outbound"
        self.inbound = shared / "inbound"
        self.taken = data / "taken"
        for folder in (self.outbound, self.inbound, self.taken):
            folder.mkdir(parents=True, exist_ok=True)
        for half_done in sorted(self.outbound.glob(f"{_TAKING}*")):
            self._carry(half_done)

    def arrived(self) -> list[Path]:
        """Complete files in ``outbound``, oldest first."""
        with os.scandir(self.outbound) as entries:
            found = [
                (entry.stat().st_mtime_ns, entry.name)
                for entry in entries
                if entry.name.endswith(".xml") and not entry.name.startswith(".")
            ]
        return [self.outbound / name for _, name in sorted(found)]

    def take(self, path: Path) -> str:
        """Moves a file out of the customer's sight; its name in ``taken`` is like no other's."""
        taking = path.with_name(f"{_TAKING}{time.time_ns()}-{path.name}")
        path.rename(taking)
        return self._carry(taking)

    def _carry(self, taking: Path) -> str:
        name = taking.name.removeprefix(_TAKING)
        if not (self.taken / name).exists():
            # The two folders may lie on different file systems, where a rename cannot reach.
            part = self.taken / f".{name}.part"
            shutil.copyfile(taking, part)
            with part.open("rb") as copy:
                os.fsync(copy.fileno())
            part.rename(self.taken / name)
        taking.unlink()
        return name

    def all_taken(self) -> list[str]:
        return sorted(p.name for p in self.taken.iterdir() if not p.name.startswith("."))

    def write(self, name: str, content: bytes) -> None:
        """Complete or not at all: written beside, synced, then renamed."""
        part = self.inbound / f"{name}.part"
        with part.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        part.rename(self.inbound / name)
