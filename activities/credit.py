"""Steps of pay-after-care accounts: what was sent to us, and what the platform is asked."""

from __future__ import annotations

from collections.abc import Callable

from temporalio import activity

from activities.apply_credit import (
    apply_application,
    apply_card,
    apply_card_code,
    apply_closing,
    apply_instalments,
    apply_repayment,
    apply_sign_up,
)
from activities.case import Outcome
from activities.credit_answers import Answered, record, record_refusal
from activities.credit_asking import Asking, PlatformAnswer, ask
from activities.credit_case import CreditCase, pay_later_plan
from activities.credit_orders import CreditApplied, CreditApply, CreditSubject
from activities.credit_sending import CreditAttempt, recorded
from activities.orders import Receipt
from activities.pay_later_port import PayLaterPlatform
from activities.records import EpisodeTransaction
from activities.unapplied import NOT_APPLIED, applied_or_given_up, code_of
from activities.world import World
from crossclaim.domain.credit_rows import CreditOrderRow, CreditRows
from crossclaim.domain.credit_standing import CreditStanding, standing_of
from crossclaim.domain.errors import CrossclaimError, Final
from crossclaim.domain.insured import InsuredStatus
from crossclaim.domain.stay import local_day
from crossclaim.domain.submission import SubmissionKind

CREDIT_HANDLERS: dict[SubmissionKind, Callable[[CreditCase], Outcome]] = {
    SubmissionKind.CREDIT_SIGN_UP: apply_sign_up,
    SubmissionKind.CREDIT_CARD: apply_card,
    SubmissionKind.CREDIT_CARD_CODE: apply_card_code,
    SubmissionKind.CREDIT_APPLICATION: apply_application,
    SubmissionKind.CREDIT_INSTALMENTS: apply_instalments,
    SubmissionKind.CREDIT_REPAYMENT: apply_repayment,
    SubmissionKind.CREDIT_CLOSING: apply_closing,
}


