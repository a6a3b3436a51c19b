"""A command as a person types it: a process of its own, forked where its imports are done."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from crossclaim.stack.nursery import nursery_of
from crossclaim.stack.process import Command

IMPORTED = (
    "crossclaim.cli.__main__",
    "crossclaim.stack",
    "crossclaim.seed",
    "workers.main",
    "crossclaim.plans.warm",
)


def typed(
    *words: str, env: Mapping[str, str] | None = None, timeout_s: float = 120
) -> subprocess.CompletedProcess[str]:
    """``crossclaim WORDS``: its exit status and what it said on either stream."""
    argv = (sys.executable, "-m", "crossclaim.cli", *words)
    with tempfile.TemporaryDirectory() as folder:
        said, complained = Path(folder) / "output", Path(folder) / "errors"
        command = Command(
            name="crossclaim",
            title="The command",
            argv=argv,
            env=dict(os.environ) if env is None else env,
            log_file=said,
            errors_file=complained,
            ready=said.exists,
        )
        nursery = nursery_of(*IMPORTED)
        nursery.prepare(os.environ)
        process = nursery.bear(command)
        assert process is not None
        try:
            status = process.wait(timeout_s)
        finally:
            process.kill()
        return subprocess.CompletedProcess(
            argv, status, said.read_text("utf-8"), complained.read_text("utf-8")
        )
