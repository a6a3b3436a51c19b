"""What a story takes from a run's history, on the engine's own event types."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from temporalio.api.enums.v1 import EventType, PendingActivityState, WorkflowTaskFailedCause
from temporalio.api.history.v1 import History, HistoryEvent
from temporalio.api.workflow.v1 import PendingActivityInfo
from temporalio.client import WorkflowHistory

from crossclaim.service.story_history import archived_run, run_of

START = datetime(2026, 3, 9, 1, 0, tzinfo=UTC)


def event(number: int, kind: str) -> Any:
    made = HistoryEvent(event_id=number, event_type=EventType.Value(f"EVENT_TYPE_{kind}"))
    made.event_time.FromDatetime(START + timedelta(minutes=number))
    return made


def history(*events: Any) -> WorkflowHistory:
    first = event(1, "WORKFLOW_EXECUTION_STARTED")
    first.workflow_execution_started_event_attributes.original_execution_run_id = "run-1"
    return WorkflowHistory("ep_1", [first, *events])


def scheduled(number: int, step: str) -> Any:
    made = event(number, "ACTIVITY_TASK_SCHEDULED")
    made.activity_task_scheduled_event_attributes.activity_type.name = step
    return made


def started(number: int, of: int, attempt: int) -> Any:
    made = event(number, "ACTIVITY_TASK_STARTED")
    attributes = made.activity_task_started_event_attributes
    attributes.scheduled_event_id, attributes.attempt = of, attempt
    attributes.last_failure.application_failure_info.type = "TIMED_OUT"
    return made


def timer(number: int, seconds: int) -> Any:
    made = event(number, "TIMER_STARTED")
    made.timer_started_event_attributes.start_to_fire_timeout.FromSeconds(seconds)
    return made


def test_a_step_that_took_several_tries_is_found_with_its_last_failures_code() -> None:
    run = run_of(history(scheduled(5, "send_payout"), started(6, 5, 3)), running=False)
    (found,) = run.events
    assert (found.kind, found.step, found.attempts, found.code, found.event_id) == (
        "step_retried",
        "send_payout",
        3,
        "TIMED_OUT",
        6,
    )
    once = run_of(history(scheduled(5, "send_payout"), started(6, 5, 1)), running=False)
    assert once.events == []


def test_a_step_on_our_own_rows_is_found_by_its_marker() -> None:
    made = event(4, "MARKER_RECORDED")
    marker = made.marker_recorded_event_attributes
    marker.marker_name = "core_local_activity"
    noted = {"seq": 1, "attempt": 2, "activity_type": "reserve_payout"}
    marker.details["data"].payloads.add(data=json.dumps(noted).encode())
    (found,) = run_of(history(made), running=False).events
    assert (found.kind, found.step, found.attempts) == ("step_retried", "reserve_payout", 2)


def test_a_lost_worker_is_told_and_an_ordinary_new_try_of_a_task_is_not() -> None:
    ordinary, stuck = event(3, "WORKFLOW_TASK_FAILED"), event(4, "WORKFLOW_TASK_FAILED")
    causes = WorkflowTaskFailedCause
    ordinary.workflow_task_failed_event_attributes.cause = (
        causes.WORKFLOW_TASK_FAILED_CAUSE_UNHANDLED_COMMAND
    )
    stuck.workflow_task_failed_event_attributes.cause = (
        causes.WORKFLOW_TASK_FAILED_CAUSE_NON_DETERMINISTIC_ERROR
    )
    run = run_of(history(event(2, "WORKFLOW_TASK_TIMED_OUT"), ordinary, stuck), running=False)
    assert [found.kind for found in run.events] == ["worker_lost", "run_stuck"]


def test_the_earliest_timer_that_still_runs_tells_when_a_run_wakes() -> None:
    fired = event(4, "TIMER_FIRED")
    fired.timer_fired_event_attributes.started_event_id = 2
    run = run_of(history(timer(2, 10), timer(3, 900), fired), running=True)
    assert run.timer_until == START + timedelta(minutes=3, seconds=900)
    assert run_of(history(timer(3, 900)), running=False).timer_until is None


def test_a_pending_step_tells_its_next_try_and_why_the_last_one_failed() -> None:
    pending = PendingActivityInfo(
        state=PendingActivityState.PENDING_ACTIVITY_STATE_SCHEDULED, attempt=4
    )
    pending.activity_type.name = "submit_claim"
    pending.last_failure.timeout_failure_info.SetInParent()
    pending.scheduled_time.FromDatetime(START)
    (step,) = run_of(history(), running=True, pending=[pending]).pending
    assert (step.step, step.attempt, step.code, step.next_at) == (
        "submit_claim",
        4,
        "STEP_TIMED_OUT",
        START,
    )


def test_an_archived_copy_tells_the_same_as_the_engine() -> None:
    live = history(scheduled(5, "archive_history"), started(6, 5, 2))
    copy = archived_run("ep_1", History(events=live.events).SerializeToString())
    assert run_of(copy, running=False) == run_of(live, running=False)
    assert run_of(copy, running=False).events[0].kind == "closed"
