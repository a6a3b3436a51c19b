"""A look at a bill that is not sent yet; its id begins with the episode's, whose key seals it."""

from __future__ import annotations

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from crossclaim.domain.bill_look import BillLook, BillLooked
    from workflows.policies import OWN_ROWS


@workflow.defn(name="BillLookWorkflow")
class BillLookWorkflow:
    """Somebody waits at a page: one local step, then it is over."""

    @workflow.run
    async def run(self, order: BillLook) -> BillLooked:
        looked: BillLooked = await workflow.execute_local_activity(
            "look_at_bill", order, result_type=BillLooked, **OWN_ROWS
        )
        return looked
