"""Our side of ``cradle.py``: asks it for processes that have their imports behind them."""

from __future__ import annotations

import atexit
import functools
import json
import os
import select
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from crossclaim.stack import cradle
from crossclaim.stack.process import Command, leashed, spawner

ANSWER_MAX = 64
PATIENCE_S = 0.5
LOST = -int(signal.SIGKILL)
"""Said of a child whose cradle is gone: the kernel, or the cradle at its end, killed it."""


class Nursling:
    """A process that the cradle forked; it answers as ``subprocess.Popen`` does."""

    def __init__(self, pid: int, name: str, end: int) -> None:
        self.pid = pid
        self.returncode: int | None = None
        self._name = name
        self._end = end
        self._lock = threading.Lock()

    def __del__(self) -> None:
        os.close(self._end)

    def poll(self) -> int | None:
        with self._lock:
            if self.returncode is None and self._over(0):
                said = os.read(self._end, ANSWER_MAX)
                self.returncode = int(said) if said else LOST
            return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        if self.returncode is None:
            self._over(timeout)
        status = self.poll()
        if status is None:
            raise subprocess.TimeoutExpired(self._name, timeout or 0)
        return status

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)

    def _over(self, timeout_s: float | None) -> bool:
        watch = select.poll()
        watch.register(self._end, select.POLLIN)
        return bool(watch.poll(None if timeout_s is None else timeout_s * 1000))


class Nursery:
    """Some modules, imported once for all the children that this process starts from them."""

    def __init__(self, modules: tuple[str, ...]) -> None:
        self._modules = modules
        self._lock = threading.Lock()
        self._cradle: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None

    def prepare(self, env: Mapping[str, str]) -> None:
        """Begins the imports, if they have not begun, and does not wait for them."""
        with self._lock:
            if self._cradle is not None and self._cradle.poll() is None:
                return
            if self._control is not None:
                self._control.close()
            self._control, theirs = socket.socketpair()
            with theirs:
                number = theirs.fileno()
                foreign = {k: v for k, v in env.items() if not k.startswith("CROSSCLAIM_")}
                program = (sys.executable, cradle.__file__, str(number), "--", *self._modules)
                self._cradle = spawner.spawn(
                    lambda: subprocess.Popen(
                        leashed(program, signal.SIGKILL),
                        env=foreign,
                        stdin=subprocess.DEVNULL,
                        stdout=subprocess.DEVNULL,
                        stderr=subprocess.DEVNULL,
                        pass_fds=[number],
                        start_new_session=True,
                    )
                )

    def bear(self, command: Command) -> Nursling | None:
        """The started command; ``None`` when it has to be started in the ordinary way."""
        if command.argv[:2] != (sys.executable, "-m") or command.user is not None:
            return None
        self.prepare(command.env)
        return self._asked(
            {
                "module": command.argv[2],
                "words": command.argv[3:],
                "name": command.name,
                "env": dict(command.env),
                "output": str(command.log_file),
                "errors": str(command.errors_file or command.log_file),
                "cwd": str(command.cwd or Path.cwd()),
                "death_signal": int(command.death_signal),
            }
        )

    def close(self) -> None:
        """Ends the cradle and whom it bore."""
        with self._lock:
            if self._control is None or self._cradle is None:
                return
            self._control.close()
            try:
                self._cradle.wait(PATIENCE_S)
            except subprocess.TimeoutExpired:
                # It still imports, and so has no child.
                self._cradle.kill()
                self._cradle.wait()
            self._control = self._cradle = None

    def _asked(self, errand: dict[str, Any]) -> Nursling | None:
        with self._lock:
            assert self._control is not None
            try:
                self._control.sendall(json.dumps(errand).encode() + b"\n")
                said, ends, _, _ = socket.recv_fds(self._control, ANSWER_MAX, 1)
            except OSError:
                return None
        return Nursling(int(said), errand["name"], ends[0]) if said else None


@functools.cache
def nursery_of(*modules: str) -> Nursery:
    """The one of this process for these modules; it ends with the process."""
    nursery = Nursery(modules)
    atexit.register(nursery.close)
    return nursery
