"""Small workflows about the audit and about a person's own copy; they hold ids only."""

from __future__ import annotations

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from activities.privacy import SubjectOrder
    from workflows.policies import MONTHS, OUTSIDE, RECORDS


@workflow.defn(name="AuditSealWorkflow")
class AuditSealWorkflow:
    """Chains what was audited since the last minute and lays the root where nobody changes it."""

    @workflow.run
    async def run(self) -> int:
        sealed: int = await workflow.execute_activity(
            "seal_audit", result_type=int, task_queue=RECORDS, **OUTSIDE
        )
        return sealed


@workflow.defn(name="SubjectExportWorkflow")
class SubjectExportWorkflow:
    """Gathers all that is held about a person; its id is the request's own."""

    @workflow.run
    async def run(self, request_id: str) -> str:
        state: str = await workflow.execute_activity(
            "gather_subject_export",
            SubjectOrder(request_id=request_id, at=workflow.now()),
            result_type=str,
            task_queue=RECORDS,
            **MONTHS,
        )
        return state
