"""Our own processes: workers, the API, and the watch over folders."""

from __future__ import annotations

import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping

from crossclaim.stack.home import Home
from crossclaim.stack.nursery import Nursery, nursery_of
from crossclaim.stack.ports import HOST
from crossclaim.stack.process import Command

# A worker lets its running activities end before it goes.
DRAIN_S = 40


def nursery() -> Nursery:
    """Where workers and the API are born, which import much the same."""
    return nursery_of("workers.main", "crossclaim.app", "crossclaim.plans.warm")


def worker(home: Home, number: int, env: Mapping[str, str]) -> Command:
    name = f"worker-{number}"
    ready_file = home.run / f"{name}.ready"
    return Command(
        name=name,
        title=f"Worker {number}",
        argv=(sys.executable, "-m", "workers"),
        env={**env, "CROSSCLAIM_READY_FILE": str(ready_file)},
        log_file=home.logs / f"{name}.log",
        ready=ready_file.exists,
        stop_timeout_s=DRAIN_S,
        before_start=lambda: ready_file.unlink(missing_ok=True),
        origin=nursery(),
    )


def api(home: Home, port: int, env: Mapping[str, str]) -> Command:
    return Command(
        name="api",
        title="The API",
        argv=(sys.executable, "-m", "crossclaim.app"),
        env=env,
        log_file=home.logs / "api.log",
        ready=_answers(f"http://{HOST}:{port}/health"),
        origin=nursery(),
    )


def folders(home: Home, port: int, env: Mapping[str, str]) -> Command:
    """It waits for the API by itself, and for the list of folders too."""
    ready_file = home.run / "folders.ready"
    return Command(
        name="folders",
        title="The watch over folders",
        argv=(sys.executable, "-m", "crossclaim.cli", "folders", "--api", f"http://{HOST}:{port}"),
        env={**env, "CROSSCLAIM_READY_FILE": str(ready_file)},
        log_file=home.logs / "folders.log",
        ready=ready_file.exists,
        before_start=lambda: ready_file.unlink(missing_ok=True),
    )


def _answers(url: str) -> Callable[[], bool]:
    def ready() -> bool:
        try:
            with urllib.request.urlopen(url, timeout=2) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False

    return ready
