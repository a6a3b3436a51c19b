"""Reads out of a run's history what no row knows: tries, lost workers, timers that run.

Nothing sealed is opened for it: names of steps, numbers of tries, codes and times stand outside.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from google.protobuf.message import DecodeError
from google.protobuf.timestamp_pb2 import Timestamp
from temporalio.api.enums.v1 import EventType, PendingActivityState, WorkflowTaskFailedCause
from temporalio.api.failure.v1 import Failure
from temporalio.api.history.v1 import History, HistoryEvent, MarkerRecordedEventAttributes
from temporalio.api.workflow.v1 import PendingActivityInfo
from temporalio.client import WorkflowHistory

from crossclaim.domain.story_facts import PendingStep, RunEvent, RunFacts

_FIRST_TRY = 1
_ENDED_BADLY = {
    EventType.EVENT_TYPE_WORKFLOW_EXECUTION_FAILED,
    EventType.EVENT_TYPE_WORKFLOW_EXECUTION_TERMINATED,
    EventType.EVENT_TYPE_WORKFLOW_EXECUTION_TIMED_OUT,
    EventType.EVENT_TYPE_WORKFLOW_EXECUTION_CANCELED,
}
_ORDINARY_FAILURES = {
    # New work arrived while the task ran, or a reset was asked for: nothing went wrong.
    WorkflowTaskFailedCause.WORKFLOW_TASK_FAILED_CAUSE_UNHANDLED_COMMAND,
    WorkflowTaskFailedCause.WORKFLOW_TASK_FAILED_CAUSE_RESET_WORKFLOW,
    WorkflowTaskFailedCause.WORKFLOW_TASK_FAILED_CAUSE_RESET_STICKY_TASK_QUEUE,
    WorkflowTaskFailedCause.WORKFLOW_TASK_FAILED_CAUSE_FORCE_CLOSE_COMMAND,
}


def run_of(
    history: WorkflowHistory, running: bool, pending: Iterable[PendingActivityInfo] = ()
) -> RunFacts:
    """One run. Raises ``ValueError`` for a history without events."""
    events = history.events
    if not events:
        raise ValueError("a history begins with the start of its run")
    return RunFacts(
        run_id=history.run_id,
        started_at=_moment(events[0].event_time),
        running=running,
        events=_told(events),
        pending=[_pending(activity) for activity in pending],
        timer_until=_timer_until(events) if running else None,
    )


def archived_run(episode_id: str, content: bytes) -> WorkflowHistory:
    """A history as it was archived. Raises ``ValueError`` when it is none."""
    try:
        history = History.FromString(content)
    except DecodeError as error:
        raise ValueError("this is no archived history") from error
    return WorkflowHistory(episode_id, list(history.events))


def code_of(failure: Failure) -> str:
    """Why something failed, as the code that stands outside the sealed text."""
    match failure.WhichOneof("failure_info"):
        case "application_failure_info":
            return failure.application_failure_info.type
        case "timeout_failure_info":
            return "STEP_TIMED_OUT"
        case "activity_failure_info" if failure.HasField("cause"):
            return code_of(failure.cause)
        case _:
            return ""


def _told(events: Iterable[HistoryEvent]) -> list[RunEvent]:
    steps: dict[int, str] = {}
    found: list[RunEvent | None] = []
    for event in events:
        if event.event_type == EventType.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED:
            name = event.activity_task_scheduled_event_attributes.activity_type.name
            steps[event.event_id] = name
            if name == "archive_history":
                # A run turns to its archive exactly when its episode has been closed.
                at = _moment(event.event_time)
                found.append(RunEvent(kind="closed", at=at, event_id=event.event_id))
        else:
            found.append(_event(event, steps))
    return [event for event in found if event is not None]


def _event(event: HistoryEvent, steps: dict[int, str]) -> RunEvent | None:
    at, number = _moment(event.event_time), event.event_id
    match event.event_type:
        case EventType.EVENT_TYPE_ACTIVITY_TASK_STARTED:
            started = event.activity_task_started_event_attributes
            step = steps.get(started.scheduled_event_id, "")
            return _tried(at, number, step, started.attempt, code_of(started.last_failure))
        case EventType.EVENT_TYPE_MARKER_RECORDED:
            return _local_step(at, number, event.marker_recorded_event_attributes)
        case EventType.EVENT_TYPE_ACTIVITY_TASK_FAILED:
            failed = event.activity_task_failed_event_attributes
            step, code = steps.get(failed.scheduled_event_id, ""), code_of(failed.failure)
            return RunEvent(kind="step_failed", at=at, event_id=number, step=step, code=code)
        case EventType.EVENT_TYPE_ACTIVITY_TASK_TIMED_OUT:
            over = event.activity_task_timed_out_event_attributes
            step, code = steps.get(over.scheduled_event_id, ""), code_of(over.failure)
            code = code or "STEP_TIMED_OUT"
            return RunEvent(kind="step_failed", at=at, event_id=number, step=step, code=code)
        case EventType.EVENT_TYPE_WORKFLOW_TASK_TIMED_OUT:
            return RunEvent(kind="worker_lost", at=at, event_id=number)
        case EventType.EVENT_TYPE_WORKFLOW_TASK_FAILED:
            cause = event.workflow_task_failed_event_attributes.cause
            if cause in _ORDINARY_FAILURES:
                return None
            return RunEvent(kind="run_stuck", at=at, event_id=number)
        case kind if kind in _ENDED_BADLY:
            return RunEvent(kind="run_failed", at=at, event_id=number)
        case _:
            return None


def _tried(at: datetime, number: int, step: str, attempts: int, code: str) -> RunEvent | None:
    if attempts <= _FIRST_TRY:
        return None
    return RunEvent(
        kind="step_retried", at=at, event_id=number, step=step, attempts=attempts, code=code
    )


def _local_step(
    at: datetime, number: int, marker: MarkerRecordedEventAttributes
) -> RunEvent | None:
    """A step on our own rows leaves one marker, in which the SDK notes its name and tries."""
    if marker.marker_name != "core_local_activity" or not marker.details["data"].payloads:
        return None
    try:
        noted = json.loads(marker.details["data"].payloads[0].data)
        step, attempts = str(noted["activity_type"]), int(noted["attempt"])
    except (ValueError, KeyError, TypeError):
        # Another SDK version may note it otherwise; the rows tell what the step did.
        return None
    return _tried(at, number, step, attempts, code_of(marker.failure))


def _pending(activity: PendingActivityInfo) -> PendingStep:
    waits = activity.state == PendingActivityState.PENDING_ACTIVITY_STATE_SCHEDULED
    has_time = activity.HasField("next_attempt_schedule_time")
    planned = activity.next_attempt_schedule_time if has_time else activity.scheduled_time
    return PendingStep(
        step=activity.activity_type.name,
        attempt=activity.attempt,
        code=code_of(activity.last_failure),
        next_at=_moment(planned) if waits and activity.attempt > _FIRST_TRY else None,
    )


def _timer_until(events: Iterable[HistoryEvent]) -> datetime | None:
    timers: dict[int, datetime] = {}
    for event in events:
        match event.event_type:
            case EventType.EVENT_TYPE_TIMER_STARTED:
                wait = event.timer_started_event_attributes.start_to_fire_timeout
                length = timedelta(seconds=wait.seconds, microseconds=wait.nanos // 1000)
                timers[event.event_id] = _moment(event.event_time) + length
            case EventType.EVENT_TYPE_TIMER_FIRED:
                timers.pop(event.timer_fired_event_attributes.started_event_id, None)
            case EventType.EVENT_TYPE_TIMER_CANCELED:
                timers.pop(event.timer_canceled_event_attributes.started_event_id, None)
    return min(timers.values(), default=None)


def _moment(stamp: Timestamp) -> datetime:
    return stamp.ToDatetime(tzinfo=UTC)
