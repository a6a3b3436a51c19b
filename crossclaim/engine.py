"""The workflow engine as the rest of the house needs it: submit, wake, re-send, read a history."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

from temporalio.api.common.v1 import WorkflowExecution
from temporalio.api.enums.v1 import PendingActivityState
from temporalio.api.history.v1 import History
from temporalio.api.workflow.v1 import PendingActivityInfo
from temporalio.api.workflowservice.v1 import ResetActivityRequest
from temporalio.client import (
    Client,
    WithStartWorkflowOperation,
    WorkflowExecutionStatus,
    WorkflowFailureError,
    WorkflowUpdateHandle,
    WorkflowUpdateRPCTimeoutOrCancelledError,
    WorkflowUpdateStage,
)
from temporalio.common import WorkflowIDConflictPolicy, WorkflowIDReusePolicy
from temporalio.converter import DataConverter
from temporalio.runtime import Runtime
from temporalio.service import RPCError, RPCStatusCode, TLSConfig

from activities.orders import Receipt
from crossclaim.config import Settings
from crossclaim.domain.bill_look import BillLook, BillLooked
from crossclaim.domain.credit_submission import is_credit_account
from crossclaim.domain.errors import NotFound, Unavailable
from workflows.family_messages import BindingStart, CodeLinkStart
from workflows.messages import (
    ChargeReported,
    CreditStart,
    EpisodeStart,
    Message,
    PayoutReported,
    Submitted,
)
from workflows.policies import (
    EPISODES,
    bill_look_workflow_id,
    credit_workflow_id,
    episode_workflow_id,
    hcx_answer_workflow_id,
    hcx_notice_workflow_id,
)

_DOWN = {RPCStatusCode.UNAVAILABLE, RPCStatusCode.CANCELLED, RPCStatusCode.UNKNOWN}
_RUN_ENDED = {RPCStatusCode.NOT_FOUND, RPCStatusCode.ABORTED}
_HANDED_OVER_WITHIN_S = 3.0


class StillRunning(Exception):
    """The update is accepted and goes on; its answer will stand in the submission's row."""


async def connect(
    settings: Settings, converter: DataConverter, runtime: Runtime | None = None, *, lazy: bool
) -> Client:
    """A client. ``lazy``: it connects at its first call, so the API starts before the engine does;
    a worker's cannot be lazy and raises ``Unavailable`` while the engine is down.
    """
    try:
        return await _connect(settings, converter, runtime, lazy)
    except (RPCError, RuntimeError) as error:
        raise Unavailable(
            f"the workflow engine does not answer at {settings.temporal_address}; start it first"
        ) from error


async def _connect(
    settings: Settings, converter: DataConverter, runtime: Runtime | None, lazy: bool
) -> Client:
    return await Client.connect(
        settings.temporal_address,
        namespace=settings.temporal_namespace,
        data_converter=converter,
        lazy=lazy,
        runtime=runtime,
        api_key=settings.temporal_api_key.get_secret_value() if settings.temporal_api_key else None,
        tls=TLSConfig() if settings.temporal_tls else False,
    )