class CreditSteps:
    """One transaction or one call each; an order is never put twice without looking for it."""

    def __init__(self, world: World) -> None:
        self._world = world

    def _platform(self) -> PayLaterPlatform:
        if self._world.pay_later is None:
            detail = "no pay-after-care platform is configured"
            raise CrossclaimError(detail, code="PAY_LATER_NOT_CONFIGURED")
        return self._world.pay_later

    def standing(self, rows: CreditRows, order: CreditSubject | CreditApply) -> CreditStanding:
        return standing_of(rows, self._world.credit_habits, order.at)

    @activity.defn(name="apply_credit_submission")
    def apply_credit_submission(self, order: CreditApply) -> CreditApplied:
        """Runs twice safely: a submission that has its outcome answers with it again."""
        return applied_or_given_up(
            lambda: self._apply(order), lambda error: self._give_up(order, error)
        )

    def _apply(self, order: CreditApply) -> CreditApplied:
        with self._world.records.transaction() as tx:
            known, stored = tx.credit_take(order.account_id, order.submission_id)
            answer = stored.outcome
            if answer is None:
                case = CreditCase(tx, stored, self._world, order.at, known)
                outcome = CREDIT_HANDLERS[stored.kind](case)
                answer = {"status": outcome.status, "body": outcome.body}
                tx.finish_submission(stored.id, answer)
                if outcome.changed:
                    tx.change_credit_account(order.account_id)
            rows = tx.credit_lock(order.account_id)
        receipt = Receipt(submission_id=stored.id, status=int(answer["status"]))
        # A sign-up that was refused opened nothing: its run has nothing to wait for.
        nothing = CreditStanding(opened=True, closed=True)
        standing = nothing if rows is None else self.standing(rows, order)
        return CreditApplied(receipt=receipt, standing=standing)

    def _give_up(self, order: CreditApply, error: Exception) -> CreditApplied:
        """Ends a submission that cannot be applied: its sender hears it, and a person sees it."""
        code = code_of(order.submission_id, error)
        with self._world.records.transaction() as tx:
            rows = tx.credit_lock(order.account_id)
            first = tx.finish_submission(order.submission_id, {"status": 500, "body": NOT_APPLIED})
            if first and rows is not None:
                tx.open_credit_exception(
                    order.account_id,
                    "SUBMISSION_NOT_APPLIED",
                    order.submission_id,
                    {"code": code},
                    order.at,
                )
                tx.change_credit_account(order.account_id)
        receipt = Receipt(submission_id=order.submission_id, status=500)
        subject = CreditSubject(account_id=order.account_id, at=order.at)
        return CreditApplied(receipt=receipt, standing=self.take_credit_stock(subject))

    @activity.defn(name="take_credit_stock")
    def take_credit_stock(self, order: CreditSubject) -> CreditStanding:
        """Where the account stands now; ``opened`` is false before its sign-up."""
        with self._world.records.transaction() as tx:
            rows = tx.credit_lock(order.account_id)
            return CreditStanding() if rows is None else self.standing(rows, order)

    @activity.defn(name="note_failed_credit_step")
    def note_failed_credit_step(self, order: CreditSubject) -> CreditStanding:
        """Opens ``STEP_FAILED`` about the step named in ``subject``."""
        with self._world.records.transaction() as tx:
            rows = tx.credit_lock(order.account_id)
            if rows is None:
                return CreditStanding()
            details = {"step": order.subject}
            tx.open_credit_exception(
                order.account_id, "STEP_FAILED", order.subject, details, order.at
            )
            return self._changed(tx, order)

    @activity.defn(name="send_credit_order")
    def send_credit_order(self, order: CreditSubject) -> CreditStanding:
        """Puts one order to the platform and records what it says."""
        with self._world.records.transaction() as tx:
            rows = locked(tx, order)
            asked = rows.order(order.subject)
            if asked.state not in ("due", "sent"):
                return self.standing(rows, order)
            if self._refused_here(tx, rows, asked, order):
                return self._changed(tx, order)
            attempt = CreditAttempt.opened(tx, order, asked.kind, asked.reference)
            tx.change_credit_order(asked.reference, state="sent", sent_at=order.at)
            charge = rows.charge(asked.about)
            asking = Asking(
                platform=self._platform(),
                order=asked,
                account_number=rows.account.number,
                charge_number=charge.number if charge else "",
                secret=tx.credit_order_secret(order.account_id, asked.reference),
                sign_up=tx.credit_sign_up(order.account_id),
                repeated=attempt.repeated,
            )
        return self._asked(order, attempt, "sent", lambda: ask(asking))

    @activity.defn(name="inquire_credit_order")
    def inquire_credit_order(self, order: CreditSubject) -> CreditStanding:
        """Asks what the bank decided on an application."""
        with self._world.records.transaction() as tx:
            rows = locked(tx, order)
            asked = rows.order(order.subject)
            if asked.state != "queued":
                return self.standing(rows, order)
            attempt = CreditAttempt.opened(tx, order, "inquiry", asked.reference)
            platform, number = self._platform(), rows.account.number

        def look() -> PlatformAnswer:
            found = platform.find_application(number, asked.reference)
            if found is None:
                raise Final("the platform knows no such application", code="APPLICATION_LOST")
            return found

        return self._asked(order, attempt, "queued", look)

    def _asked(
        self,
        order: CreditSubject,
        attempt: CreditAttempt,
        while_: str,
        call: Callable[[], PlatformAnswer],
    ) -> CreditStanding:
        """An answer counts once: only while the order is as it was when it was asked about."""
        answer: PlatformAnswer | None = None
        code = ""
        try:
            with recorded(self._world, order, attempt):
                answer = call()
        except Final as error:
            code = error.code
        with self._world.records.transaction() as tx:
            rows = locked(tx, order)
            asked = rows.order(order.subject)
            if answer is not None:
                attempt.close(tx, "answered")
            if asked.state != while_:
                return self.standing(rows, order)
            plan = pay_later_plan(self._world.plans, rows.account.plan, local_day(order.at))
            assert plan is not None, "an account was opened under a plan"
            told = Answered(tx, rows, asked, plan, order.at)
            if answer is None:
                record_refusal(told, code)
            else:
                record(told, answer)
                tx.resolve_credit_exceptions(
                    order.account_id, ["ANSWER_DIFFERS"], asked.reference, order.at
                )
            return self.standing(tx.credit_rows(order.account_id), order)

    def _refused_here(
        self,
        tx: EpisodeTransaction,
        rows: CreditRows,
        asked: CreditOrderRow,
        order: CreditSubject,
    ) -> bool:
        """A credit is for those in good standing; the sign-up told us that this holder is not."""
        if asked.kind != "application" or asked.state != "due":
            return False
        if rows.account.insured_status in ("", InsuredStatus.ACTIVE.value):
            return False
        plan = pay_later_plan(self._world.plans, rows.account.plan, local_day(order.at))
        assert plan is not None, "an account was opened under a plan"
        record_refusal(Answered(tx, rows, asked, plan, order.at), "INSURED_STATUS")
        return True

    def _changed(self, tx: EpisodeTransaction, order: CreditSubject) -> CreditStanding:
        tx.change_credit_account(order.account_id)
        return self.standing(tx.credit_rows(order.account_id), order)


def locked(tx: EpisodeTransaction, order: CreditSubject) -> CreditRows:
    rows = tx.credit_lock(order.account_id)
    assert rows is not None, "the account is open"
    return rows
