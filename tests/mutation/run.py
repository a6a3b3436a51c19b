"""Asks the tests about every mutant: in a fork of the collected tests, into which only the changed
code is put, or, when that code has run before the tests, in a process that imports it freshly."""

from __future__ import annotations

import gc
import json
import os
import resource
import signal
import sys
import time
from collections import deque
from collections.abc import Set
from dataclasses import dataclass
from pathlib import Path

import pytest
from cosmic_ray.work_db import WorkDB
from cosmic_ray.work_item import MutationSpec, TestOutcome, WorkItem

from tests.mutation.exchange import Functions
from tests.mutation.fresh import killed_by
from tests.mutation.mutants import changed_source
from tests.mutation.scope import REPOSITORY, TESTS
from tests.mutation.session import PLACE, opened, pytest_arguments, verdict, walked
from tests.mutation.where import Seen, Walked

_PASSED, _FAILED, _NOT_TAKEN = 0, 1, 9
_MEMORY = 4 * 1024**3
_FEW = 40
"""So many quick tests are asked first; most mutants get no further, the others wait for the end."""


@dataclass
class Asking:
    """One mutant on its way; ``fresh`` when only a new import can tell, ``few`` at first."""

    item: WorkItem
    seen: Seen
    fresh: bool
    few: bool = True
    cpu: float = 0.0

    @property
    def tests(self) -> tuple[str, ...]:
        return self.seen.tests[:_FEW] if self.few and not self.fresh else self.seen.tests

    @property
    def spec(self) -> MutationSpec:
        return self.item.mutations[0]


