"""Forked processes are processes like others: own number, environment, log, end; none is left."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from crossclaim.stack import programs, simulators
from crossclaim.stack.nursery import Nursery
from crossclaim.stack.process import Child, Command
from tests.flows.patience import until

MODULE = "tests.stack.born"

HOLDER = """
import sys, signal
from pathlib import Path
from crossclaim.stack.nursery import Nursery
from tests.stack.test_nursery import command, told
import os
nursery = Nursery(("tests.stack.born",))
log = Path(sys.argv[1])
asked = command(nursery, log, "0", "wait")
process = nursery.bear(asked)
print(process.pid, flush=True)
signal.pause()
"""


def command(nursery: Nursery, log: Path, *words: str, **env: str) -> Command:
    return Command(
        name="born",
        title="One that is born",
        argv=(sys.executable, "-m", MODULE, *words),
        env={"PATH": "", "PYTHONPATH": os.environ.get("PYTHONPATH", ""), **env},
        log_file=log,
        ready=log.exists,
        origin=nursery,
    )


def told(log: Path) -> dict[str, Any]:
    """What it said of itself, once it has said all of it."""

    def whole() -> bool:
        return log.exists() and log.read_text().endswith("}\n")

    until(whole, "the words of the process")
    found: dict[str, Any] = json.loads(log.read_text().splitlines()[-1])
    return found


@pytest.fixture(scope="module")
def nursery() -> Iterator[Nursery]:
    nursery = Nursery((MODULE,))
    yield nursery
    nursery.close()


def test_a_forked_process_stands_alone_with_what_it_was_given(
    nursery: Nursery, tmp_path: Path
) -> None:
    process = nursery.bear(command(nursery, tmp_path / "log", "0", "--more", CROSSCLAIM_X="1"))
    assert process is not None and process.wait(30) == 0
    found = told(tmp_path / "log")
    assert found["pid"] == found["session"] == process.pid != os.getpid()
    assert found["words"] == ["0", "--more"]
    assert found["env"]["CROSSCLAIM_X"] == "1" and "HOME" not in found["env"]
    assert (found["cwd"], found["threads"]) == (os.getcwd(), 1)
    assert len(found["descriptors"]) <= 4, "nothing of the cradle's is open in it"


def test_each_has_an_environment_and_a_log_of_its_own(nursery: Nursery, tmp_path: Path) -> None:
    logs = [tmp_path / name for name in ("a", "b")]
    for log in logs:
        process = nursery.bear(command(nursery, log, "0", NAME=log.name))
        assert process is not None and process.wait(30) == 0
    assert [told(log)["env"]["NAME"] for log in logs] == ["a", "b"]


def test_its_end_is_told_as_that_of_any_other(nursery: Nursery, tmp_path: Path) -> None:
    failed = nursery.bear(command(nursery, tmp_path / "failed", "3"))
    assert failed is not None and failed.wait(30) == 3
    waiting = nursery.bear(command(nursery, tmp_path / "killed", "0", "wait"))
    assert waiting is not None and waiting.poll() is None
    with pytest.raises(subprocess.TimeoutExpired):
        waiting.wait(0.01)
    waiting.kill()
    assert waiting.wait(30) == waiting.poll() == waiting.returncode == -signal.SIGKILL
    assert not psutil.pid_exists(waiting.pid)


def test_a_child_that_was_killed_is_born_again(nursery: Nursery, tmp_path: Path) -> None:
    child = Child(command(nursery, tmp_path / "log", "0", "wait"))
    child.spawn()
    before = child.pid
    told(tmp_path / "log")
    child.kill(signal.SIGKILL)
    assert not child.alive()
    child.spawn()
    assert child.alive() and child.pid != before
    child.stop()
    assert not child.alive()


def test_with_its_cradle_a_child_ends_and_the_next_comes_from_a_new_one(
    nursery: Nursery, tmp_path: Path
) -> None:
    first = nursery.bear(command(nursery, tmp_path / "first", "0", "wait"))
    assert first is not None
    cradle = psutil.Process(first.pid).parent()
    assert cradle is not None and cradle.pid != os.getpid()
    cradle.kill()
    assert first.wait(30) < 0
    until(lambda: not psutil.pid_exists(first.pid), "the end of the child")
    second = Child(command(nursery, tmp_path / "second", "0", "wait"))
    second.spawn()
    assert told(tmp_path / "second")["pid"] == second.pid
    second.stop()


def test_a_killed_parent_takes_cradle_and_child_with_it(tmp_path: Path) -> None:
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(tmp_path / "log")], stdout=subprocess.PIPE, text=True
    )
    with holder:
        assert holder.stdout is not None
        child = psutil.Process(int(holder.stdout.readline()))
        cradle = child.parent()
        assert cradle is not None
        holder.kill()
    _, alive = psutil.wait_procs([child, cradle], timeout=20)
    assert alive == []


def test_a_module_that_cannot_be_imported_is_left_to_an_ordinary_start(tmp_path: Path) -> None:
    broken = Nursery(("no_such_module_of_anybody",))
    assert broken.bear(command(broken, tmp_path / "log", "0")) is None
    child = Child(command(broken, tmp_path / "log", "0"))
    child.spawn()
    assert child.process is not None and child.process.wait(30) == 0
    broken.close()


@pytest.mark.parametrize("nursery_of_ours", [simulators.nursery, programs.nursery])
def test_what_our_cradles_import_starts_no_thread(nursery_of_ours: Any, tmp_path: Path) -> None:
    """A thread that another holds a lock in would not be there in the forked process."""
    nursery = nursery_of_ours()
    process = nursery.bear(command(nursery, tmp_path / "log", "0", "wait"))
    assert process is not None
    cradle = psutil.Process(process.pid).parent()
    assert cradle is not None and cradle.num_threads() == 1
    process.kill()
    process.wait(30)
