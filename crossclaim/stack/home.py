"""The data directory: where each part keeps what, and whether there is room for it."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from crossclaim.stack.sentence import StackError, disk_full

FREE_MIN_BYTES = 500 * 1024 * 1024


def free_bytes(place: Path) -> int:
    return shutil.disk_usage(place).free


@dataclass(frozen=True)
class Home:
    """Paths under one data directory."""

    root: Path

    @classmethod
    def open(cls, root: Path, *, free: Callable[[Path], int] = free_bytes) -> Home:
        """Makes the directory and refuses one on a nearly full disk (``StackError``)."""
        root = root.expanduser().absolute()
        root.mkdir(parents=True, exist_ok=True)
        available = free(root)
        if available <= 0:
            raise disk_full(root)
        if available < FREE_MIN_BYTES:
            raise StackError(
                f"Only {available // 2**20} MiB are free on the disk that holds {root} and "
                f"{FREE_MIN_BYTES // 2**20} MiB are needed; free some space there, or give another "
                "directory with --data-dir.",
                code="STACK_DISK_FULL",
            )
        home = cls(root)
        for folder in (home.logs, home.run, home.objects, home.temporal, home.simulators):
            folder.mkdir(exist_ok=True)
        for folder in (home.secrets, home.keystore, home.bank):
            folder.mkdir(mode=0o700, exist_ok=True)
        return home

    @property
    def lock(self) -> Path:
        return self.root / "lock"

    @property
    def logs(self) -> Path:
        return self.root / "logs"

    @property
    def run(self) -> Path:
        return self.root / "run"

    @property
    def secrets(self) -> Path:
        return self.root / "secrets"

    @property
    def keystore(self) -> Path:
        return self.root / "keystore"

    @property
    def postgres(self) -> Path:
        return self.root / "postgres"

    @property
    def temporal(self) -> Path:
        return self.root / "temporal"

    @property
    def objects(self) -> Path:
        return self.root / "objects"

    @property
    def simulators(self) -> Path:
        return self.root / "simulators"

    @property
    def bank(self) -> Path:
        return self.root / "bank"

    @property
    def parties_file(self) -> Path:
        return self.root / "parties.yaml"

    @property
    def children_file(self) -> Path:
        return self.run / "children.json"

    @property
    def ports_file(self) -> Path:
        return self.root / "ports.json"
