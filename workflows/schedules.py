"""Small workflows about nobody, started by schedules: inboxes, the sweep, the bureau's sums."""

from __future__ import annotations

from datetime import date, timedelta, timezone

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from activities.orders import Compared, Comparison, InboxWatch, Sweep, WebhookWatch
    from workflows.policies import (
        ACQUIRER,
        BANK_FILES,
        BUREAU,
        MONTHS,
        NOTICES,
        OUTSIDE,
        RECORDS,
        VOUCHER,
        WATCH,
    )


@workflow.defn(name="BankInboxWorkflow")
class BankInboxWorkflow:
    """Watches one bank's inbound folder for a stretch; the schedule starts the next one."""

    @workflow.run
    async def run(self, watch: InboxWatch) -> int:
        files: int = await workflow.execute_activity(
            "watch_inbox", watch, result_type=int, task_queue=BANK_FILES, **WATCH
        )
        return files


@workflow.defn(name="WebhookWorkflow")
class WebhookWorkflow:
    """Delivers webhooks for a stretch: however many they are, this history does not grow."""

    @workflow.run
    async def run(self, watch: WebhookWatch) -> int:
        tried: int = await workflow.execute_activity(
            "deliver_webhooks", watch, result_type=int, task_queue=NOTICES, **WATCH
        )
        return tried


@workflow.defn(name="SweepWorkflow")
class SweepWorkflow:
    """Sends submissions that their episodes may never have learned of to them again."""

    @workflow.run
    async def run(self, sweep: Sweep) -> int:
        sent: int = await workflow.execute_activity(
            "resend_submissions", sweep, result_type=int, task_queue=RECORDS, **OUTSIDE
        )
        return sent


@workflow.defn(name="VoucherMonthsWorkflow")
class VoucherMonthsWorkflow:
    """Looks once a day whether the Department of Health has reimbursed the months that are over."""

    @workflow.run
    async def run(self) -> int:
        looked: int = await workflow.execute_activity(
            "reconcile_voucher_months",
            workflow.now(),
            result_type=int,
            task_queue=VOUCHER,
            **MONTHS,
        )
        return looked


_REGION = timezone(timedelta(hours=8))


@workflow.defn(name="SettlementComparisonWorkflow")
class SettlementComparisonWorkflow:
    """Compares yesterday's settlements of every designated hospital with the bureau's."""

    @workflow.run
    async def run(self) -> Compared:
        now = workflow.now()
        day = now.astimezone(_REGION).date() - timedelta(days=1)
        compared: Compared = await workflow.execute_activity(
            "compare_settlements",
            Comparison(begins=day, ends=day, at=now),
            result_type=Compared,
            task_queue=BUREAU,
            **OUTSIDE,
        )
        return compared


@workflow.defn(name="AcquirerDayWorkflow")
class AcquirerDayWorkflow:
    """Compares a day's payments and refunds of every merchant with the acquirer's statement:
    yesterday's when none is named."""

    @workflow.run
    async def run(self, of: date | None = None) -> Compared:
        now = workflow.now()
        day = of or now.astimezone(_REGION).date() - timedelta(days=1)
        compared: Compared = await workflow.execute_activity(
            "compare_acquirer_day",
            Comparison(begins=day, ends=day, at=now),
            result_type=Compared,
            task_queue=ACQUIRER,
            **OUTSIDE,
        )
        return compared
