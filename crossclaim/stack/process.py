"""One child process: started on a leash, logged into a file, asked whether it is ready, stopped."""

from __future__ import annotations

import contextlib
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from crossclaim.stack import leash
from crossclaim.stack.sentence import StackError, disk_full

LOGS_KEPT = 5
POLL_S = 0.05


class Spawner:
    """Starts processes from one thread that never ends.

    The kernel takes the death of the *thread* that forked for the death of the parent, so a child
    started from a short-lived thread would be killed when that thread is done.
    """

    def __init__(self) -> None:
        self._jobs: queue.Queue[tuple[Callable[[], subprocess.Popen[bytes]], _Answer]] = (
            queue.Queue()
        )
        self._thread: threading.Thread | None = None
        self._lock = threading.Lock()

    def spawn(self, job: Callable[[], subprocess.Popen[bytes]]) -> subprocess.Popen[bytes]:
        with self._lock:
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._serve, name="spawner", daemon=True)
                self._thread.start()
        answer: _Answer = Future()
        self._jobs.put((job, answer))
        return answer.result()

    def _serve(self) -> None:
        while True:
            job, answer = self._jobs.get()
            try:
                answer.set_result(job())
            except BaseException as error:  # noqa: BLE001 it is raised again where it was asked for
                answer.set_exception(error)


_Answer = Future[subprocess.Popen[bytes]]
spawner = Spawner()


class Process(Protocol):
    """What is asked of a started process; ``subprocess.Popen`` is one."""

    @property
    def pid(self) -> int: ...
    @property
    def returncode(self) -> int | None: ...
    def poll(self) -> int | None: ...
    def wait(self, timeout: float | None = None) -> int: ...
    def kill(self) -> None: ...


class Origin(Protocol):
    """Starts commands in a way of its own."""

    def bear(self, command: Command) -> Process | None: ...


def nothing() -> None:
    """For a command that needs no preparation."""


@dataclass(frozen=True)
class Command:
    """How to start, recognise as ready and stop one child. Times are in seconds."""

    name: str
    title: str
    argv: tuple[str, ...]
    env: Mapping[str, str]
    log_file: Path
    ready: Callable[[], bool]
    stop_signal: signal.Signals = signal.SIGTERM
    stop_timeout_s: float = 15
    ready_timeout_s: float = 60
    death_signal: signal.Signals = signal.SIGKILL
    """What the kernel sends it when we die without having stopped it."""
    user: tuple[int, int] | None = None
    """Numbers of user and group to run as; only root may change them."""
    cwd: Path | None = None
    before_start: Callable[[], None] = nothing
    """Done each time, just before the process is made."""
    errors_file: Path | None = None
    """Where it says what goes wrong; without one in the log, as the rest."""
    origin: Origin | None = None
    """Asked first to start it; a process of the ordinary kind is the answer to ``None``."""


@dataclass
class Child:
    """A command and the process that runs it now, if any."""

    command: Command
    process: Process | None = None
    started_at: float = 0.0
    restarts: int = 0
    wanted: bool = False
    _lock: threading.RLock = field(default_factory=threading.RLock)

    @property
    def name(self) -> str:
        return self.command.name

    @property
    def pid(self) -> int:
        if self.process is None:
            raise StackError(f"{self.command.title} was never started; call start first.")
        return self.process.pid

    def alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def spawn(self) -> None:
        """Starts the process without waiting for it; nothing happens when it runs already."""
        with self._lock:
            if self.alive():
                return
            self.wanted = True
            self.command.before_start()
            origin = self.command.origin
            born = origin.bear(self.command) if origin is not None else None
            self.process = born or spawner.spawn(self._popen)
            self.started_at = time.monotonic()

    def _popen(self) -> subprocess.Popen[bytes]:
        command = self.command
        with command.log_file.open("ab") as log:
            return subprocess.Popen(
                leashed(command.argv, command.death_signal, command.user),
                env=dict(command.env),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                cwd=command.cwd,
                start_new_session=True,
            )

    def wait_ready(self, patience_s: float = 0) -> None:
        """Returns once it answers; ``StackError`` when it stops or stays silent for too long.

        For ``patience_s`` seconds one that stops is started again: what a killed process left may
        stand in the way for a moment.
        """
        begun = time.monotonic()
        deadline = begun + self.command.ready_timeout_s
        while True:
            if not self.alive():
                if time.monotonic() > begun + patience_s:
                    raise self._did_not_start("stopped while it started")
                self.spawn()
            elif self.command.ready():
                return
            if time.monotonic() > deadline:
                seconds = round(self.command.ready_timeout_s)
                raise self._did_not_start(f"did not answer within {seconds} seconds")
            time.sleep(POLL_S)

    def _did_not_start(self, what: str) -> StackError:
        words = last_words(self.command.log_file)
        if "No space left on device" in words or "ENOSPC" in words:
            return disk_full(self.command.log_file.parent.parent)
        said = f" (it said: {words.splitlines()[-1][:300]})" if words else ""
        return StackError(
            f"{self.command.title} {what}{said}; its log is {self.command.log_file}.",
            code="STACK_PART_FAILED",
        )

    def send(self, number: int) -> None:
        if self.alive():
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, number)

    def kill(self, number: int) -> None:
        """Sends the signal, and waits for the end when nothing can refuse it."""
        self.send(number)
        if number == signal.SIGKILL and self.process is not None:
            self.process.wait()

    def stop(self) -> None:
        """Asks it to end, waits, and then ends it."""
        self.wanted = False
        with self._lock:
            if self.process is None:
                return
            self.send(self.command.stop_signal)
            try:
                self.process.wait(self.command.stop_timeout_s)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
            # What it may have started itself shares its group.
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, signal.SIGKILL)


def leashed(
    argv: Sequence[str], death_signal: int, user: tuple[int, int] | None = None
) -> list[str]:
    """The words that start ``argv`` so that it dies with us."""
    uid, gid = user or (-1, -1)
    words = [os.getpid(), int(death_signal), uid, gid, "--", *argv]
    return [sys.executable, "-I", "-S", leash.__file__, *map(str, words)]


def last_words(log_file: Path, size_bytes: int = 4096) -> str:
    """The end of a log, decoded as well as it goes."""
    if not log_file.exists():
        return ""
    with log_file.open("rb") as file:
        file.seek(max(0, log_file.stat().st_size - size_bytes))
        return file.read().decode(errors="replace").strip()


def rotate(log_file: Path) -> None:
    """Moves the log of the run before aside and keeps the last five."""
    if not log_file.exists() or log_file.stat().st_size == 0:
        return
    numbered = [log_file.with_name(f"{log_file.name}.{n}") for n in range(1, LOGS_KEPT + 1)]
    for older, newer in zip(reversed(numbered), [*reversed(numbered[:-1]), log_file], strict=True):
        if newer.exists():
            newer.replace(older)
