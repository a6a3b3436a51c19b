"""Applies a submission to its episode: one local activity, one transaction, one recorded answer."""

from __future__ import annotations

from collections.abc import Callable

from temporalio import activity

from activities.apply_answer import apply_insurer_answer
from activities.apply_appeal import (
    apply_appeal,
    apply_appeal_decision,
    apply_changed_decision,
)
from activities.apply_appointment import apply_appointment
from activities.apply_bill import apply_bill, apply_reimbursement, apply_tender
from activities.apply_claw_back import (
    apply_claw_back_received,
    apply_write_off,
    apply_write_off_decision,
)
from activities.apply_claw_back_finding import (
    apply_claw_back_finding,
    apply_claw_back_finding_decision,
)
from activities.apply_coverage import apply_coverage
from activities.apply_episode import (
    apply_admission,
    apply_consent,
    apply_discharge,
    apply_episode,
)
from activities.apply_episode_cancellation import (
    after_cancellation,
    apply_episode_cancellation,
)
from activities.apply_examination import (
    apply_claim_confirmation,
    apply_claim_decision,
    apply_sample_review,
)
from activities.apply_guarantee import (
    apply_guarantee_decision,
    apply_guarantee_request,
    apply_guarantee_withdrawal,
)
from activities.apply_hold import apply_hold, apply_release
from activities.apply_information import (
    apply_information_answer,
    apply_information_change,
    apply_information_request,
)
from activities.apply_paper_claim import apply_paper_claim
from activities.apply_pay_later import apply_pay_later_confirmation
from activities.apply_payee import apply_payee_account, apply_payee_decision
from activities.apply_payout_finding import (
    apply_payout_finding,
    apply_payout_finding_decision,
)
from activities.apply_payout_word import apply_payout_approval, apply_payout_recall
from activities.apply_records import apply_record_deposit, apply_record_request
from activities.apply_skip import apply_skip, apply_skip_decision
from activities.apply_tender import apply_refund_confirmation
from activities.apply_transfer import apply_hand_over
from activities.apply_void import apply_cancellation, apply_reopening, apply_void
from activities.apply_voucher import apply_confirmation, apply_identity_check, apply_spouse
from activities.case import Case, Outcome
from activities.guarantee_books import OVER, settle_all
from activities.orders import Applied, Apply, Receipt, Subject
from activities.stock import standing_by, standing_in
from activities.unapplied import NOT_APPLIED, applied_or_given_up, code_of
from activities.world import World
from crossclaim.domain.standing import Standing
from crossclaim.domain.submission import SubmissionKind

PUT_RIGHT_BY_THE_END = ["GUARANTEE_REFUSED", "COVER_REFUSED", "DECISION_DIFFERS", *OVER]
"""What was left to pay by others has been paid when an episode closes."""

HANDLERS: dict[SubmissionKind, Callable[[Case], Outcome]] = {
    SubmissionKind.EPISODE: apply_episode,
    SubmissionKind.ADMISSION: apply_admission,
    SubmissionKind.DISCHARGE: apply_discharge,
    SubmissionKind.BILL: apply_bill,
    SubmissionKind.TENDER: apply_tender,
    SubmissionKind.REFUND_CONFIRMATION: apply_refund_confirmation,
    SubmissionKind.VOID: apply_void,
    SubmissionKind.COVERAGE: apply_coverage,
    SubmissionKind.REOPENING: apply_reopening,
    SubmissionKind.CANCELLATION: apply_cancellation,
    SubmissionKind.CLAW_BACK: apply_claw_back_received,
    SubmissionKind.WRITE_OFF: apply_write_off,
    SubmissionKind.WRITE_OFF_DECISION: apply_write_off_decision,
    SubmissionKind.CLAW_BACK_FINDING: apply_claw_back_finding,
    SubmissionKind.CLAW_BACK_FINDING_DECISION: apply_claw_back_finding_decision,
    SubmissionKind.CONSENT: apply_consent,
    SubmissionKind.REIMBURSEMENT: apply_reimbursement,
    SubmissionKind.PAPER_CLAIM: apply_paper_claim,
    SubmissionKind.PAYEE_ACCOUNT: apply_payee_account,
    SubmissionKind.PAYEE_DECISION: apply_payee_decision,
    SubmissionKind.PAYOUT_APPROVAL: apply_payout_approval,
    SubmissionKind.PAYOUT_RECALL: apply_payout_recall,
    SubmissionKind.PAYOUT_FINDING: apply_payout_finding,
    SubmissionKind.PAYOUT_FINDING_DECISION: apply_payout_finding_decision,
    SubmissionKind.CLAIM_DECISION: apply_claim_decision,
    SubmissionKind.CLAIM_CONFIRMATION: apply_claim_confirmation,
    SubmissionKind.SAMPLE_REVIEW: apply_sample_review,
    SubmissionKind.INSURER_ANSWER: apply_insurer_answer,
    SubmissionKind.PAY_LATER_CONFIRMATION: apply_pay_later_confirmation,
    SubmissionKind.RECORD_REQUEST: apply_record_request,
    SubmissionKind.RECORD_DEPOSIT: apply_record_deposit,
    SubmissionKind.SPOUSE: apply_spouse,
    SubmissionKind.IDENTITY_CHECK: apply_identity_check,
    SubmissionKind.VOUCHER_CONFIRMATION: apply_confirmation,
    SubmissionKind.HAND_OVER: apply_hand_over,
    SubmissionKind.APPOINTMENT: apply_appointment,
    SubmissionKind.GUARANTEE_REQUEST: apply_guarantee_request,
    SubmissionKind.GUARANTEE_DECISION: apply_guarantee_decision,
    SubmissionKind.GUARANTEE_WITHDRAWAL: apply_guarantee_withdrawal,
    SubmissionKind.APPEAL: apply_appeal,
    SubmissionKind.APPEAL_DECISION: apply_appeal_decision,
    SubmissionKind.CHANGED_DECISION: apply_changed_decision,
    SubmissionKind.INFORMATION_REQUEST: apply_information_request,
    SubmissionKind.INFORMATION_CHANGE: apply_information_change,
    SubmissionKind.INFORMATION_ANSWER: apply_information_answer,
    SubmissionKind.HOLD: apply_hold,
    SubmissionKind.RELEASE: apply_release,
    SubmissionKind.EPISODE_CANCELLATION: apply_episode_cancellation,
    SubmissionKind.SKIP: apply_skip,
    SubmissionKind.SKIP_DECISION: apply_skip_decision,
}


