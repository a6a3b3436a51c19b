"""Forks processes that find their modules imported: ``cradle.py CONTROL -- MODULE ...``.

Imports are most of what the start of a Python process costs. This program imports the modules
once; each child goes on from there as a process of its own, with a number, session, environment,
log and state of its own. By name it imports the standard library alone, so that whom it bears
know only the modules that they were given.
"""

from __future__ import annotations

import contextlib
import ctypes
import gc
import importlib
import json
import os
import runpy
import selectors
import signal
import socket
import sys
import time
import warnings
from dataclasses import dataclass
from pathlib import Path

PR_SET_PDEATHSIG = 1
PR_SET_NAME = 15
NAME_MAX = 15
CHUNK = 1 << 16


@dataclass(frozen=True)
class Errand:
    """What one child is to run, and where."""

    module: str
    words: list[str]
    name: str
    env: dict[str, str]
    output: str
    errors: str
    cwd: str
    death_signal: int

    def settle(self, parent: int) -> None:
        """Makes the forked process one of its own; what it says goes to the end of its files."""
        self._leash(parent)
        os.setsid()
        silence = os.open(os.devnull, os.O_RDONLY)
        at_end = os.O_WRONLY | os.O_CREAT | os.O_APPEND
        said = [os.open(file, at_end, 0o666) for file in (self.output, self.errors)]
        for number, file in enumerate((silence, *said)):
            os.dup2(file, number)
        os.closerange(3, os.sysconf("SC_OPEN_MAX"))
        os.environ.clear()
        os.environ.update(self.env)
        time.tzset()
        os.chdir(self.cwd)

    def _leash(self, parent: int) -> None:
        if sys.platform == "linux":
            libc = ctypes.CDLL(None, use_errno=True)
            libc.prctl(PR_SET_NAME, self.name.encode()[:NAME_MAX], 0, 0, 0)
            if libc.prctl(PR_SET_PDEATHSIG, self.death_signal, 0, 0, 0) != 0:
                raise OSError(ctypes.get_errno(), "prctl")
        # The parent may have died before the call above.
        if os.getppid() != parent:
            os._exit(1)

    def run(self) -> None:
        sys.argv = [self.module, *self.words]
        # That the module is imported already is what we are for.
        warnings.filterwarnings("ignore", category=RuntimeWarning, module="runpy")
        runpy.run_module(self.module, run_name="__main__", alter_sys=True)


class Cradle:
    """Forks on request until the control connection ends; then whom it bore are ended too."""

    def __init__(self, control: socket.socket) -> None:
        self._control = control
        self._tellers: dict[int, int] = {}
        self._ended, wakes = os.pipe()
        for descriptor in (self._ended, wakes):
            os.set_blocking(descriptor, False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(wakes, warn_on_full_buffer=False)
        self._selector = selectors.DefaultSelector()
        self._selector.register(control, selectors.EVENT_READ)
        self._selector.register(self._ended, selectors.EVENT_READ)

    def serve(self) -> Errand | None:
        """In a child its errand; ``None`` when all is over."""
        while True:
            ready = {key.fileobj for key, _ in self._selector.select()}
            if self._ended in ready:
                os.read(self._ended, CHUNK)
                self._tell_ends()
            if self._control in ready:
                line = self._heard()
                if not line:
                    self._end_all()
                    return None
                errand = self._bear(Errand(**json.loads(line)))
                if errand is not None:
                    return errand

    def _heard(self) -> bytes:
        line = piece = self._control.recv(CHUNK)
        while piece and not line.endswith(b"\n"):
            piece = self._control.recv(CHUNK)
            line += piece
        return line if piece else b""

    def _bear(self, errand: Errand) -> Errand | None:
        reads, writes = os.pipe()
        parent = os.getpid()
        number = os.fork()
        if number == 0:
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            errand.settle(parent)
            return errand
        self._tellers[number] = writes
        socket.send_fds(self._control, [b"%d\n" % number], [reads])
        os.close(reads)
        return None

    def _tell_ends(self) -> None:
        """Who asked for a child reads of its end in a pipe: only its parent could wait for it."""
        for number, teller in list(self._tellers.items()):
            ended, status = os.waitpid(number, os.WNOHANG)
            if not ended:
                continue
            with contextlib.suppress(BrokenPipeError):
                os.write(teller, b"%d" % os.waitstatus_to_exitcode(status))
            os.close(teller)
            del self._tellers[number]

    def _end_all(self) -> None:
        for number in self._tellers:
            os.kill(number, signal.SIGKILL)


def main() -> None:
    control = socket.socket(fileno=int(sys.argv[1]))
    # As `python -m` finds them: from where we stand, not from the folder of this file.
    sys.path[0] = str(Path.cwd())
    for module in sys.argv[3:]:
        importlib.import_module(module)
    gc.collect()
    # Nothing of what the children share is looked through, and so copied, again.
    gc.freeze()
    errand = Cradle(control).serve()
    if errand is not None:
        errand.run()


if __name__ == "__main__":
    main()
