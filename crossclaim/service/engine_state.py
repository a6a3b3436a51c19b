"""The workflow engine as operators see it: queues, workers that poll, schedules, version."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from google.protobuf.duration_pb2 import Duration
from temporalio.api.enums.v1 import EventType, TaskQueueType
from temporalio.api.history.v1 import HistoryEvent
from temporalio.api.taskqueue.v1 import PollerInfo, TaskQueue
from temporalio.api.workflowservice.v1 import (
    DescribeTaskQueueRequest,
    DescribeTaskQueueResponse,
    GetSystemInfoRequest,
)
from temporalio.client import Client, ScheduleListDescription
from temporalio.service import RPCError, RPCStatusCode

from crossclaim.domain.errors import NotFound, Unavailable
from crossclaim.domain.operations import EngineSeen, QueueSeen, ScheduleSeen, WorkerSeen
from workflows.policies import EPISODES, QUEUES

PATIENCE_S = 5.0
_SWEEPS = "WorkflowType = 'SweepWorkflow' and ExecutionStatus = 'Completed'"
"""Runs of a schedule: short, about nobody, and there on any day."""
_RUNS = 6
_WORKFLOW = TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW
_ACTIVITY = TaskQueueType.TASK_QUEUE_TYPE_ACTIVITY


class EngineState:
    """Each call raises ``Unavailable`` while the engine does not answer within five seconds."""

    def __init__(self, client: Client) -> None:
        self._client = client

    async def queues(self) -> list[QueueSeen]:
        """Ours, each by the kind of task that it carries."""
        async with _patience():
            return list(await asyncio.gather(*(self._queue(name) for name in QUEUES)))

    async def _queue(self, name: str) -> QueueSeen:
        workflows = name == EPISODES
        answer = await self._client.workflow_service.describe_task_queue(
            DescribeTaskQueueRequest(
                namespace=self._client.namespace,
                task_queue=TaskQueue(name=name),
                task_queue_type=_WORKFLOW if workflows else _ACTIVITY,
                report_stats=True,
            )
        )
        return _seen(name, "workflow" if workflows else "activity", answer)

    async def schedules(self) -> list[ScheduleSeen]:
        async with _patience():
            listed = await self._client.list_schedules()
            return sorted([_schedule(one) async for one in listed], key=lambda one: one.id)

    async def change(self, schedule_id: str, word: str, note: str) -> None:
        """``pause``, ``unpause`` or ``run``. Raises ``NotFound``."""
        handle = self._client.get_schedule_handle(schedule_id)
        async with _patience():
            if word == "pause":
                await handle.pause(note=note)
            elif word == "unpause":
                await handle.unpause(note=note)
            else:
                await handle.trigger()

    async def schedule(self, schedule_id: str) -> ScheduleSeen:
        """As the engine knows it this moment. Raises ``NotFound``."""
        async with _patience():
            about = await self._client.get_schedule_handle(schedule_id).describe()
        info, state = about.info, about.schedule.state
        recent = info.recent_actions
        return ScheduleSeen(
            id=schedule_id,
            workflow=str(getattr(about.schedule.action, "workflow", "")),
            paused=state.paused,
            note=state.note or "",
            last_run=recent[-1].started_at if recent else None,
            next_run=None if state.paused else next(iter(info.next_action_times), None),
            running=len(info.running_actions),
            missed=info.num_actions_missed_catchup_window,
        )

    async def version(self) -> str:
        async with _patience():
            answer = await self._client.workflow_service.get_system_info(GetSystemInfoRequest())
        return answer.server_version

    async def pace(self) -> EngineSeen:
        """How long one question takes, and how long tasks of the last sweeps waited for a worker:
        read from what the engine has anyway, so that looking costs no task."""
        async with _patience():
            began = time.monotonic()
            await self._client.workflow_service.get_system_info(GetSystemInfoRequest())
            answers = time.monotonic() - began
            recent = self._client.list_workflows(_SWEEPS, page_size=_RUNS, limit=_RUNS)
            handles = [
                self._client.get_workflow_handle(run.id, run_id=run.run_id) async for run in recent
            ]
            told = await asyncio.gather(*(handle.fetch_history() for handle in handles))
        waits = sorted(wait for history in told for wait in _waits(history.events))
        return EngineSeen(
            answers_s=answers,
            tasks=len(waits),
            starts_p50_s=waits[len(waits) // 2] if waits else None,
            starts_most_s=waits[-1] if waits else None,
        )


def _waits(events: Sequence[HistoryEvent]) -> Iterator[float]:
    """Seconds from each task's being there to its start."""
    at = {event.event_id: event.event_time.ToDatetime(tzinfo=UTC) for event in events}
    for event in events:
        started = (
            event.workflow_task_started_event_attributes
            if event.event_type == EventType.EVENT_TYPE_WORKFLOW_TASK_STARTED
            else event.activity_task_started_event_attributes
            if event.event_type == EventType.EVENT_TYPE_ACTIVITY_TASK_STARTED
            else None
        )
        if started is not None and started.scheduled_event_id in at:
            yield (at[event.event_id] - at[started.scheduled_event_id]).total_seconds()


class _patience:  # noqa: N801 - reads as what it is in a with statement
    """Five seconds; the engine's own faults come out as ours."""

    async def __aenter__(self) -> None:
        self._timeout = asyncio.timeout(PATIENCE_S)
        await self._timeout.__aenter__()

    async def __aexit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        try:
            await self._timeout.__aexit__(kind, error, trace)  # type: ignore[arg-type]
        except TimeoutError as late:
            raise Unavailable("the workflow engine does not answer") from late
        if isinstance(error, RPCError) and error.status is RPCStatusCode.NOT_FOUND:
            raise NotFound("the workflow engine does not know it") from error
        if isinstance(error, RPCError | RuntimeError):
            raise Unavailable("the workflow engine does not answer") from error


def _seen(name: str, kind: str, answer: DescribeTaskQueueResponse) -> QueueSeen:
    stats = answer.stats
    return QueueSeen(
        name=name,
        kind=kind,
        backlog=stats.approximate_backlog_count,
        oldest_s=_seconds(stats.approximate_backlog_age),
        added_per_s=stats.tasks_add_rate,
        taken_per_s=stats.tasks_dispatch_rate,
        workers=_workers(answer.pollers),
    )


def _workers(pollers: Sequence[PollerInfo]) -> list[WorkerSeen]:
    """One a process, by its last poll."""
    found: dict[str, WorkerSeen] = {}
    for poller in pollers:
        at = poller.last_access_time.ToDatetime(tzinfo=UTC)
        build = poller.deployment_options.build_id or poller.worker_version_capabilities.build_id
        known = found.get(poller.identity)
        if known is None or at > known.last_poll:
            found[poller.identity] = WorkerSeen(identity=poller.identity, build=build, last_poll=at)
    return sorted(found.values(), key=lambda worker: worker.identity)


def _schedule(listed: ScheduleListDescription) -> ScheduleSeen:
    schedule, info = listed.schedule, listed.info
    recent = info.recent_actions if info else []
    paused = schedule.state.paused if schedule else False
    ahead: Sequence[datetime] = info.next_action_times if info else []
    return ScheduleSeen(
        id=listed.id,
        workflow=str(getattr(schedule.action, "workflow", "")) if schedule else "",
        paused=paused,
        note=(schedule.state.note or "") if schedule else "",
        last_run=recent[-1].started_at if recent else None,
        next_run=None if paused else next(iter(ahead), None),
    )


def _seconds(duration: Duration) -> float:
    return duration.seconds + duration.nanos / 1e9
