"""An answer that we owe on the exchange: one run for each request, until it is taken."""

from __future__ import annotations

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from activities.orders import HcxAnswerOrder
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
