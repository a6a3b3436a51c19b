"""The resumable session of a run: cosmic-ray's own file, with what is still to be asked."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys

from cosmic_ray.work_db import WorkDB
from cosmic_ray.work_item import TestOutcome, WorkerOutcome, WorkItem, WorkResult

from tests.mutation.mutants import every_mutant
from tests.mutation.scope import MARKS, OPERATORS, REPOSITORY, TESTS, WITHOUT
from tests.mutation.where import Walked

PLACE = REPOSITORY / ".mutation"
SESSION = PLACE / "session.sqlite"
_LINES = PLACE / "lines.json"
_TESTED_AS = PLACE / "tests.sha256"


def pytest_arguments() -> list[str]:
    ignored = [f"--ignore-glob={REPOSITORY / one}" for one in WITHOUT]
    return [*TESTS, "-m", MARKS, *ignored, "--assert=plain", "-q", "-s", "-p", "no:cacheprovider"]


def opened() -> WorkDB:
    """The session with every mutant of today's source, and the verdicts that still hold."""
    PLACE.mkdir(exist_ok=True)
    for left_behind in PLACE.glob("asked-*"):
        left_behind.unlink()
    db = WorkDB(str(SESSION), WorkDB.Mode.create)
    known = dict(db.results)
    wanted = list(every_mutant())
    if {item.job_id for item in db.work_items} != {item.job_id for item in wanted}:
        db.clear()
        db.add_work_items(wanted)
        _restore(db, wanted, known)
    if _digest() != (_TESTED_AS.read_text() if _TESTED_AS.exists() else ""):
        # A test that was added may kill what lived; what was killed stays killed.
        kept = {
            job: result
            for job, result in db.results
            if result.test_outcome in (TestOutcome.KILLED, TestOutcome.INCOMPETENT)
        }
        db.clear()
        db.add_work_items(wanted)
        _restore(db, wanted, kept)
        _walk()
        _TESTED_AS.write_text(_digest())
    return db


def _restore(db: WorkDB, wanted: list[WorkItem], known: dict[str, WorkResult]) -> None:
    for item in wanted:
        if item.job_id in known:
            db.set_result(item.job_id, known[item.job_id])


def _digest() -> str:
    """Of all that decides which test sees what: the source, the cases, the selection."""
    digest = hashlib.sha256(repr((MARKS, TESTS, WITHOUT, OPERATORS)).encode())
    places = [REPOSITORY / "crossclaim", *(REPOSITORY / test for test in TESTS)]
    for place in places:
        for file in sorted(place.rglob("*")):
            if file.suffix in (".py", ".yaml", ".json"):
                digest.update(file.read_bytes())
    return digest.hexdigest()


def _walk() -> None:
    print("noting which test walks over which line ...", flush=True)
    arguments = [*pytest_arguments(), "-p", "tests.mutation.lines", "--lines-to", str(_LINES)]
    command = [sys.executable, "-m", "pytest", *arguments]
    said = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=False)
    if said.returncode:
        raise SystemExit(f"the tests fail as they are:\n{said.stdout[-4000:]}")


def walked() -> Walked:
    return Walked.of(json.loads(_LINES.read_text()))


def verdict(outcome: TestOutcome | None, **note: object) -> WorkResult:
    """A result with a note for people: who killed it, how it was asked, what it cost."""
    worker = WorkerOutcome.NORMAL if outcome else WorkerOutcome.NO_TEST
    return WorkResult(worker_outcome=worker, test_outcome=outcome, output=json.dumps(note))
