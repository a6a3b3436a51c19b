"""A back-test of a proposed plan; its id is the back-test's own."""

from __future__ import annotations

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from workflows.policies import BACKTEST, RECORDS


@workflow.defn(name="PlanBacktestWorkflow")
class PlanBacktestWorkflow:
    """Compares a month under two versions of a plan; begun anew where a worker dies."""

    @workflow.run
    async def run(self, backtest_id: str) -> int:
        compared: int = await workflow.execute_activity(
            "backtest_plan", backtest_id, result_type=int, task_queue=RECORDS, **BACKTEST
        )
        return compared