class EpisodeEngine:
    """Update-with-start under the episode's id: the first message starts the run, others join."""

    def __init__(self, client: Client) -> None:
        self._client = client

    def _start(self, episode_id: str) -> WithStartWorkflowOperation[Any, Any]:
        name, start = _run_of(episode_id)
        return WithStartWorkflowOperation(
            name,
            start,
            id=episode_workflow_id(episode_id),
            task_queue=EPISODES,
            id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
            id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE,
        )

    async def submit(
        self, episode_id: str, submission_id: str, kind: str, wait_s: float
    ) -> Receipt:
        """The receipt of the update ``kind``. Raises ``Unavailable`` when the engine is down and
        ``StillRunning`` when the answer takes longer than ``wait_s``.
        """
        try:
            async with asyncio.timeout(wait_s):
                return await self._submit(episode_id, submission_id, kind)
        except TimeoutError:
            raise StillRunning from None
        except WorkflowUpdateRPCTimeoutOrCancelledError:
            raise StillRunning from None
        except (RPCError, RuntimeError) as error:
            # A lazy client connects with its first call, and says in its own way that it cannot.
            late = isinstance(error, RPCError) and error.status is RPCStatusCode.DEADLINE_EXCEEDED
            if late:
                raise StillRunning from None
            raise Unavailable(
                "the workflow engine does not answer; the submission is kept, try again in a moment"
            ) from error

    async def _submit(self, episode_id: str, submission_id: str, kind: str) -> Receipt:
        update = await self._sent(episode_id, submission_id, kind, WorkflowUpdateStage.COMPLETED)
        return await update.result()

    async def _sent(
        self, episode_id: str, submission_id: str, kind: str, stage: WorkflowUpdateStage
    ) -> WorkflowUpdateHandle[Receipt]:
        for last in (False, False, True):
            start = self._start(episode_id)
            heard = _hear(start)
            try:
                return await self._client.start_update_with_start_workflow(
                    kind,
                    Submitted(submission_id=submission_id),
                    start_workflow_operation=start,
                    wait_for_stage=stage,
                    id=submission_id,
                    result_type=Receipt,
                )
            except RPCError as error:
                # The run ended between finding and updating it: the next try starts a new one.
                if last or error.status not in _RUN_ENDED:
                    raise
            finally:
                heard.cancel()
        raise AssertionError("the last try returns or raises")

    async def announce_payout(self, episode_id: str, reference: str) -> None:
        await self._client.start_workflow(
            "EpisodeWorkflow",
            EpisodeStart(episode_id=episode_id),
            id=episode_workflow_id(episode_id),
            task_queue=EPISODES,
            id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
            id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE,
            start_signal="payout_reported",
            start_signal_args=[PayoutReported(reference=reference)],
        )

    async def announce_tender(self, episode_id: str) -> None:
        await self._client.start_workflow(
            "EpisodeWorkflow",
            EpisodeStart(episode_id=episode_id),
            id=episode_workflow_id(episode_id),
            task_queue=EPISODES,
            id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
            id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE,
            start_signal="tender_reported",
        )

    async def announce_charge(self, account_id: str, reference: str) -> None:
        await self._client.start_workflow(
            "CreditWorkflow",
            CreditStart(account_id=account_id),
            id=credit_workflow_id(account_id),
            task_queue=EPISODES,
            id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
            id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE,
            start_signal="charge_reported",
            start_signal_args=[ChargeReported(reference=reference)],
        )

    async def resend(self, episode_id: str, submission_id: str, kind: str) -> None:
        """Hands the update over again and does not wait for its end. Raises ``Unavailable``."""
        try:
            async with asyncio.timeout(_HANDED_OVER_WITHIN_S):
                await self._sent(episode_id, submission_id, kind, WorkflowUpdateStage.ACCEPTED)
        except (
            TimeoutError,
            WorkflowUpdateRPCTimeoutOrCancelledError,
            RPCError,
            RuntimeError,
        ) as error:
            raise Unavailable("the episode's run does not take its submission now") from error

    async def reconcile(self, order_id: str, wait_s: float) -> None:
        """Has one order applied. Raises ``Unavailable`` and ``StillRunning`` as ``submit`` does."""
        try:
            async with asyncio.timeout(wait_s):
                await self._client.execute_workflow(
                    "ReconciliationOrderWorkflow",
                    order_id,
                    id=order_id,
                    task_queue=EPISODES,
                    id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
                    id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE,
                )
        except TimeoutError:
            raise StillRunning from None
        except (RPCError, RuntimeError) as error:
            raise Unavailable("the workflow engine does not answer; the order is kept") from error

    async def export_subject(self, request_id: str) -> None:
        """Has a person's copy made; a second time nothing happens. Raises ``Unavailable``."""
        await self._begun("SubjectExportWorkflow", request_id)

    async def backtest_plan(self, backtest_id: str) -> None:
        """Has a proposed plan compared; a second time nothing happens. Raises ``Unavailable``."""
        await self._begun("PlanBacktestWorkflow", backtest_id)

    async def look_at_bill(self, order: BillLook, wait_s: float) -> BillLooked:
        """What a bill would change, without its being sent. Raises ``Unavailable``."""
        try:
            async with asyncio.timeout(wait_s):
                looked: BillLooked = await self._client.execute_workflow(
                    "BillLookWorkflow",
                    order,
                    id=bill_look_workflow_id(order.episode_id, order.look),
                    task_queue=EPISODES,
                    result_type=BillLooked,
                    execution_timeout=timedelta(seconds=wait_s),
                )
        except (TimeoutError, RPCError, RuntimeError, WorkflowFailureError) as error:
            raise Unavailable(
                "the workflow engine does not answer; nothing was sent, look again in a moment"
            ) from error
        return looked

    async def _begun(self, workflow: str, request_id: str) -> None:
        try:
            async with asyncio.timeout(_HANDED_OVER_WITHIN_S):
                await self._client.start_workflow(
                    workflow,
                    request_id,
                    id=request_id,
                    task_queue=EPISODES,
                    id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
                    id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE,
                )
        except (TimeoutError, RPCError, RuntimeError) as error:
            raise Unavailable("the workflow engine does not answer; the request is kept") from error

    async def end_run(self, scope: str) -> None:
        """Ends the open run of a person's scope for good. Raises ``Unavailable``."""
        try:
            await self._client.get_workflow_handle(scope).terminate(reason="ERASED")
        except RPCError as error:
            if error.status is not RPCStatusCode.NOT_FOUND:
                raise Unavailable("the workflow engine does not answer; try again") from error

    async def try_again_now(self, episode_id: str) -> list[str]:
        """Steps that waited for their next try and now run at once; a failed one is woken too.

        Raises ``NotFound`` when nothing of the episode runs, ``Unavailable`` when the engine is
        down. Tries are counted anew, which no payout relies on.
        """
        handle = self._client.get_workflow_handle(episode_workflow_id(episode_id))
        try:
            async with asyncio.timeout(_HANDED_OVER_WITHIN_S):
                about = await handle.describe()
                if about.status is not WorkflowExecutionStatus.RUNNING:
                    raise NotFound("nothing of this episode runs any more")
                waiting = [a for a in about.raw_description.pending_activities if _waits(a)]
                for activity in waiting:
                    await self._client.workflow_service.reset_activity(
                        ResetActivityRequest(
                            namespace=self._client.namespace,
                            execution=WorkflowExecution(workflow_id=handle.id, run_id=about.run_id),
                            id=activity.activity_id,
                        )
                    )
                await handle.signal("try_again_now")
        except (TimeoutError, RPCError, RuntimeError) as error:
            if isinstance(error, RPCError) and error.status is RPCStatusCode.NOT_FOUND:
                raise NotFound("nothing of this episode runs any more") from error
            raise Unavailable("the workflow engine does not answer; try again") from error
        return sorted({activity.activity_type.name for activity in waiting})

    async def begin_anew(self, episode_id: str) -> None:
        """Ends the run, whatever it hangs on, and starts another in the same call (ADR 50).

        All that counts stands in our rows, from which the new run takes stock. Raises
        ``Unavailable``.
        """
        try:
            async with asyncio.timeout(_HANDED_OVER_WITHIN_S):
                await self._client.start_workflow(
                    "EpisodeWorkflow",
                    EpisodeStart(episode_id=episode_id),
                    id=episode_workflow_id(episode_id),
                    task_queue=EPISODES,
                    id_conflict_policy=WorkflowIDConflictPolicy.TERMINATE_EXISTING,
                    id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE,
                )
        except (TimeoutError, RPCError, RuntimeError) as error:
            raise Unavailable("the workflow engine does not answer; try again") from error

    async def answer_hcx(self, message: int) -> None:
        """Has the answer to a request of the exchange sent. Raises ``Unavailable``."""
        await self._on_exchange("HcxAnswerWorkflow", message, hcx_answer_workflow_id(message))

    async def tell_hcx(self, notice: int) -> None:
        """Has a notice of ours sent over the exchange. Raises ``Unavailable``."""
        await self._on_exchange("HcxNoticeWorkflow", notice, hcx_notice_workflow_id(notice))

    async def _on_exchange(self, workflow: str, row: int, run_id: str) -> None:
        try:
            async with asyncio.timeout(_HANDED_OVER_WITHIN_S):
                await self._client.start_workflow(
                    workflow,
                    row,
                    id=run_id,
                    task_queue=EPISODES,
                    id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
                    id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE,
                )
        except (TimeoutError, RPCError, RuntimeError) as error:
            raise Unavailable("the workflow engine does not answer; send it again") from error

    async def history(self, episode_id: str, run_id: str) -> tuple[bytes, int]:
        handle = self._client.get_workflow_handle(episode_workflow_id(episode_id), run_id=run_id)
        events = (await handle.fetch_history()).events
        return History(events=events).SerializeToString(), len(events)


def _run_of(subject_id: str) -> tuple[str, Message]:
    """The workflow of an id, and what its run begins with."""
    if subject_id.startswith("fb_"):
        return "FamilyBindingWorkflow", BindingStart(binding_id=subject_id)
    if subject_id.startswith("fc_"):
        return "FamilyCodeLinkWorkflow", CodeLinkStart(link_id=subject_id)
    if is_credit_account(subject_id):
        return "CreditWorkflow", CreditStart(account_id=subject_id)
    return "EpisodeWorkflow", EpisodeStart(episode_id=subject_id)


def _waits(activity: PendingActivityInfo) -> bool:
    """For its next try, after one that failed."""
    scheduled = PendingActivityState.PENDING_ACTIVITY_STATE_SCHEDULED
    return bool(activity.state == scheduled and activity.attempt > 1)


def _hear(start: WithStartWorkflowOperation[Any, Any]) -> asyncio.Task[Any]:
    """Takes the start's own copy of an error, which would be logged as one nobody looked at."""
    heard = asyncio.ensure_future(start.workflow_handle())
    heard.add_done_callback(lambda task: task.cancelled() or task.exception())
    return heard
