"""What we owe on the exchange, an answer or a notice: one run for each, until it is taken."""

from __future__ import annotations

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from activities.orders import HcxAnswerOrder, HcxNoticeOrder
    from workflows.policies import INSURER, OUTSIDE


@workflow.defn(name="HcxAnswerWorkflow")
class HcxAnswerWorkflow:
    """Its id is the request's row, so that a repeated request starts no second one."""

    @workflow.run
    async def run(self, message: int) -> bool:
        taken: bool = await workflow.execute_activity(
            "send_hcx_answer",
            HcxAnswerOrder(message=message, at=workflow.now()),
            result_type=bool,
            task_queue=INSURER,
            **OUTSIDE,
        )
        return taken


@workflow.defn(name="HcxNoticeWorkflow")
class HcxNoticeWorkflow:
    """Its id is the notice's row, so that a later sweep starts no second one."""

    @workflow.run
    async def run(self, notice: int) -> str:
        outcome: str = await workflow.execute_activity(
            "send_hcx_notice",
            HcxNoticeOrder(notice=notice, at=workflow.now()),
            result_type=str,
            task_queue=INSURER,
            **OUTSIDE,
        )
        return outcome
