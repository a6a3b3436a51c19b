"""The episode: from the first submission to money in the payee's account, as one durable story."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from datetime import timedelta

from temporalio import workflow
from temporalio.exceptions import ActivityError, is_cancelled_exception

with workflow.unsafe.imports_passed_through():
    from activities.orders import Applied, Apply, Receipt
    from crossclaim.domain.standing import Standing
    from workflows.appeal_updates import AppealUpdates
    from workflows.bill_updates import BillUpdates
    from workflows.claim import ClaimStory
    from workflows.guarantee import GuaranteeStory
    from workflows.guarantee_updates import GuaranteeUpdates
    from workflows.messages import EpisodeEnd, EpisodeStart, PayoutReported, Submitted
    from workflows.payee_updates import PayeeUpdates
    from workflows.payout import PayoutStory
    from workflows.payout_updates import PayoutUpdates
    from workflows.policies import FAILED_STEP_PATIENCE, GUARANTEE_PATIENCE, OWN_ROWS
    from workflows.records import RecordStory
    from workflows.repair_messages import Repairable, was_held
    from workflows.repair_updates import RepairUpdates
    from workflows.settlement import SettlementStory
    from workflows.steps import Steps
    from workflows.tenders import TenderStory
    from workflows.transfer import TransferStory
    from workflows.visit_updates import VisitUpdates
    from workflows.withdrawal import WithdrawalStory


@workflow.defn(name="EpisodeWorkflow")
class EpisodeWorkflow(
    AppealUpdates,
    BillUpdates,
    GuaranteeUpdates,
    PayeeUpdates,
    PayoutUpdates,
    RepairUpdates,
    Repairable,
    VisitUpdates,
):
    """One run of an episode. A later event starts a new run under the same id.

    Every message is a row that is already ours; the update applies it in one local activity. What
    is due next is computed from the rows in that same transaction and recorded as ``Standing``.
    """

    @workflow.init
    def __init__(self, start: EpisodeStart) -> None:
        self._episode_id = start.episode_id
        self._standing = Standing()
        self._loaded = False
        self._turned_away = False
        self._reports: list[str] = []
        self._asked_again = 0
        self._beside: list[asyncio.Task[None]] = []
        self._steps = Steps(start.episode_id, self._learn)
        self._guarantee = GuaranteeStory(self._steps)
        self._claim = ClaimStory(self._steps)
        self._payout = PayoutStory(self._steps)
        self._settlement = SettlementStory(self._steps)
        self._withdrawal = WithdrawalStory(self._steps)
        self._transfer = TransferStory(self._steps)
        self._records = RecordStory(self._steps, lambda: self._standing)
        self._tenders = TenderStory(self._steps, lambda: self._standing)

    @workflow.run
    async def run(self, start: EpisodeStart) -> EpisodeEnd:
        await self._take_stock()
        await workflow.wait_condition(lambda: self._standing.opened or self._turned_away)
        if not self._standing.opened:
            await workflow.wait_condition(workflow.all_handlers_finished)
            return EpisodeEnd(episode_id=self._episode_id, status="refused")
        besides = (self._records, self._tenders)
        self._beside = [asyncio.create_task(story.keep_up()) for story in besides]
        while not await self._advance():
            await self._renew_when_long()
        return EpisodeEnd(episode_id=self._episode_id, status="closed")

    async def _advance(self) -> bool:
        """Takes the one step that is due; True once all is over. No failed step ends the run."""
        known = self._standing
        try:
            return await self._take_step(known)
        except ActivityError as error:
            if is_cancelled_exception(error):
                raise
            if known.repair is None and was_held(error):
                await self._take_stock()
            else:
                await self._give_it_time(error.activity_type)
            return False

    async def _take_step(self, now: Standing) -> bool:
        if self._reports:
            await self._payout.apply(self._reports.pop(0))
        elif now.repair is not None and now.repair.step:
            await self._steps.own(now.repair.step, now.repair.subject)
        elif now.voucher_look_up_due:
            await self._claim.look_up_voucher()
        elif now.voucher_account_due:
            await self._claim.open_voucher_account()
        elif now.voucher_spouse_look_up_due:
            await self._claim.look_up_spouse()
        elif now.pay_later_look_up_due:
            await self._claim.look_up_pay_later()
        elif now.bureau_look_up_due:
            await self._settlement.look_up()
        elif now.withdrawal is not None and now.withdrawal.step:
            await self._withdrawal.follow(now.withdrawal)
        elif now.guarantee is not None and now.guarantee.step:
            await self._guarantee.follow(now.guarantee)
        elif now.eligibility_due is not None:
            await self._guarantee.check_eligibility(now.eligibility_due)
        elif now.guarantee_due is not None:
            await self._guarantee.request(now.guarantee_due)
        elif now.voucher_void_due is not None:
            await self._claim.void_voucher(now.voucher_void_due)
        elif now.voucher_claim_due is not None:
            await self._claim.claim_voucher(now.voucher_claim_due)
        elif now.voucher_confirm_due is not None:
            await self._claim.confirm_voucher(now.voucher_confirm_due)
        elif now.voucher_chase_due is not None:
            await self._claim.chase_voucher(now.voucher_chase_due)
        elif now.pay_later_refund_due is not None:
            await self._claim.refund_pay_later(now.pay_later_refund_due)
        elif now.settlement_cancel_due is not None:
            await self._settlement.cancel(now.settlement_cancel_due)
        elif now.bill_cycle is not None:
            await self._claim.take_back(now.bill_cycle.subject)
        elif now.bureau_discharge_due:
            await self._settlement.discharge()
        elif now.settlement_due is not None:
            await self._settlement.settle(now.settlement_due)
        elif now.pay_later_charge_due is not None:
            await self._claim.charge_pay_later(now.pay_later_charge_due)
        elif now.information is not None and now.information.due:
            await self._claim.follow_information(now.information.due)
        elif now.claim_decision_due is not None:
            await self._claim.decide(now.claim_decision_due)
        elif now.claim_due is not None:
            await self._claim.submit(now.claim_due)
        elif now.payout_due is not None:
            await self._payout.reserve(now.payout_due)
        elif now.payout_again_due is not None:
            await self._payout.repeat(now.payout_again_due)
        elif now.payout is not None and now.payout.due:
            await self._payout.go_on(now.payout)
        elif now.hand_over_due is not None:
            await self._transfer.issue(now.hand_over_due)
        elif now.clock_breach_due is not None:
            await self._payout.tell_late(now.clock_breach_due)
        elif now.appeal is not None and now.appeal.breach_due is not None:
            await self._claim.tell_late_appeal(now.appeal.breach_due)
        elif now.guarantee_release_due is not None:
            await self._guarantee.release(now.guarantee_release_due)
        elif now.bureau_withdrawal_due:
            await self._settlement.take_back_stay()
        elif now.voucher_record_due is not None:
            await self._claim.print_use_record(now.voucher_record_due)
        else:
            return await self._rest(now)
        return False

    async def _rest(self, now: Standing) -> bool:
        """Nothing is due: the end, or the wait for news."""
        if now.closed:
            return await self._ended(now)
        if now.closable:
            await self._steps.own("close_episode")
        else:
            await self._wait_for_news(now)
        return False

    async def _give_it_time(self, step: str) -> None:
        """A person hears of the step; it is tried again on news, or when patience ends."""
        workflow.logger.warning("a step failed for good: %s", step)
        await self._steps.own("note_failed_step", step)
        known = (self._standing.revision, len(self._reports), self._asked_again)
        with contextlib.suppress(TimeoutError):
            await workflow.wait_condition(
                lambda: self._news_since(*known), timeout=FAILED_STEP_PATIENCE
            )
        await self._take_stock()

    def _news_since(self, revision: int, reports: int, asked: int) -> bool:
        told = len(self._reports) > reports or self._asked_again > asked
        return told or self._standing.revision != revision

    async def _renew_when_long(self) -> None:
        """A long history is archived and begun anew; all that counts stands in our rows."""
        if not self._is_long() or self._busy():
            return
        known = self._standing
        await self._archive_unless(lambda: self._busy() or self._moved_on(known))
        if not self._busy() and not self._moved_on(known):
            workflow.continue_as_new(EpisodeStart(episode_id=self._episode_id))

    def _is_long(self) -> bool:
        return workflow.info().is_continue_as_new_suggested()

    def _busy(self) -> bool:
        """A message is at work here, or waits to be."""
        at_work = bool(self._reports) or self._records.at_work or self._tenders.at_work
        return at_work or not workflow.all_handlers_finished()

    async def _ended(self, known: Standing) -> bool:
        """Archives the run; False when a message came meanwhile and the story goes on."""
        await self._archive_unless(lambda: self._moved_on(known))
        await workflow.wait_condition(workflow.all_handlers_finished)
        return not self._moved_on(known)

    async def _archive_unless(self, called_back: Callable[[], bool]) -> None:
        """Archives the run; a message that comes meanwhile calls the step back."""
        archiving = asyncio.create_task(self._steps.archive())
        await workflow.wait_condition(lambda: archiving.done() or called_back())
        if not archiving.done():
            archiving.cancel()
        try:
            await archiving
        except asyncio.CancelledError:
            if not archiving.cancelled():
                raise
        except ActivityError as error:
            if not is_cancelled_exception(error):
                await self._give_it_time(error.activity_type)

    def _moved_on(self, known: Standing) -> bool:
        return self._standing.revision != known.revision or bool(self._reports)

    async def _take_stock(self) -> None:
        """Where the episode stands by our rows: nothing yet on a first run."""
        await self._steps.own("take_stock")
        self._loaded = True

    async def _wait_for_news(self, known: Standing) -> None:
        """Until a message changed something, or the next moment to inquire; then look again."""
        deadline = known.deadline()
        timeout = None if deadline is None else max(deadline - workflow.now(), timedelta(0))
        workflow.set_current_details(f"Waiting for {known.waiting_for or 'the next event'}")
        try:
            await workflow.wait_condition(
                lambda: self._moved_on(known),
                timeout=timeout,
            )
        except TimeoutError:
            await self._inquire_where_silent(known)

    async def _inquire_where_silent(self, known: Standing) -> None:
        now = workflow.now()
        guarantee_at, claim_at = known.guarantee_inquiry_at, known.claim_inquiry_at
        if known.guarantee_waiting and guarantee_at and guarantee_at <= now:
            await self._guarantee.inquire(known.guarantee_waiting)
        elif known.claim_waiting and claim_at and claim_at <= now:
            await self._claim.inquire(known.claim_waiting)
        elif known.settlement_overdue(now) and known.settlement_waiting:
            await self._settlement.inquire(known.settlement_waiting)
        else:
            await self._take_stock()

    def _learn(self, standing: Standing) -> None:
        """Keeps the newest standing: steps may end in another order than they committed."""
        if standing.revision >= self._standing.revision:
            self._standing = standing

    async def _apply(self, message: Submitted) -> Receipt:
        await workflow.wait_condition(lambda: self._loaded)
        applied: Applied = await workflow.execute_local_activity(
            "apply_submission",
            Apply(
                episode_id=self._episode_id,
                submission_id=message.submission_id,
                at=workflow.now(),
            ),
            result_type=Applied,
            **OWN_ROWS,
        )
        self._learn(applied.standing)
        self._turned_away = applied.receipt.status >= 400 and not self._standing.opened
        return applied.receipt

    @workflow.update(name="submit_episode")
    async def submit_episode(self, message: Submitted) -> Receipt:
        return await self._apply(message)

    @workflow.update(name="record_admission")
    async def record_admission(self, message: Submitted) -> Receipt:
        return await self._apply(message)

    @workflow.update(name="submit_bill")
    async def submit_bill(self, message: Submitted) -> Receipt:
        """The window's question: waits until the facts of a split are known, then answers it."""
        await workflow.wait_condition(lambda: self._loaded and self._standing.ready_for_bills)
        if self._standing.guarantee_waiting is not None:
            await self._guarantee_answer()
        if self._standing.quote_wanted:
            await self._quoted(message)
        return await self._apply(message)

    async def _quoted(self, message: Submitted) -> None:
        """The bureau says what it pays; without its word the bill is refused with its reason."""
        try:
            await self._settlement.quote(message.submission_id)
        except ActivityError as error:
            if is_cancelled_exception(error):
                raise
            await self._steps.own("note_failed_step", error.activity_type)

    async def _guarantee_answer(self) -> None:
        """An insurer may take days, a patient at the window cannot: patience has an end."""
        try:
            await workflow.wait_condition(
                lambda: self._standing.guarantee_waiting is None, timeout=GUARANTEE_PATIENCE
            )
        except TimeoutError:
            workflow.logger.info("a bill is split without the guarantee that was asked for")

    @workflow.update(name="record_discharge")
    async def record_discharge(self, message: Submitted) -> Receipt:
        return await self._apply(message)

    @workflow.update(name="record_consent")
    async def record_consent(self, message: Submitted) -> Receipt:
        return await self._apply(message)

    @workflow.update(name="confirm_pay_later")
    async def confirm_pay_later(self, message: Submitted) -> Receipt:
        return await self._apply(message)

    @workflow.update(name="confirm_refund")
    async def confirm_refund(self, message: Submitted) -> Receipt:
        return await self._apply(message)

    @workflow.update(name="request_records")
    async def request_records(self, message: Submitted) -> Receipt:
        return await self._apply(message)

    @workflow.update(name="deposit_records")
    async def deposit_records(self, message: Submitted) -> Receipt:
        return await self._apply(message)

    @workflow.update(name="record_hand_over")
    async def record_hand_over(self, message: Submitted) -> Receipt:
        return await self._apply(message)

    @workflow.update(name="submit_claim")
    async def submit_claim(self, message: Submitted) -> Receipt:
        return await self._apply(message)

    @workflow.update(name="decide_claim_lines")
    async def decide_claim_lines(self, message: Submitted) -> Receipt:
        return await self._apply(message)

    @workflow.update(name="confirm_claim_decision")
    async def confirm_claim_decision(self, message: Submitted) -> Receipt:
        return await self._apply(message)

    @workflow.update(name="review_claim_sample")
    async def review_claim_sample(self, message: Submitted) -> Receipt:
        return await self._apply(message)

    @workflow.update(name="request_information")
    async def request_information(self, message: Submitted) -> Receipt:
        return await self._apply(message)

    @workflow.update(name="change_information_request")
    async def change_information_request(self, message: Submitted) -> Receipt:
        return await self._apply(message)

    @workflow.update(name="answer_information")
    async def answer_information(self, message: Submitted) -> Receipt:
        return await self._apply(message)

    @workflow.update(name="record_insurer_answer")
    async def record_insurer_answer(self, message: Submitted) -> Receipt:
        return await self._apply(message)

    @workflow.signal(name="payout_reported")
    def payout_reported(self, message: PayoutReported) -> None:
        """The bank's word is already a row; the signal only says that there is one."""
        if message.reference not in self._reports:
            self._reports.append(message.reference)

    @workflow.signal(name="tender_reported")
    async def tender_reported(self) -> None:
        """Our rows tell of a payment or refund that no message of this run brought."""
        await workflow.wait_condition(lambda: self._loaded)
        await self._steps.own("take_stock")

    @workflow.query(name="standing")
    def standing(self) -> Standing:
        return self._standing
