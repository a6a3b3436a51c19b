"""Small workflows about nobody, started by schedules: the banks' inboxes and the sweep."""

from __future__ import annotations

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from activities.orders import InboxWatch, Sweep
    from workflows.policies import BANK_FILES, OUTSIDE, RECORDS, WATCH


@workflow.defn(name="BankInboxWorkflow")
class BankInboxWorkflow:
    """Watches one bank's inbound folder for a stretch; the schedule starts the next one."""

    @workflow.run
    async def run(self, watch: InboxWatch) -> int:
        files: int = await workflow.execute_activity(
            "watch_inbox", watch, result_type=int, task_queue=BANK_FILES, **WATCH
        )
        return files


@workflow.defn(name="SweepWorkflow")
class SweepWorkflow:
    """Sends submissions that their episodes may never have learned of to them again."""

    @workflow.run
    async def run(self, sweep: Sweep) -> int:
        sent: int = await workflow.execute_activity(
            "resend_submissions", sweep, result_type=int, task_queue=RECORDS, **OUTSIDE
        )
        return sent
