"""The day's erasures in one batch: judged, their runs ended, their keys destroyed, a new epoch."""

from __future__ import annotations

from datetime import timedelta, timezone

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from activities.privacy import ErasureOrder
    from crossclaim.domain.subject_request import Judged
    from workflows.policies import MONTHS, OUTSIDE, RECORDS

_REGION = timezone(timedelta(hours=8))


@workflow.defn(name="ErasureWorkflow")
class ErasureWorkflow:
    """Once a day. Nobody is erased while a rule keeps what is held, or a case is open."""

    @workflow.run
    async def run(self) -> int:
        at = workflow.now()
        await workflow.execute_activity(
            "report_retention",
            at.astimezone(_REGION).date(),
            result_type=int,
            task_queue=RECORDS,
            **MONTHS,
        )
        judged: list[Judged] = await workflow.execute_activity(
            "judge_erasures", at, result_type=list[Judged], task_queue=RECORDS, **MONTHS
        )
        if judged:
            await workflow.execute_activity(
                "end_erased_runs", judged, result_type=int, task_queue=RECORDS, **OUTSIDE
            )
        # Without anybody to erase too: a batch that a crash left open is finished.
        erased: int = await workflow.execute_activity(
            "destroy_keys",
            ErasureOrder(judged=judged, at=at),
            result_type=int,
            task_queue=RECORDS,
            **MONTHS,
        )
        return erased
