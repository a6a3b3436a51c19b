"""Small workflows about accounts: the daily look, and what a person orders of the matching."""

from __future__ import annotations

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from activities.orders import MatchingOrder, ReconciliationOrder
    from workflows.policies import BANK_FILES, MONTHS, OWN_ROWS


@workflow.defn(name="BankMatchingWorkflow")
class BankMatchingWorkflow:
    """Looks at every account once a day: what was due and is not stated is missing."""

    @workflow.run
    async def run(self) -> int:
        looked: int = await workflow.execute_activity(
            "match_bank_accounts",
            MatchingOrder(at=workflow.now()),
            result_type=int,
            task_queue=BANK_FILES,
            **MONTHS,
        )
        return looked


@workflow.defn(name="ReconciliationOrderWorkflow")
class ReconciliationOrderWorkflow:
    """Applies one order; its id is the order's own, so that it happens once."""

    @workflow.run
    async def run(self, order_id: str) -> int:
        status: int = await workflow.execute_local_activity(
            "apply_reconciliation_order",
            ReconciliationOrder(order_id=order_id, at=workflow.now()),
            result_type=int,
            **OWN_ROWS,
        )
        return status
