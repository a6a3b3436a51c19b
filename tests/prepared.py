"""Data directories whose engines have run once: a cluster with our tables, and a namespace.

What a first start makes is the same in every stack of the tests, and takes longer than the start.
One process makes it for the run of the suite; the others copy it.
"""

from __future__ import annotations

import fcntl
import os
import subprocess
from pathlib import Path

import pytest

from crossclaim.stack import Part, Stack
from crossclaim.stack.home import Home

MADE_BEFORE = ("postgres", "temporal", "secrets")


def prepared_home(factory: pytest.TempPathFactory, name: str) -> Path:
    """A directory of its own for one stack. Its passwords are those of the others."""
    template = _template(_of_the_run(factory))
    home = factory.mktemp(name)
    sources = [str(template / part) for part in MADE_BEFORE]
    subprocess.run(["cp", "-a", *sources, str(home)], check=True)
    return home


def _of_the_run(factory: pytest.TempPathFactory) -> Path:
    """What the processes that share the suite have in common."""
    place = factory.getbasetemp()
    return place.parent if "PYTEST_XDIST_WORKER" in os.environ else place


def _template(place: Path) -> Path:
    template, fresh = place / "template", place / "template.new"
    with (place / "template.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not template.exists():
            parts = frozenset({Part.POSTGRES, Part.TEMPORAL})
            Stack.start(fresh, parts=parts, port_base=0, supervise=False).stop()
            # So that PostgreSQL's user may enter, wherever it is copied to.
            assert Home(fresh).postgres.exists()
            fresh.rename(template)
    return template
