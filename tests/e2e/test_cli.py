"""The command as a person types it: its answers, its exit status, and the whole demonstration."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil
import pytest

ALL_RIGHT = "56 episodes closed; all 960 figures are as expected."
ORACLE = (
    *("1,285.58", "1,086.11"),  # E1
    "1,464.00",  # E2
    *("419.99", "240.00", "180.00"),  # E3
    "269.93",  # E4
    *("31,040.33", "20,810.17", "27,450.00", "3,590.33"),  # E5
    "1,421.86",  # E6, E7
    "344.45",  # an appeal after the payout
    *("126.00", "286.60", "8.40"),  # E8
    "186.50",  # a designated pharmacy
    *("260.00", "720.00"),  # E10
    "21,960.00",  # E11
)
COMMAND = [sys.executable, "-m", "crossclaim.cli"]


def environment(**more: str) -> dict[str, str]:
    plain = {name: value for name, value in os.environ.items() if not name.startswith("CROSSCLAIM")}
    return plain | more


def crossclaim(*words: str, timeout_s: float = 60, **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMMAND, *words],
        env=environment(**env),
        capture_output=True,
        text=True,
        timeout=timeout_s,
        check=False,
    )


def is_one_sentence(text: str) -> bool:
    return text.count("\n") == 1 and text.endswith((".\n", "?\n"))


@contextmanager
def running_demo(data_dir: Path) -> Iterator[subprocess.Popen[str]]:
    """The demonstration after it has ended well and while it stays up."""
    process = subprocess.Popen(
        [*COMMAND, "demo", "--all", f"--data-dir={data_dir}", "--port-base=0"],
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait(30)


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("demonstration")


def test_help_names_every_command() -> None:
    shown = crossclaim("--help")
    assert shown.returncode == 0
    for command in (
        "up",
        "demo",
        "worker",
        "api",
        "episode",
        "keys",
        "plans",
        "bench",
        "settlement",
    ):
        assert re.search(rf"^  {command} ", shown.stdout, re.MULTILINE), command


def test_a_misspelt_setting_is_refused_with_the_one_that_was_meant() -> None:
    refused = crossclaim("health", "api", CROSSCLAIM_WROKERS="2")
    assert refused.returncode == 2
    assert "CROSSCLAIM_WROKERS" in refused.stderr and "CROSSCLAIM_WORKERS" in refused.stderr
    assert is_one_sentence(refused.stderr)


def test_a_setting_of_another_type_is_refused_without_its_value() -> None:
    refused = crossclaim("health", "api", CROSSCLAIM_WORKERS="hunter2")
    assert refused.returncode == 2
    assert "CROSSCLAIM_WORKERS" in refused.stderr and "hunter2" not in refused.stderr
    assert is_one_sentence(refused.stderr)


def test_a_taken_port_is_one_sentence_that_says_what_to_do(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        refused = crossclaim(
            "up", f"--data-dir={tmp_path}", "--port-base=0", CROSSCLAIM_PORT_API=str(port)
        )
    assert refused.returncode == 1
    assert str(port) in refused.stderr and "--port-base" in refused.stderr
    assert is_one_sentence(refused.stderr)


def test_the_story_of_nobody_is_one_sentence(tmp_path: Path) -> None:
    refused = crossclaim("episode", "show", "ep_1", f"--data-dir={tmp_path}")
    assert refused.returncode == 1
    assert "crossclaim up" in refused.stderr
    assert is_one_sentence(refused.stderr)


def test_a_faulty_rule_file_is_named_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "broken.yaml").write_text("id: other\n", encoding="utf-8")
    refused = crossclaim("plans", "check", str(tmp_path))
    assert refused.returncode == 1
    assert "broken.yaml:1" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_every_scenario_runs_repeats_and_survives_its_own_kill(data_dir: Path) -> None:
    """All of them from nothing, staying up; killed; then the same again as ``--once``, and then the
    few that are played without ``--all``: what was done once is not done again.
    """
    with running_demo(data_dir) as first:
        assert first.stdout is not None
        shown = until_ready(first)
        assert ALL_RIGHT in shown
        for money in ORACLE:
            assert money in shown, money

        second = crossclaim("up", f"--data-dir={data_dir}")
        assert second.returncode == 1
        assert str(first.pid) in second.stderr and is_one_sentence(second.stderr)

        listed = crossclaim("episode", "list", "--limit=100", "--json", f"--data-dir={data_dir}")
        episodes = json.loads(listed.stdout)
        ends = Counter(episode["status"] for episode in episodes)
        assert ends == {"closed": 54, "CLOSED_CONSENT_WITHDRAWN": 2}  # E12 a and f
        told = crossclaim("episode", "show", episodes[0]["id"], f"--data-dir={data_dir}")
        assert told.returncode == 0 and told.stdout.strip(), told.stderr

        children = psutil.Process(first.pid).children(recursive=True)
        first.send_signal(signal.SIGKILL)
        _, alive = psutil.wait_procs(children, timeout=30)
        assert alive == []

    words = ("demo", "--once", f"--data-dir={data_dir}", "--port-base=0")
    again = crossclaim(*words, "--all", timeout_s=120)
    assert again.returncode == 0, again.stderr
    assert ALL_RIGHT in again.stdout
    assert sorted(re.findall(r"ep_\w+", again.stdout)) == sorted(re.findall(r"ep_\w+", shown))

    few = crossclaim(*words, timeout_s=120)
    assert few.returncode == 0, few.stderr
    assert "7 episodes closed; all 191 figures are as expected." in few.stdout
    assert set(re.findall(r"ep_\w+", few.stdout)) < set(re.findall(r"ep_\w+", shown))


def until_ready(process: subprocess.Popen[str]) -> str:
    """What it printed up to the line that says how to stop it."""
    assert process.stdout is not None and process.stderr is not None
    shown = []
    for line in process.stdout:
        shown.append(line)
        if line.startswith("Ctrl-C"):
            return "".join(shown)
    pytest.fail(f"it ended: {process.stderr.read()}")


def test_a_figure_that_is_not_as_expected_ends_in_one_sentence() -> None:
    from crossclaim.demo.failure import DemoFailed
    from crossclaim.demo.figures import compare, figures_of
    from crossclaim.demo.play import Played
    from crossclaim.demo.script import RUNS

    lists = ("exceptions", "bills", "guarantees", "claims", "payouts", "payments", "refunds")
    empty: dict[str, Any] = {name: [] for name in lists}
    found = {"episode": {"status": "closed"}, **empty, "voucher": None, "ledger": []}
    played = Played(RUNS[0], "ep_1", found, [], {})
    assert compare(played, figures_of(played)) == 2
    for wrong in ({"episode": "closed"}, {**figures_of(played), "payout patient 1 CNY": "1.00"}):
        with pytest.raises(DemoFailed, match=r"expected; see `crossclaim episode show ep_1`\.$"):
            compare(played, wrong)
