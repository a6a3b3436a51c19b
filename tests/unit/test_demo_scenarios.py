"""The demonstration's script: its files are there, and a refusal that is another one ends it."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from crossclaim.demo.failure import DemoFailed
from crossclaim.demo.figures import expected_of
from crossclaim.demo.play import part_of
from crossclaim.demo.scenarios import ALL_RUNS
from crossclaim.demo.script import RUNS, Run, Send
from crossclaim.demo.window import Window
from crossclaim.domain.records import CLOSED_STATUSES
from crossclaim.seed import EXAMPLES

REFUSED = (422, {"errors": [{"code": "VOUCHER_INPATIENT"}]})


@contextmanager
def hospital_at(*answers: tuple[int, dict[str, Any]]) -> Iterator[Window]:
    """A window at an API that gives these answers in turn."""
    left = list(answers)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            status, content = left.pop(0)
            body = json.dumps(content).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """The test's output stays clean."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    window = Window(f"http://127.0.0.1:{server.server_port}", "key", threading.Event())
    try:
        yield window
    finally:
        window.close()
        server.shutdown()
        server.server_close()


@pytest.mark.parametrize("run", ALL_RUNS, ids=lambda run: f"{run.name}: {run.title}")
def test_every_run_has_its_files_its_parts_and_its_figures(run: Run) -> None:
    for step in run.steps:
        if isinstance(step, Send):
            assert part_of(EXAMPLES, step.file), step.file
    assert expected_of(EXAMPLES)[run.name]["episode"] in CLOSED_STATUSES


def test_what_is_played_without_all_is_the_beginning_of_all() -> None:
    assert ALL_RUNS[: len(RUNS)] == RUNS
    assert len({run.title for run in ALL_RUNS}) == len(ALL_RUNS)


def test_a_run_comes_after_the_one_whose_account_it_uses() -> None:
    for place, run in enumerate(ALL_RUNS):
        assert not run.after or run.after in {before.name for before in ALL_RUNS[:place]}


def test_a_refusal_is_waited_for_and_has_to_be_the_one_that_was_expected() -> None:
    with hospital_at((202, {"status": "accepted"}), (503, {}), REFUSED) as window:
        window.refused("/bills", {}, ("VOUCHER_INPATIENT",))
    with hospital_at(REFUSED) as window, pytest.raises(DemoFailed, match="VOUCHER_PREPAID"):
        window.refused("/bills", {}, ("VOUCHER_PREPAID",))


def test_what_had_to_be_refused_and_was_taken_ends_the_demonstration() -> None:
    with hospital_at((200, {})) as window, pytest.raises(DemoFailed, match="answered 200"):
        window.refused("/bills", {}, ("VOUCHER_INPATIENT",))
