"""Starts a simulator as the process that it is in a stack, forked where its imports are done."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from crossclaim.stack import simulators
from crossclaim.stack.nursery import Nursling
from crossclaim.stack.process import Command


def born(party: str, data: Path, *words: str) -> Nursling:
    """``crossclaim.simulators.PARTY`` with these words; what it says stands beside its data."""
    command = Command(
        name=party,
        title=party,
        argv=(sys.executable, "-m", f"crossclaim.simulators.{party}", f"--data={data}", *words),
        env={k: v for k, v in os.environ.items() if not k.startswith("CROSSCLAIM_")},
        log_file=data.with_name(f"{data.name}.log"),
        ready=data.exists,
    )
    process = simulators.nursery().bear(command)
    assert process is not None
    return process
