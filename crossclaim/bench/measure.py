"""Reads what a block of episodes cost: processor time, memory, actions, history, transactions."""

from __future__ import annotations

import math
import os
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import httpx
import psutil
import psycopg
from temporalio.api.enums.v1 import EventType
from temporalio.client import Client

_ACTION = re.compile(
    r'^action\{action_type="(?P<type>\w+)",namespace="crossclaim",.*\} (?P<n>\S+)$'
)
_OF_SCHEDULES = {
    "command_ContinueAsNewWorkflowExecution",
    "command_ModifyWorkflowProperties",
    "command_SignalExternalWorkflowExecution",
    "command_UpsertWorkflowSearchAttributes",
    "grpc_CreateSchedule",
    "grpc_RecordActivityTaskHeartbeat",
}
"""No episode does these: the schedules of bank inbox and sweep do, whatever the load."""
_BILLED = {
    EventType.EVENT_TYPE_WORKFLOW_EXECUTION_STARTED: "start",
    EventType.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED: "activity",
    EventType.EVENT_TYPE_TIMER_STARTED: "timer",
    EventType.EVENT_TYPE_WORKFLOW_EXECUTION_UPDATE_ACCEPTED: "update",
    EventType.EVENT_TYPE_WORKFLOW_EXECUTION_SIGNALED: "signal",
}


def seconds_of(pid: int) -> float:
    """Processor seconds of a process and its children, so far."""
    process = psutil.Process(pid)
    total = 0.0
    for one in (process, *process.children(recursive=True)):
        try:
            times = one.cpu_times()
        except psutil.NoSuchProcess:
            continue
        total += times.user + times.system + times.children_user + times.children_system
    return total


def mib_of(pid: int) -> float:
    """Resident memory in MiB."""
    return float(psutil.Process(pid).memory_info().rss) / 2**20


@dataclass(frozen=True)
class Meter:
    """Counters at one moment; two of them make a cost."""

    seconds: Mapping[str, float]
    actions: Mapping[str, float]
    transactions: int

    @classmethod
    def read(cls, pids: Mapping[str, int], metrics_url: str, reader_url: str) -> Meter:
        """``pids`` by the name of the part; the bench itself is added as ``bench``."""
        seconds = {name: seconds_of(pid) for name, pid in pids.items()}
        return cls(
            seconds={**seconds, "bench": seconds_of_self()},
            actions=actions_at(metrics_url),
            transactions=transactions_at(reader_url),
        )

    def since(self, before: Meter) -> Meter:
        return Meter(
            {name: s - before.seconds.get(name, 0.0) for name, s in self.seconds.items()},
            {name: n - before.actions.get(name, 0.0) for name, n in self.actions.items()},
            self.transactions - before.transactions,
        )


def seconds_of_self() -> float:
    times = psutil.Process(os.getpid()).cpu_times()
    return float(times.user + times.system)


def actions_at(metrics_url: str) -> dict[str, float]:
    """Billable actions by type, as the engine's server counts them; schedules' own left out."""
    counted: Counter[str] = Counter()
    for line in httpx.get(metrics_url, timeout=10).raise_for_status().text.splitlines():
        found = _ACTION.match(line)
        if found and found["type"] not in _OF_SCHEDULES:
            counted[found["type"]] += int(float(found["n"]))
    return dict(counted)


def transactions_at(reader_url: str) -> int:
    """Transactions of the database so far."""
    with psycopg.connect(reader_url) as connection:
        row = connection.execute(
            "select xact_commit + xact_rollback from pg_stat_database"
            " where datname = current_database()"
        ).fetchone()
    return int(row[0]) if row else 0


@dataclass(frozen=True)
class Run:
    """One run's history: its events, its bytes on the server, and its actions by type."""

    events: int
    bytes: int
    actions: Mapping[str, int]


async def run_of(client: Client, workflow_id: str) -> Run:
    """Counts a run. A batch of local steps in one workflow task is one action."""
    handle = client.get_workflow_handle(workflow_id)
    described = await handle.describe()
    actions: Counter[str] = Counter()
    in_batch = False
    async for event in handle.fetch_history_events():
        if event.event_type == EventType.EVENT_TYPE_MARKER_RECORDED:
            actions["local batch"] += 0 if in_batch else 1
            in_batch = True
        elif event.event_type == EventType.EVENT_TYPE_WORKFLOW_TASK_COMPLETED:
            in_batch = False
        elif event.event_type in _BILLED:
            actions[_BILLED[event.event_type]] += 1
    size = described.raw_description.workflow_execution_info.history_size_bytes
    return Run(described.history_length or 0, int(size), dict(actions))


def percentile(values: Iterable[float], share: float) -> float:
    """The nearest rank; 0 of nothing."""
    ordered = sorted(values)
    if not ordered:
        return 0.0
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]
