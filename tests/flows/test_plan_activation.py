"""A rule changed on a running system, as its owner does it: with the command, and back again."""

from __future__ import annotations

import json
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from crossclaim.plans.loader import DATA, load_plan
from crossclaim.stack import Stack
from tests.flows.hospital import Episode, Hospital, varied
from tests.flows.simulator import Simulator
from tests.flows.voucher_visit import VoucherVisit
from tests.typed import typed

PLAN = "voucher-ehcv-gba"
PATIENCE_S = 60.0


def crossclaim(stack: Stack, *words: str) -> subprocess.CompletedProcess[str]:
    return typed("plans", *words, f"--data-dir={stack.home.root}")


def versions_used(split: dict[str, Any]) -> set[str]:
    return {rule["version"] for rule in split["rules"] if rule["plan"] == PLAN}


def billed_until(
    episode: Episode, visit: VoucherVisit, first: int, told: Callable[[dict[str, Any]], bool]
) -> int:
    """Sends corrected bills, a version each, until one is split as wanted; the next version."""
    deadline = time.monotonic() + PATIENCE_S
    version = first
    while True:
        split = episode.say("bills", varied(visit.bill, version=version, status="interim"))
        version += 1
        if told(split):
            return version
        assert time.monotonic() < deadline, "no bill was split by the rules that were activated"


@pytest.fixture
def changed(tmp_path: Path) -> Path:
    """The same figures under another title, so that no other test minds."""
    text = (DATA / f"{PLAN}.yaml").read_text(encoding="utf-8")
    file = tmp_path / f"{PLAN}.yaml"
    file.write_text(text.replace("Elderly Health Care Voucher Greater", "EHCV Greater", 1), "utf-8")
    return file


def test_an_activated_rule_file_splits_the_next_bill_and_its_withdrawal_the_one_after(
    flow_stack: Stack, jiangmen: Hospital, voucher: Simulator, changed: Path
) -> None:
    visit = VoucherVisit(jiangmen, voucher)
    episode = visit.open()
    before = versions_used(episode.say("bills", varied(visit.bill, status="interim")))
    after = {load_plan(changed).version}
    assert before != after
    done = crossclaim(flow_stack, "activate", str(changed), "--reason=a shorter title", "--by=test")
    assert (done.returncode, done.stderr) == (0, "") and f"{PLAN}: version" in done.stdout
    version = billed_until(episode, visit, 2, lambda split: versions_used(split) == after)
    again = crossclaim(flow_stack, "activate", str(changed), "--reason=twice")
    assert "in force already" in again.stdout
    back = crossclaim(flow_stack, "withdraw", PLAN, "--reason=done", "--by=test")
    assert back.returncode == 0 and "back to version" in back.stdout
    billed_until(episode, visit, version, lambda split: versions_used(split) == before)
    listed = crossclaim(flow_stack, "activations", PLAN).stdout
    assert "by test: done" in listed and "by test: a shorter title" in listed
    nothing = crossclaim(flow_stack, "withdraw", PLAN, "--reason=again")
    assert nothing.returncode == 1 and "No activation" in nothing.stderr


def test_a_version_that_was_activated_and_withdrawn_is_still_shown_and_compared(
    flow_stack: Stack, changed: Path
) -> None:
    version = load_plan(changed).version
    assert crossclaim(flow_stack, "activate", str(changed), "--reason=for a day").returncode == 0
    in_force = crossclaim(flow_stack, "show", f"{PLAN}@now", "--json")
    assert json.loads(in_force.stdout)["version"] == version
    assert crossclaim(flow_stack, "withdraw", PLAN, "--reason=over").returncode == 0
    shipped = load_plan(DATA / f"{PLAN}.yaml").version
    told = crossclaim(flow_stack, "diff", f"{PLAN}@{version[:6]}", f"{PLAN}@now", "--json")
    compared = json.loads(told.stdout)
    assert (version in compared["before"], shipped in compared["after"]) == (True, True)
    assert [text["place"] for text in compared["texts"]] == ["title"]
    nowhere = crossclaim(flow_stack, "diff", f"{PLAN}@ffffffffffffffff", PLAN)
    assert nowhere.returncode == 1
    assert "No version of" in nowhere.stderr and version in nowhere.stderr


def test_a_rule_file_with_a_fault_changes_nothing_and_names_file_line_and_key(
    flow_stack: Stack, changed: Path
) -> None:
    count = len(crossclaim(flow_stack, "activations", "--json").stdout)
    broken = changed.read_text(encoding="utf-8").replace("unit: years", "unit: moons", 1)
    changed.write_text(broken, encoding="utf-8")
    refused = crossclaim(flow_stack, "activate", str(changed), "--reason=a slip")
    assert refused.returncode == 1
    assert changed.name in refused.stderr and "nothing was activated" in refused.stderr
    assert len(crossclaim(flow_stack, "activations", "--json").stdout) == count
