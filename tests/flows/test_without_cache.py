"""A worker that keeps no run in memory replays every step, and the episode ends the same."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator

import pytest

from crossclaim.stack import Stack
from tests.flows.hospital import Hospital
from tests.flows.inpatient_stay import DISCHARGED, InpatientStay
from tests.flows.money import ledger
from tests.flows.simulator import Simulator


@pytest.fixture
def forgetful_worker(flow_stack: Stack) -> Iterator[None]:
    """In the place of the stack's worker, which comes back afterwards."""
    flow_stack.kill("worker-1")
    env = {
        "PATH": "",
        **flow_stack.settings_env,
        "CROSSCLAIM_MAX_CACHED_WORKFLOWS": "0",
        "CROSSCLAIM_METRICS_PORT": "0",
    }
    log = (flow_stack.home.logs / "worker-forgetful.log").open("wb")
    worker = subprocess.Popen([sys.executable, "-m", "workers"], env=env, stdout=log, stderr=log)
    yield
    worker.kill()
    worker.wait()
    log.close()
    flow_stack.restart("worker-1")


@pytest.mark.usefixtures("forgetful_worker")
def test_an_inpatient_episode_goes_through_without_any_cached_run(
    shenzhen: Hospital, insurer: Simulator, bank: Simulator
) -> None:
    stay = InpatientStay.there(shenzhen)
    episode = stay.billed_before_discharge()
    episode.say("discharge", DISCHARGED)
    rows = episode.closed()
    assert [(p["state"], p["amount_minor"]) for p in rows["payouts"]] == [("credited", 3104033)]
    assert ledger(rows) == {}
