"""One stack per data directory: a lock that a killed run cannot leave behind, and its leftovers."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import signal
from collections.abc import Iterable
from pathlib import Path

import psutil

from crossclaim.stack.process import Child
from crossclaim.stack.secret import write_private
from crossclaim.stack.sentence import StackError

CLOCK_SLACK_S = 2.0


class Lock:
    """An advisory lock of the kernel on ``.crossclaim/lock``; it ends with the process."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._descriptor = -1

    def take(self) -> None:
        """``StackError`` when a living process holds it."""
        descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.read(descriptor, 32).decode(errors="replace").strip() or "unknown"
            os.close(descriptor)
            raise StackError(
                f"Another crossclaim (process {holder}) is using {self._path.parent}; stop it, or "
                "give another directory with --data-dir.",
                code="STACK_LOCKED",
            ) from None
        os.ftruncate(descriptor, 0)
        os.write(descriptor, f"{os.getpid()}\n".encode())
        self._descriptor = descriptor

    def release(self) -> None:
        if self._descriptor >= 0:
            os.ftruncate(self._descriptor, 0)
            os.close(self._descriptor)
            self._descriptor = -1


def record_children(path: Path, children: Iterable[Child]) -> None:
    """Writes down which processes are ours, so that a later run can end what a killed one left."""
    rows = []
    for child in children:
        with contextlib.suppress(psutil.Error):
            if child.alive():
                process, argv = psutil.Process(child.pid), list(child.command.argv)
                seen = process.cmdline()
                # A forked one bears the words of its cradle.
                words = argv if seen[-len(argv) :] == argv else seen
                rows.append({"pid": child.pid, "born": process.create_time(), "argv": words})
    write_private(path, json.dumps(rows).encode())


def end_leftovers(path: Path) -> int:
    """Ends the recorded processes that still run, and only those; returns how many there were."""
    try:
        rows = json.loads(path.read_text())
    except (FileNotFoundError, ValueError):
        return 0
    left = [process for row in rows if (process := _same_process(row)) is not None]
    for process in left:
        # PostgreSQL takes this for "stop at once" and then clears its shared memory.
        _signal(process, signal.SIGQUIT)
    _, stubborn = psutil.wait_procs(left, timeout=3)
    for process in stubborn:
        _signal(process, signal.SIGKILL)
    psutil.wait_procs(stubborn, timeout=10)
    path.unlink()
    return len(left)


def _same_process(row: dict[str, object]) -> psutil.Process | None:
    """The process of that row, unless its number belongs to someone else by now."""
    try:
        process = psutil.Process(int(str(row["pid"])))
        if abs(process.create_time() - float(str(row["born"]))) > CLOCK_SLACK_S:
            return None
        argv = row["argv"]
        assert isinstance(argv, list)
        return process if process.cmdline()[-len(argv) :] == argv else None
    except psutil.Error:
        return None


def _signal(process: psutil.Process, number: signal.Signals) -> None:
    with contextlib.suppress(psutil.Error):
        process.send_signal(number)
