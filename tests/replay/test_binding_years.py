"""A family binding through years that pass at once: silent reviews, renewed runs, late messages."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Any

from temporalio.client import (
    Client,
    WithStartWorkflowOperation,
    WorkflowExecutionStatus,
    WorkflowHandle,
    WorkflowUpdateRPCTimeoutOrCancelledError,
)
from temporalio.common import WorkflowIDConflictPolicy, WorkflowIDReusePolicy
from temporalio.service import RPCError, RPCStatusCode
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Worker

from activities.orders import Receipt
from crossclaim.domain.family_binding import BindingStanding
from crossclaim.domain.family_office import OfficeAnswer, OfficeState
from crossclaim.domain.stay import local_day
from tests.replay.timed_binding import TimedBinding
from tests.replay.whole_server import on_a_whole_server
from tests.rules.family_scene import REFERENCE
from workflows.family_binding import FamilyBindingWorkflow
from workflows.family_messages import BindingStart
from workflows.messages import Submitted
from workflows.policies import BUREAU, EPISODES

YEAR = timedelta(days=365)


@asynccontextmanager
async def served(
    env: WorkflowEnvironment, binding: TimedBinding, workflow: type = FamilyBindingWorkflow
) -> AsyncIterator[None]:
    own: list[Callable[..., Any]] = [
        binding.take_binding_stock,
        binding.note_failed_binding_step,
        binding.apply_family_submission,
    ]
    outside: list[Callable[..., Any]] = [
        binding.apply_for_binding,
        binding.ask_about_binding,
        binding.tell_binding_ended,
    ]
    async with (
        Worker(env.client, task_queue=EPISODES, workflows=[workflow], activities=own),
        Worker(env.client, task_queue=BUREAU, activities=outside),
    ):
        yield


async def said(client: Client, kind: str, submission: str) -> Receipt:
    """As the engine hands a submission over: it starts a run, or joins the one that is there.

    Whoever hears nothing says the same once more, under the same id, as the hand-over does.
    """
    try:
        return await _said_once(client, kind, submission)
    except WorkflowUpdateRPCTimeoutOrCancelledError:
        return await _said_once(client, kind, submission)


async def _said_once(client: Client, kind: str, submission: str) -> Receipt:
    start: WithStartWorkflowOperation[Any, Any] = WithStartWorkflowOperation(
        "FamilyBindingWorkflow",
        BindingStart(binding_id="fb_1"),
        id="fb_1",
        task_queue=EPISODES,
        id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
        id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE,
    )
    async with asyncio.timeout(20):
        receipt: Receipt = await client.execute_update_with_start_workflow(
            kind,
            Submitted(submission_id=submission),
            start_workflow_operation=start,
            id=submission,
            result_type=Receipt,
        )
    return receipt


async def standing(handle: WorkflowHandle[Any, Any]) -> BindingStanding:
    found: BindingStanding = await looked(handle, "standing", result_type=BindingStanding)
    return found


async def looked(handle: WorkflowHandle[Any, Any], query: str, **more: Any) -> Any:
    """A look changes nothing: where its answer is lost, one looks again."""
    try:
        return await handle.query(query, **more)
    except RPCError as error:
        if error.status is not RPCStatusCode.DEADLINE_EXCEEDED:
            raise
        return await handle.query(query, **more)


def silent(at: datetime) -> OfficeAnswer | None:
    return None


class Slow:
    """Approves when it is asked on the given day after the first question."""

    def __init__(self, after: timedelta) -> None:
        self._after = after
        self._first: datetime | None = None

    def __call__(self, at: datetime) -> OfficeAnswer | None:
        self._first = self._first or at
        if at - self._first < self._after:
            return None
        return OfficeAnswer(
            reference=REFERENCE, state=OfficeState.APPROVED, decided_on=local_day(at)
        )


@on_a_whole_server
async def test_a_binding_in_force_for_twelve_years_costs_one_question_a_year_and_always_answers(
    skipping: WorkflowEnvironment,
) -> None:
    binding = TimedBinding(silent)
    handle = skipping.client.get_workflow_handle("fb_1")
    async with served(skipping, binding):
        await said(skipping.client, "apply_family_binding", "apply-1")
        await said(skipping.client, "record_office_answer", "approved-1")
        first = (await handle.describe()).run_id
        for year in range(1, 13):
            await skipping.sleep(YEAR)
            now = await standing(handle)
            assert (now.state, now.opened, now.closed) == ("bound", True, False), year
        about = await handle.describe()
        assert about.status is WorkflowExecutionStatus.RUNNING
        assert about.run_id != first
        assert await looked(handle, "runs") >= 11, "the state was carried from run to run"
        assert about.history_length < 40, "no run grows with the years"
        asked = [step for step, _ in binding.steps if step == "ask"]
        assert 11 <= len(asked) <= 12
        receipt = await said(skipping.client, "unbind_family_binding", "unbind-1")
        assert receipt.status == 200
        end = await handle.result()
    assert end["state"] == "unbound"
    assert [step for step, _ in binding.steps[-2:]] == ["unbind", "tell"]


@on_a_whole_server
async def test_a_review_that_is_silent_for_weeks_is_asked_about_every_third_day(
    skipping: WorkflowEnvironment,
) -> None:
    binding = TimedBinding(Slow(timedelta(days=30)))
    async with served(skipping, binding):
        await said(skipping.client, "apply_family_binding", "apply-1")
        await skipping.sleep(timedelta(days=50))
        now = await standing(skipping.client.get_workflow_handle("fb_1"))
        assert now.state == "bound"
    sent = next(at for step, at in binding.steps if step == "send")
    days = [(at - sent).days for step, at in binding.steps if step == "ask"]
    assert days == list(range(3, 34, 3))


@on_a_whole_server
async def test_messages_that_come_months_late_or_twice_are_harmless(
    skipping: WorkflowEnvironment,
) -> None:
    binding = TimedBinding(silent)
    client = skipping.client
    async with served(skipping, binding):
        await said(client, "apply_family_binding", "apply-1")
        await said(client, "record_office_answer", "approved-1")
        await skipping.sleep(timedelta(days=300))
        assert binding.row is not None
        bound_on = binding.row.bound_on
        for kind, word in (
            ("record_office_answer", "approved-2"),
            ("record_office_answer", "refused-1"),
            ("apply_family_binding", "apply-2"),
        ):
            assert (await said(client, kind, word)).status == 200
        now = await standing(client.get_workflow_handle("fb_1"))
    assert (now.state, binding.row.bound_on) == ("bound", bound_on)
    assert binding.exceptions == ["OFFICE_CONTRADICTS_ITSELF", "OFFICE_CONTRADICTS_ITSELF"]


@on_a_whole_server
async def test_a_decision_that_comes_before_the_application_was_answered_is_taken(
    skipping: WorkflowEnvironment,
) -> None:
    binding = TimedBinding(silent)
    binding.refusals = 1
    async with served(skipping, binding):
        await said(skipping.client, "apply_family_binding", "apply-1")
        await said(skipping.client, "record_office_answer", "approved-1")
        await skipping.sleep(timedelta(days=10))
        now = await standing(skipping.client.get_workflow_handle("fb_1"))
        assert now.state == "bound"
    sends = [step for step, _ in binding.steps if step == "send"]
    assert len(sends) == 1, "what is decided is not sent again"


@on_a_whole_server
async def test_a_step_that_fails_for_good_is_noted_and_tried_again_the_next_day(
    skipping: WorkflowEnvironment,
) -> None:
    binding = TimedBinding(silent)
    binding.refusals = 2
    async with served(skipping, binding):
        await said(skipping.client, "apply_family_binding", "apply-1")
        await skipping.sleep(timedelta(days=2, hours=1))
    steps = [step for step, _ in binding.steps if step != "apply"]
    failed = "failed apply_for_binding"
    assert steps == ["send", failed, "send", failed, "send"]


@on_a_whole_server
async def test_an_application_that_is_refused_at_once_leaves_no_run_behind(
    skipping: WorkflowEnvironment,
) -> None:
    binding = TimedBinding(silent)
    async with served(skipping, binding):
        receipt = await said(skipping.client, "apply_family_binding", "refuse-1")
        await skipping.client.get_workflow_handle("fb_1").result()
    assert (receipt.status, binding.row) == (422, None)