class Run:
    """A pytest plugin: in the place of the tests it runs the mutants, with the tests collected."""

    def __init__(
        self, db: WorkDB, seen: Walked, minutes: float, workers: int, modules: Set[str]
    ) -> None:
        self.db, self.walked, self.workers, self.modules = db, seen, workers, modules
        self.until = time.monotonic() + 60 * minutes
        self.tests: dict[str, pytest.Item] = {}
        self.verdict: Path | None = None

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_makereport(self, item: pytest.Item, call: pytest.CallInfo[None]) -> None:
        if call.excinfo is not None and self.verdict:
            killed_by(self.verdict, item.nodeid)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        assert not session.testsfailed
        self.tests = {item.nodeid: item for item in session.items}
        # What the suite has frozen after the collection is not among the collector's objects.
        gc.unfreeze()
        self.functions = Functions()
        gc.collect()
        gc.freeze()
        results = {job for job, _ in self.db.results}
        wanted = [item for item in self.db.work_items if self._is_wanted(item)]
        todo = [item for item in wanted if item.job_id not in results]
        self.all = len(wanted)
        waiting = deque(sorted(map(self._asking, todo), key=self._cost))
        self._work(waiting)
        return True

    def _is_wanted(self, item: WorkItem) -> bool:
        return item.mutations[0].module_path.stem in self.modules

    def _asking(self, item: WorkItem) -> Asking:
        seen = self.walked.seen(item.mutations[0])
        return Asking(item, seen, fresh=not seen.in_function)

    def _cost(self, asking: Asking) -> tuple[bool, float]:
        """What a fork can tell comes first, and of that what few and quick tests see."""
        return asking.fresh, self.walked.cost(asking.seen.tests)

    def _work(self, waiting: deque[Asking]) -> None:
        running: dict[int, Asking] = {}
        done, said = self.all - len(waiting), 0.0
        while running or (waiting and time.monotonic() < self.until):
            while waiting and len(running) < self.workers and time.monotonic() < self.until:
                asking = waiting.popleft()
                if asking.seen.tests:
                    running[self._begin(asking)] = asking
                else:
                    self.db.set_result(asking.item.job_id, verdict(None, why="no test is there"))
                    done += 1
            if not running:
                continue
            pid, status, used = os.wait4(-1, 0)
            asking = running.pop(pid)
            asking.cpu += used.ru_utime + used.ru_stime
            if self._judge(asking, os.waitstatus_to_exitcode(status), pid):
                done += 1
            else:
                waiting.append(asking)
            if time.monotonic() - said > 10:
                said = time.monotonic()
                left = max(0.0, self.until - said) / 60
                print(f"  {done} of {self.all} mutants, {left:.0f} minutes left", flush=True)

    def _begin(self, asking: Asking) -> int:
        sys.stdout.flush()
        pid = os.fork()
        if pid:
            return pid
        place = PLACE / f"asked-{os.getpid()}"
        try:
            quiet = os.open(os.devnull, os.O_WRONLY)
            os.dup2(quiet, 1)
            os.dup2(quiet, 2)
            seconds = int(20 + 6 * self.walked.cost(asking.tests))
            resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
            # A mutant may wait for ever, which costs no processor time.
            signal.alarm(10 * seconds)
            if asking.fresh:
                self._import_freshly(asking, place)
            resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
            if not self.functions.exchange(asking.spec):
                os._exit(_NOT_TAKEN)
            self.verdict = place.with_suffix(".killer")
            self._test([self.tests[name] for name in asking.tests])
            os._exit(_PASSED)
        finally:
            # Whatever went wrong here: a fresh import will tell.
            os._exit(_NOT_TAKEN)

    def _test(self, items: list[pytest.Item]) -> None:
        for item, after in zip(items, [*items[1:], None], strict=True):
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=after)

    def _import_freshly(self, asking: Asking, place: Path) -> None:
        source, order = place.with_suffix(".py"), place.with_suffix(".json")
        source.write_text(changed_source(asking.spec), "utf-8")
        module = ".".join(asking.spec.module_path.with_suffix("").parts)
        asked = {
            "module": module,
            "file": str(source),
            "tests": asking.seen.tests,
            "verdict": str(place.with_suffix(".killer")),
        }
        order.write_text(json.dumps(asked))
        files = sorted({name.partition("::")[0] for name in asking.seen.tests})
        plain = pytest_arguments()[len(TESTS) :]
        arguments = [*files, *plain, "-p", "tests.mutation.fresh", "--mutant", str(order)]
        os.chdir(REPOSITORY)
        os.execv(sys.executable, [sys.executable, "-m", "pytest", *arguments])

    def _judge(self, asking: Asking, code: int, pid: int) -> bool:
        """Keeps the verdict; False when more tests, or a fresh import, have to be asked."""
        place = PLACE / f"asked-{pid}"
        killer = place.with_suffix(".killer")
        by = killer.read_text() if killer.exists() else ""
        for file in PLACE.glob(f"{place.name}.*"):
            file.unlink()
        if code == _PASSED and len(asking.tests) < len(asking.seen.tests):
            asking.few = False
            return False
        unseen = asking.seen.at_import and code == _PASSED
        if not asking.fresh and not by and (unseen or code in (_FAILED, _NOT_TAKEN)):
            asking.fresh = True
            return False
        note = {"cpu": round(asking.cpu, 3), "fresh": asking.fresh}
        if by:
            result = verdict(TestOutcome.KILLED, by=by, **note)
        elif code == _PASSED:
            result = verdict(TestOutcome.SURVIVED, **note)
        elif code < 0:
            result = verdict(TestOutcome.KILLED, by="it ran out of time or memory", **note)
        elif asking.seen.in_function:
            result = verdict(TestOutcome.KILLED, by="the tests could not be collected", **note)
        else:
            result = verdict(TestOutcome.INCOMPETENT, **note)
        self.db.set_result(asking.item.job_id, result)
        return True


def main(minutes: float, workers: int, modules: Set[str]) -> None:
    os.chdir(REPOSITORY)
    db = opened()
    run = Run(db, walked(), minutes, workers, modules)
    code = pytest.main(pytest_arguments(), plugins=[run])
    if code != pytest.ExitCode.OK:
        raise SystemExit(int(code))
