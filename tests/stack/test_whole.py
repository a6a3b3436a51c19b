"""The whole stack: engines, simulators, workers and API, healthy together."""

from __future__ import annotations

import threading
from pathlib import Path

from crossclaim import health
from crossclaim.seed import seed
from crossclaim.stack import Stack


def test_the_whole_stack_is_healthy_and_a_killed_worker_and_api_come_back(tmp_path: Path) -> None:
    ended: set[str] = set()
    both = threading.Event()

    def hear(sentence: str) -> None:
        if " ended (status" in sentence:
            ended.add(sentence.split(" ended")[0])
        if ended >= {"Worker 1", "The API"}:
            both.set()

    with Stack.start(tmp_path, port_base=0, seed=seed, progress=hear) as stack:
        parts = ("api", "database", "temporal", "objects", "simulators")
        assert {part: health.check(part, stack.settings) for part in parts} == dict.fromkeys(
            parts, ""
        )
        before = {name: stack.pid(name) for name in ("worker-1", "api")}
        for name in before:
            stack.kill(name)
        assert both.wait(30)
        for name, pid in before.items():
            stack.wait_ready(name)
            assert stack.pid(name) != pid
        stack.restart("temporal")
        assert health.check("temporal", stack.settings) == ""
        stack.kill("api")
        assert "does not answer" in health.check("api", stack.settings)