class SubmissionSteps:
    """The steps that change an episode by what was sent to us, or only look at it."""

    def __init__(self, world: World) -> None:
        self._world = world

    @activity.defn(name="apply_submission")
    def apply_submission(self, order: Apply) -> Applied:
        """Runs twice safely: a submission that has its outcome answers with it again."""
        self._world.fault_point("update-accepted")
        return applied_or_given_up(
            lambda: self._apply(order), lambda error: self._give_up(order, error)
        )

    def _apply(self, order: Apply) -> Applied:
        with self._world.records.transaction() as tx:
            known, stored = tx.take(order.episode_id, order.submission_id)
            answer = stored.outcome
            if answer is None:
                case = Case(tx, stored, self._world, order.at, known)
                outcome = after_cancellation(case) or HANDLERS[stored.kind](case)
                answer = {"status": outcome.status, "body": outcome.body}
                tx.answer_submission(stored.id, answer)
                if outcome.changed:
                    tx.change_episode(order.episode_id)
            refused = known is None and int(answer["status"]) >= 400
            standing = (
                Standing() if refused else standing_in(tx, self._world, order.episode_id, order.at)
            )
        self._world.fault_point(f"{stored.kind.value}-committed")
        receipt = Receipt(submission_id=stored.id, status=int(answer["status"]))
        return Applied(receipt=receipt, standing=standing)

    def _give_up(self, order: Apply, error: Exception) -> Applied:
        """Ends a submission that cannot be applied: its sender hears it, and a person sees it."""
        code = code_of(order.submission_id, error)
        with self._world.records.transaction() as tx:
            known = tx.lock(order.episode_id)
            first = tx.finish_submission(order.submission_id, {"status": 500, "body": NOT_APPLIED})
            if first and known is not None:
                details = {"code": code}
                tx.open_exception(
                    order.episode_id,
                    "SUBMISSION_NOT_APPLIED",
                    order.submission_id,
                    details,
                    order.at,
                )
                tx.change_episode(order.episode_id)
        subject = Subject(episode_id=order.episode_id, at=order.at)
        receipt = Receipt(submission_id=order.submission_id, status=500)
        return Applied(receipt=receipt, standing=self.take_stock(subject))

    @activity.defn(name="take_stock")
    def take_stock(self, order: Subject) -> Standing:
        """Where the episode stands now; ``opened`` is false before its first submission."""
        with self._world.records.transaction() as tx:
            rows = tx.lock(order.episode_id)
            return Standing() if rows is None else standing_by(rows, self._world, order.at)

    @activity.defn(name="close_episode")
    def close_episode(self, order: Subject) -> Standing:
        """Nothing is open any more; a later event opens the episode again."""
        with self._world.records.transaction() as tx:
            rows = tx.lock(order.episode_id)
            assert rows is not None, "the episode is open"
            standing = standing_by(rows, self._world, order.at)
            if not standing.closable:
                return standing
            tx.resolve_exceptions(order.episode_id, PUT_RIGHT_BY_THE_END, order.at)
            settle_all(tx, rows, order.at)
            status = rows.closing_status()
            tx.change_episode(order.episode_id, closed_at=order.at, status=status)
            return standing_by(rows.closed(order.at), self._world, order.at)
