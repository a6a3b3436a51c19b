"""A worker that keeps two runs in memory replays the others' steps, and they end the same."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator

import httpx
import pytest

from crossclaim.config import Settings
from crossclaim.stack import Stack
from tests.flows.hospital import Hospital, tender_of
from tests.flows.inpatient_stay import ADMITTED, AT_DISCHARGE, DISCHARGED, InpatientStay
from tests.flows.money import ledger
from tests.flows.simulator import Simulator

EVICTED = re.compile(r"^temporal_sticky_cache_total_forced_eviction\S* (\d+)", re.MULTILINE)


@pytest.fixture
def forgetful_worker(flow_stack: Stack) -> Iterator[str]:
    """The stack's worker with room for two runs; where it counts what it put out of it.

    With room for one, two that are busy in one moment put each other out amid their local steps,
    again and again for as long as the cores are slow.
    """
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    usual = {
        "CROSSCLAIM_MAX_CACHED_WORKFLOWS": str(flow_stack.settings.max_cached_workflows),
        "CROSSCLAIM_METRICS_PORT": "0",
    }
    two = {"CROSSCLAIM_MAX_CACHED_WORKFLOWS": "2", "CROSSCLAIM_METRICS_PORT": str(port)}
    flow_stack.restart("worker-1", two)
    yield f"http://127.0.0.1:{port}/metrics"
    flow_stack.restart("worker-1", usual)


def test_three_inpatient_episodes_go_through_a_worker_that_keeps_two_runs(
    forgetful_worker: str, shenzhen: Hospital, insurer: Simulator, bank: Simulator
) -> None:
    stays = [InpatientStay.there(shenzhen) for _ in range(3)]
    episodes = [stay.open() for stay in stays]
    for episode in episodes:
        episode.say("admission", ADMITTED)
    for stay, episode in zip(stays, episodes, strict=True):
        episode.say("bills", stay.bill)
    for stay, episode in zip(stays, episodes, strict=True):
        episode.say("tenders", tender_of(stay.bill, "20810.17", AT_DISCHARGE))
    for episode in episodes:
        episode.say("discharge", DISCHARGED)
    for episode in episodes:
        rows = episode.closed()
        assert [(p["state"], p["amount_minor"]) for p in rows["payouts"]] == [("credited", 3104033)]
        assert ledger(rows) == {}
    counted = httpx.get(forgetful_worker, trust_env=False).text
    assert sum(int(count) for count in EVICTED.findall(counted)) >= len(episodes) * 4


def test_a_worker_that_is_to_keep_no_run_at_all_is_refused() -> None:
    """Its local steps would be dropped with the run, and begin again without end."""
    with pytest.raises(ValueError, match="max_cached_workflows"):
        Settings(max_cached_workflows=0)
