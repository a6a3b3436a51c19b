"""The pay-after-care account: from the sign-up to the last instalment, over years."""

from __future__ import annotations

import asyncio
import contextlib
from datetime import timedelta

from temporalio import workflow
from temporalio.exceptions import ActivityError, is_cancelled_exception

with workflow.unsafe.imports_passed_through():
    from activities.credit_orders import CreditApplied, CreditApply, CreditSubject
    from activities.orders import Receipt
    from crossclaim.domain.credit_standing import CreditStanding
    from workflows.messages import ChargeReported, CreditEnd, CreditStart, Submitted
    from workflows.policies import (
        CREDIT,
        CREDIT_RENEW_AFTER,
        FAILED_STEP_PATIENCE,
        OUTSIDE,
        OWN_ROWS,
        RECORDS,
    )


@workflow.defn(name="CreditWorkflow")
class CreditWorkflow:
    """One run of an account; a later event starts a new run under the same id.

    What is due next is worked out from the rows; between two dates the run waits for one timer and
    for messages, and costs nothing. A long run goes on as a new one that knows where it stood.
    """

    @workflow.init
    def __init__(self, start: CreditStart) -> None:
        self._account_id = start.account_id
        self._standing = start.standing or CreditStanding()
        self._runs = start.runs
        self._loaded = False
        self._reports: list[str] = []

    @workflow.run
    async def run(self, start: CreditStart) -> CreditEnd:
        await self._take_stock()
        await workflow.wait_condition(lambda: self._standing.opened)
        while not await self._advance():
            await self._renew_when_long()
        return CreditEnd(account_id=self._account_id, status="closed")

    async def _advance(self) -> bool:
        """Takes the one step that is due; True once all is over. No failed step ends the run."""
        try:
            return await self._take_step(self._standing)
        except ActivityError as error:
            if is_cancelled_exception(error):
                raise
            await self._give_it_time(error.activity_type)
            return False

    async def _take_step(self, now: CreditStanding) -> bool:
        if self._reports:
            self._reports.clear()
            await self._take_stock()
        elif now.order_due is not None:
            await self._outside("send_credit_order", now.order_due)
        elif now.inquiry_due is not None:
            await self._outside("inquire_credit_order", now.inquiry_due)
        elif now.notices_due:
            await self._own("write_credit_notices")
        elif now.statement_due:
            await self._outside("take_credit_statement")
        elif now.closed:
            return await self._ended(now)
        else:
            await self._wait_for_news(now)
        return False

    async def _wait_for_news(self, known: CreditStanding) -> None:
        """Until a message changed something or the next date has come; then look again."""
        deadline = known.look_again_at
        timeout = None if deadline is None else max(deadline - workflow.now(), timedelta(0))
        workflow.set_current_details(f"Waiting for {known.waiting_for or 'the next event'}")
        try:
            await workflow.wait_condition(lambda: self._moved_on(known), timeout=timeout)
        except TimeoutError:
            await self._take_stock()

    async def _give_it_time(self, step: str) -> None:
        """A person hears of the step; it is tried again on news, or when patience ends."""
        workflow.logger.warning("a step failed for good: %s", step)
        await self._own("note_failed_credit_step", step)
        known = self._standing
        with contextlib.suppress(TimeoutError):
            await workflow.wait_condition(
                lambda: self._moved_on(known), timeout=FAILED_STEP_PATIENCE
            )
        await self._take_stock()

    async def _renew_when_long(self) -> None:
        info = workflow.info()
        long = info.get_current_history_length() >= CREDIT_RENEW_AFTER
        if not (long or info.is_continue_as_new_suggested()) or self._busy():
            return
        known = self._standing
        try:
            await self._archive()
        except ActivityError as error:
            await self._give_it_time(error.activity_type)
            return
        if not self._busy() and not self._moved_on(known):
            workflow.continue_as_new(
                CreditStart(
                    account_id=self._account_id, runs=self._runs + 1, standing=self._standing
                )
            )

    def _busy(self) -> bool:
        """A message is at work here, or waits to be."""
        return bool(self._reports) or not workflow.all_handlers_finished()

    async def _ended(self, known: CreditStanding) -> bool:
        """Archives the run; False when a message came meanwhile and the story goes on."""
        await self._archive()
        await workflow.wait_condition(workflow.all_handlers_finished)
        return not self._moved_on(known)

    async def _archive(self) -> None:
        """The run's encrypted history goes to the document store; a message calls the step back."""
        subject = self._subject(workflow.info().run_id)
        archiving = asyncio.create_task(
            workflow.execute_activity(
                "archive_credit_history", subject, task_queue=RECORDS, **OUTSIDE
            )
        )
        known = self._standing
        await workflow.wait_condition(lambda: archiving.done() or self._moved_on(known))
        if not archiving.done():
            archiving.cancel()
        try:
            await archiving
        except asyncio.CancelledError:
            if not archiving.cancelled():
                raise
        except ActivityError as error:
            if not is_cancelled_exception(error):
                raise

    def _moved_on(self, known: CreditStanding) -> bool:
        return self._standing.revision != known.revision or bool(self._reports)

    async def _take_stock(self) -> None:
        await self._own("take_credit_stock")
        self._loaded = True

    def _subject(self, subject: str) -> CreditSubject:
        return CreditSubject(account_id=self._account_id, subject=subject, at=workflow.now())

    async def _own(self, name: str, subject: str = "") -> None:
        standing = await workflow.execute_local_activity(
            name, self._subject(subject), result_type=CreditStanding, **OWN_ROWS
        )
        self._learn(standing)

    async def _outside(self, name: str, subject: str = "") -> None:
        standing = await workflow.execute_activity(
            name, self._subject(subject), result_type=CreditStanding, task_queue=CREDIT, **OUTSIDE
        )
        self._learn(standing)

    def _learn(self, standing: CreditStanding) -> None:
        """Keeps the newest standing: steps may end in another order than they committed."""
        if standing.revision >= self._standing.revision:
            self._standing = standing

    async def _apply(self, message: Submitted) -> Receipt:
        await workflow.wait_condition(lambda: self._loaded)
        applied: CreditApplied = await workflow.execute_local_activity(
            "apply_credit_submission",
            CreditApply(
                account_id=self._account_id,
                submission_id=message.submission_id,
                at=workflow.now(),
            ),
            result_type=CreditApplied,
            **OWN_ROWS,
        )
        self._learn(applied.standing)
        return applied.receipt

    @workflow.update(name="sign_up_credit")
    async def sign_up_credit(self, message: Submitted) -> Receipt:
        return await self._apply(message)

    @workflow.update(name="bind_credit_card")
    async def bind_credit_card(self, message: Submitted) -> Receipt:
        return await self._apply(message)

    @workflow.update(name="confirm_credit_card")
    async def confirm_credit_card(self, message: Submitted) -> Receipt:
        return await self._apply(message)

    @workflow.update(name="apply_for_credit")
    async def apply_for_credit(self, message: Submitted) -> Receipt:
        return await self._apply(message)

    @workflow.update(name="choose_instalments")
    async def choose_instalments(self, message: Submitted) -> Receipt:
        return await self._apply(message)

    @workflow.update(name="repay_credit")
    async def repay_credit(self, message: Submitted) -> Receipt:
        return await self._apply(message)

    @workflow.update(name="close_credit_account")
    async def close_credit_account(self, message: Submitted) -> Receipt:
        return await self._apply(message)

    @workflow.signal(name="charge_reported")
    def charge_reported(self, message: ChargeReported) -> None:
        """A charge or its refund is already a row; the signal only says that there is one."""
        if message.reference not in self._reports:
            self._reports.append(message.reference)

    @workflow.query(name="standing")
    def standing(self) -> CreditStanding:
        return self._standing

    @workflow.query(name="runs")
    def runs(self) -> int:
        """How often this account's story has gone on in a new run."""
        return self._runs
