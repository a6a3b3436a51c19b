"""The one list of workflows and activities, by the task queue that serves them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from activities.acquirer_days import AcquirerDaySteps
from activities.apply_hold import HoldSteps
from activities.bank_matching import BankMatchingSteps
from activities.bill_look import BillLookSteps
from activities.bureau_quotes import QuoteSteps
from activities.bureau_stays import BureauStaySteps
from activities.claims import ClaimSteps
from activities.credit import CreditSteps
from activities.credit_books import CreditBookSteps
from activities.failures import FailureSteps
from activities.family_bindings import FamilyBindingSteps
from activities.guarantee_changes import GuaranteeChangeSteps
from activities.guarantee_clocks import GuaranteeClocks
from activities.guarantees import GuaranteeSteps
from activities.hcx_answers import HcxAnswerSteps
from activities.hcx_notices import HcxNoticeSteps
from activities.housekeeping import HousekeepingSteps
from activities.inbox import InboxSteps
from activities.information_requests import InformationSteps
from activities.insured_accounts import InsuredAccountSteps
from activities.late_appeals import AppealSteps
from activities.pay_later import PayLaterSteps
from activities.payout_again import PayoutAgainSteps
from activities.payout_recalls import RecallSteps
from activities.payouts import PayoutSteps
from activities.plan_backtests import PlanBacktestSteps
from activities.privacy import PrivacySteps
from activities.reconciliations import ReconciliationSteps
from activities.record_deliveries import RecordDeliverySteps
from activities.record_requests import RecordRequestSteps
from activities.settlement_cancels import SettlementCancelSteps
from activities.settlements import SettlementSteps
from activities.submissions import SubmissionSteps
from activities.take_back import TakeBackSteps
from activities.tender_payments import PaymentSteps
from activities.tender_refunds import RefundSteps
from activities.transfer_papers import TransferPapers
from activities.voucher_accounts import VoucherAccounts
from activities.voucher_months import VoucherMonthSteps, VoucherReimbursements
from activities.voucher_papers import VoucherPapers
from activities.voucher_stages import VoucherStages
from activities.voucher_voids import VoucherVoids
from activities.vouchers import VoucherSteps
from activities.webhooks import WebhookSteps
from activities.withdrawal_steps import WithdrawalSteps
from activities.world import World
from workflows.bank_matching import BankMatchingWorkflow, ReconciliationOrderWorkflow
from workflows.bill_look import BillLookWorkflow
from workflows.credit import CreditWorkflow
from workflows.episode import EpisodeWorkflow
from workflows.erasure import ErasureWorkflow
from workflows.family_binding import FamilyBindingWorkflow, FamilyCodeLinkWorkflow
from workflows.hcx import HcxAnswerWorkflow, HcxNoticeWorkflow
from workflows.plan_backtest import PlanBacktestWorkflow
from workflows.policies import (
    ACQUIRER,
    BANK_FILES,
    BUREAU,
    CREDIT,
    EHEALTH,
    EPISODES,
    INSURER,
    NOTICES,
    RECORDS,
    VOUCHER,
)
from workflows.privacy import AuditSealWorkflow, SubjectExportWorkflow
from workflows.schedules import (
    AcquirerDayWorkflow,
    BankInboxWorkflow,
    SettlementComparisonWorkflow,
    SweepWorkflow,
    VoucherMonthsWorkflow,
    WebhookWorkflow,
)

WORKFLOWS: Sequence[type] = (
    EpisodeWorkflow,
    BankInboxWorkflow,
    SweepWorkflow,
    FamilyBindingWorkflow,
    FamilyCodeLinkWorkflow,
    VoucherMonthsWorkflow,
    CreditWorkflow,
    SettlementComparisonWorkflow,
    BankMatchingWorkflow,
    ReconciliationOrderWorkflow,
    AcquirerDayWorkflow,
    AuditSealWorkflow,
    SubjectExportWorkflow,
    ErasureWorkflow,
    WebhookWorkflow,
    HcxAnswerWorkflow,
    HcxNoticeWorkflow,
    PlanBacktestWorkflow,
    BillLookWorkflow,
)


def activities_by_queue(world: World) -> dict[str, list[Callable[..., Any]]]:
    """Local steps stand on the workflow queue, calls to a party on that party's queue."""
    return {EPISODES: _own_steps(world), **_of_funders(world), **_of_others(world)}


def _own_steps(world: World) -> list[Callable[..., Any]]:
    submissions, payouts = SubmissionSteps(world), PayoutSteps(world)
    credit, bindings = CreditSteps(world), FamilyBindingSteps(world)
    return [
        submissions.apply_submission,
        submissions.take_stock,
        submissions.close_episode,
        BillLookSteps(world).look_at_bill,
        ClaimSteps(world).decide_claim,
        FailureSteps(world).note_failed_step,
        payouts.reserve_payout,
        payouts.apply_reports,
        payouts.note_late_payout,
        PayoutAgainSteps(world).repeat_payout,
        AppealSteps(world).note_late_appeal,
        credit.apply_credit_submission,
        credit.take_credit_stock,
        credit.note_failed_credit_step,
        CreditBookSteps(world).write_credit_notices,
        RecordDeliverySteps(world).give_up_record,
        WithdrawalSteps(world).end_suspension,
        HoldSteps(world).end_hold,
        GuaranteeClocks(world).expire_guarantee,
        GuaranteeClocks(world).note_late_guarantee,
        RefundSteps(world).order_refunds,
        InformationSteps(world).follow_information_request,
        bindings.apply_family_submission,
        bindings.take_binding_stock,
        bindings.note_failed_binding_step,
        BankMatchingSteps(world).apply_reconciliation_order,
    ]


def _of_funders(world: World) -> dict[str, list[Callable[..., Any]]]:
    own, voids, stages = VoucherAccounts(world), VoucherVoids(world), VoucherStages(world)
    months = VoucherMonthSteps(_months(world), world.plan_shelf)
    guarantees, claims = GuaranteeSteps(world), ClaimSteps(world)
    withdrawals, changes = WithdrawalSteps(world), GuaranteeChangeSteps(world)
    take_back = TakeBackSteps(world)
    stays = BureauStaySteps(world)
    settlements, bindings = SettlementSteps(world), FamilyBindingSteps(world)
    credit, pay_later = CreditSteps(world), PayLaterSteps(world)
    return {
        VOUCHER: [
            own.look_up_voucher,
            own.look_up_spouse,
            own.open_voucher_account,
            VoucherSteps(world).claim_voucher,
            voids.void_voucher,
            stages.confirm_voucher,
            stages.chase_voucher,
            months.reconcile_voucher_months,
        ],
        BUREAU: [
            InsuredAccountSteps(world).look_up_insured,
            QuoteSteps(world).quote_settlement,
            settlements.settle_bill,
            settlements.inquire_settlement,
            SettlementCancelSteps(world).cancel_settlement,
            stays.discharge_insured,
            stays.take_back_stay,
            ReconciliationSteps(world).compare_settlements,
            bindings.apply_for_binding,
            bindings.ask_about_binding,
            bindings.tell_binding_ended,
        ],
        INSURER: [
            guarantees.check_eligibility,
            guarantees.request_guarantee,
            guarantees.inquire_guarantee,
            guarantees.release_guarantee,
            changes.request_guarantee_change,
            changes.inquire_guarantee_change,
            changes.tell_guarantee_end,
            claims.submit_claim,
            claims.inquire_claim,
            withdrawals.cancel_guarantee,
            withdrawals.tell_withdrawal,
            take_back.take_back_claim,
            HcxAnswerSteps(world).send_hcx_answer,
            HcxNoticeSteps(world).send_hcx_notice,
        ],
        CREDIT: [
            credit.send_credit_order,
            credit.inquire_credit_order,
            CreditBookSteps(world).take_credit_statement,
            pay_later.look_up_pay_later,
            pay_later.charge_pay_later,
            pay_later.refund_pay_later,
        ],
    }


def _of_others(world: World) -> dict[str, list[Callable[..., Any]]]:
    payouts, housekeeping = PayoutSteps(world), HousekeepingSteps(world)
    privacy = PrivacySteps(world)
    return {
        BANK_FILES: [
            payouts.send_payout,
            payouts.inquire_payout,
            RecallSteps(world).recall_payout,
            InboxSteps(world).watch_inbox,
            BankMatchingSteps(world).match_bank_accounts,
        ],
        ACQUIRER: [
            PaymentSteps(world).take_payment,
            RefundSteps(world).refund_tender,
            AcquirerDaySteps(world).compare_acquirer_day,
        ],
        EHEALTH: [
            RecordRequestSteps(world).fetch_records,
            RecordDeliverySteps(world).deliver_record,
        ],
        RECORDS: [
            housekeeping.resend_submissions,
            housekeeping.archive_history,
            VoucherPapers(world).print_use_record,
            TransferPapers(world).issue_hand_over_record,
            CreditBookSteps(world).archive_credit_history,
            privacy.seal_audit,
            privacy.gather_subject_export,
            privacy.judge_erasures,
            privacy.end_erased_runs,
            privacy.destroy_keys,
            privacy.report_retention,
            PlanBacktestSteps(world).backtest_plan,
        ],
        NOTICES: [WebhookSteps(world).deliver_webhooks],
    }


def _months(world: World) -> VoucherReimbursements | None:
    if world.voucher is None or world.voucher_months is None:
        return None
    return VoucherReimbursements(world.records, world.voucher_months, world.voucher)
